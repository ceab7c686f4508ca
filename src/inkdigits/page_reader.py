"""A table of pictures → a table of what is on them: what Ray Data, Dask and Spark call for each of their batches."""

from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from inkdigits.batch import How, read_pictures
from inkdigits.bulk.row_files import NAMES, Row, rows, to_schema
from inkdigits.errors import DataError
from inkdigits.formats import Format
from inkdigits.images import Source
from inkdigits.reader import Reader

# Where pictures are looked for, the first that there is; and their names.
PICTURES, PATHS = ("bytes", "image", "path", "file"), ("path", "file")
TEXTS = ("file", "text", "error")


class PageReader:
    """Reads batches of pictures into rows, one a number; a picture that cannot be read is a row with its error.

    A batch is a dict of arrays, a pandas DataFrame or a pyarrow Table, and so is what comes of it, with the columns of
    `inkdigits read --output`. An iterator of batches gives an iterator. The nets are opened once in each process, when
    the first batch comes, so that an instance can be sent to others:

        ray.data.read_binary_files(folder, include_paths=True).map_batches(PageReader, concurrency=8)
        dask_frame.map_partitions(PageReader(), meta=PageReader.empty())
        spark_frame.mapInPandas(PageReader(), PageReader.SPARK_SCHEMA)
    """

    SPARK_SCHEMA = ", ".join(
        f"{name} {'string' if name in TEXTS else 'double' if name == 'confidence' else 'int'}" for name in NAMES
    )

    def __init__(
        self,
        column: str | None = None,
        model: str | Path | None = None,
        format: Format | None = None,
        min_confidence: float = 0.0,
        cells: bool = False,
    ) -> None:
        """A reader of batches.

        Args:
            column: of the pictures: paths, the bytes of files, or arrays as `Reader.read` takes them. By default
                `bytes`, `image`, `path` or `file`, whichever is there first. Their names are in `path` or `file`.
            model: as `Reader` takes it.
            format: what each number must be like; see `Reader.read`.
            min_confidence: as `Reading.refuse` takes it; 0 leaves every digit as it was read.
            cells: whether one number fills each picture; see `Reader.read_number`.
        """
        self._column = column
        self._how = How(model, format, min_confidence, cells)

    def __call__(self, batch: Any) -> Any:
        """The rows of a batch, in its order.

        Raises:
            DataError: it has no column of pictures, or is no batch.
            ModelError: the model cannot be used.
        """
        if isinstance(batch, Iterator):
            return map(self, batch)
        if not hasattr(batch, "keys") and not hasattr(batch, "column_names"):
            raise DataError(
                f"A batch is a dict of arrays, a DataFrame or a pyarrow Table; got {type(batch).__name__}. With Dask, "
                "use map_partitions of a DataFrame."
            )
        names = list(batch.column_names if hasattr(batch, "column_names") else batch.keys())
        reader = _open_reader(self._how.model)
        pictures = self._find_pictures(batch, names)
        found = [row for group in read_pictures(pictures, reader, self._how) for row in rows(group)]
        return _like(batch, found)

    @staticmethod
    def empty() -> Any:
        """A pandas DataFrame with the columns of the rows and none of them: what Dask calls `meta`."""
        import pandas as pd

        return _like(pd.DataFrame(), [])

    def _find_pictures(self, batch: Any, names: list[str]) -> list[tuple[str, Source]]:
        """The name of each picture and what to read."""
        known = (self._column,) if self._column else PICTURES
        column = next((name for name in known if name in names), None)
        if column is None:
            raise DataError(
                f"The batch has no column {' or '.join(known)}, but {', '.join(map(str, names)) or 'none'}. Say which "
                "one has the pictures: PageReader(column=...)."
            )
        pictures = _to_list(batch[column])
        named = next((name for name in PATHS if name in names), None)
        given = _to_list(batch[named]) if named else [one if isinstance(one, str) else "" for one in pictures]
        return [
            (str(name) or f"row {place}", one) for place, (name, one) in enumerate(zip(given, pictures, strict=True))
        ]


@lru_cache(maxsize=1)
def _open_reader(model: str | Path | None) -> Reader:
    """A reader for this process, which shares its machine with others like it."""
    cv2.setNumThreads(1)
    return Reader(model)


def _to_list(column: Any) -> list[Any]:
    """The values of a column, arrays of pictures left as they are."""
    if hasattr(column, "to_pylist"):
        return list(column.to_pylist())
    return [
        one.tobytes() if isinstance(one, np.void) else one.item() if isinstance(one, np.generic) else one
        for one in column
    ]


def _like(batch: Any, table: list[Row]) -> Any:
    """Rows as a batch of the same kind."""
    columns: dict[str, list[Any]] = {name: [] for name in NAMES}
    for row in table:
        for name, value in asdict(row).items():
            columns[name].append(value)
    if hasattr(batch, "column_names"):
        import pyarrow

        return pyarrow.table(columns, schema=to_schema(pyarrow))
    if not hasattr(batch, "columns"):
        return {name: _to_array(name, values) for name, values in columns.items()}
    import pandas as pd

    kinds = {name: "object" if name in TEXTS else "float64" if name == "confidence" else "Int32" for name in NAMES}
    return pd.DataFrame({name: pd.Series(values, dtype=kinds[name]) for name, values in columns.items()})


def _to_array(name: str, values: list[Any]) -> np.typing.NDArray[Any]:
    """A column as an array: text as objects, numbers as float64, NaN where there is none."""
    return np.array(values, object) if name in TEXTS else np.array(values, np.float64)
