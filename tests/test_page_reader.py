import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import inkdigits
from inkdigits import PageReader
from inkdigits.bulk.row_files import NAMES
from inkdigits.errors import DataError, ModelNotFoundError

SAMPLES = Path(inkdigits.__file__).parent / "samples"
NUMBER, DIGIT = str(SAMPLES / "number.jpg"), str(SAMPLES / "digit.jpg")
EXAMPLE = Path(__file__).parent.parent / "examples" / "ray_pages.py"


@pytest.fixture(scope="module")
def read() -> PageReader:
    return PageReader()


def objects(*values) -> np.ndarray:
    array = np.empty(len(values), object)
    array[:] = values
    return array


def test_an_empty_batch_gives_one_with_the_columns_of_rows(read):
    rows = read({"path": np.array([], object)})
    assert list(rows) == NAMES
    assert all(len(column) == 0 for column in rows.values())


def test_paths_give_rows_in_their_order_and_errors_are_rows(read):
    rows = read({"path": objects(NUMBER, "gone.jpg", DIGIT)})
    assert list(rows["file"]) == [NUMBER, "gone.jpg", DIGIT]
    assert list(rows["text"]) == ["2046", "", "7"]
    assert "no picture" in rows["error"][1]
    assert np.isnan(rows["x"][1])
    assert rows["line"][0] == 1


def test_bytes_are_named_after_their_paths_or_their_rows(read):
    data = Path(NUMBER).read_bytes()
    assert list(read({"path": objects("s3://scans/1.jpg"), "bytes": objects(data)})["file"]) == ["s3://scans/1.jpg"]
    rows = read({"bytes": objects(data, b"no picture")})
    assert list(rows["file"]) == ["row 0", "row 1"]
    assert list(rows["text"]) == ["2046", ""]


def test_arrays_are_pictures_too():
    photo = np.asarray(Image.open(NUMBER).convert("L"))
    assert list(PageReader(cells=True)({"image": np.stack([photo, photo])})["text"]) == ["2046", "2046"]


def test_the_column_can_be_said(read):
    assert list(PageReader("scan")({"scan": objects(NUMBER), "file": objects("1")})["file"]) == ["1"]
    with pytest.raises(DataError, match=r"no column bytes or image or path or file, but scan\. Say which"):
        read({"scan": objects(NUMBER)})


def test_what_is_no_batch_is_refused(read):
    with pytest.raises(DataError, match="got list"):
        read([NUMBER])


def test_a_data_frame_gives_one_that_knows_what_is_missing(read):
    pandas = pytest.importorskip("pandas")
    frame = read(pandas.DataFrame({"path": [NUMBER, "gone.jpg"]}))
    assert list(frame.columns) == NAMES
    assert frame["text"].tolist() == ["2046", ""]
    assert frame["x"].isna().tolist() == [False, True]
    assert (PageReader.empty().dtypes == frame.dtypes).all()


def test_an_arrow_table_gives_one(read):
    pyarrow = pytest.importorskip("pyarrow")
    table = read(pyarrow.table({"bytes": [Path(NUMBER).read_bytes()], "path": ["1.jpg"]}))
    assert table.column_names == NAMES
    assert table["text"].to_pylist() == ["2046"]
    assert read(pyarrow.table({"path": pyarrow.array([], "string")})).schema == table.schema


def test_an_iterator_of_batches_gives_an_iterator(read):
    batches = read(iter([{"path": objects(NUMBER)}, {"path": objects(DIGIT)}]))
    assert [list(batch["text"]) for batch in batches] == [["2046"], ["7"]]


def test_the_schema_for_spark_names_each_column():
    assert [part.split()[0] for part in PageReader.SPARK_SCHEMA.split(", ")] == NAMES
    assert "x int, " in PageReader.SPARK_SCHEMA


def test_a_reader_that_was_used_can_be_sent_to_other_machines(read):
    read({"path": objects(DIGIT)})
    again = pickle.loads(pickle.dumps(read))
    assert list(again({"path": objects(DIGIT)})["text"]) == ["7"]


def test_a_missing_model_is_an_error_of_the_batch():
    with pytest.raises(ModelNotFoundError):
        PageReader(model="nothing")({"path": objects(NUMBER)})


@pytest.mark.skipif(
    "INKDIGITS_SLOW" not in os.environ, reason="starts a cluster, which takes a minute: INKDIGITS_SLOW=1"
)
def test_a_local_cluster_reads_a_folder(tmp_path):
    pytest.importorskip("ray")
    parquet = pytest.importorskip("pyarrow.parquet")
    scans = tmp_path / "scans"
    scans.mkdir()
    for place in range(4):
        (scans / f"{place}.jpg").write_bytes(Path(NUMBER).read_bytes())
    (scans / "broken.jpg").write_bytes(b"no picture")
    done = subprocess.run([sys.executable, EXAMPLE, scans, tmp_path / "rows"], capture_output=True, text=True)
    assert "5 rows, 1 of them errors" in done.stdout, done.stderr
    table = parquet.read_table(tmp_path / "rows").to_pylist()
    assert sorted(row["text"] for row in table) == ["", "2046", "2046", "2046", "2046"]
