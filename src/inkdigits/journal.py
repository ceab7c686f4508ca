"""What a run has read so far, on disk, so that one that was stopped can be gone on with."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inkdigits import __version__
from inkdigits.errors import DataError
from inkdigits.outputs import write_bytes
from inkdigits.table.columns import Template
from inkdigits.table.results import Table
from inkdigits.table_files import TableResult, is_folder


@dataclass
class Journal:
    """What was read so far, on disk, so that a run that was stopped can be gone on with.

    Attributes:
        path: of the file, one line a picture; None keeps nothing.
        template: with which the tables are read.
        recognizer: that reads them.
    """

    path: Path | None
    template: Template
    recognizer: str
    _done: dict[str, list[TableResult]] = field(default_factory=dict, init=False)

    @classmethod
    def beside(cls, output: Path | None, template: Template, recognizer: str = "") -> "Journal":
        """The journal of a run that writes this file or folder."""
        if output is None:
            return cls(None, template, recognizer)
        place = output / ".progress.jsonl" if is_folder(output) else output.with_name(f".{output.name}.progress.jsonl")
        return cls(place, template, recognizer)

    def open(self, resume: bool) -> int:
        """Begin, or go on.

        Args:
            resume: whether to go on where a run was stopped.

        Returns:
            How many files are read already.

        Raises:
            DataError: a run was stopped, and it was not said to go on; or it read with another template.
        """
        if self.path is None:
            return 0
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []
        if len(lines) <= 1:  # nothing was read
            write_bytes(self.path, (json.dumps({"about": self._about}) + "\n").encode())
            return 0
        if not resume:
            raise DataError(
                f"{self.path} has what a run read that was stopped. Go on with it with --resume, or remove the file."
            )
        if json.loads(lines[0]) != {"about": self._about}:
            raise DataError(
                f"The run that was stopped read with another template, recognizer or version. Remove {self.path}, or "
                "give the same ones."
            )
        for line in lines[1:]:
            try:
                entry = json.loads(line)
            except json.JSONDecodeError:  # the last line, cut off when the run was stopped
                continue
            if not any(one["error"] for one in entry["results"]):  # what failed is tried again
                self._done[entry["source"]] = [self._to_result(one) for one in entry["results"]]
        # Whole lines only, so that what comes next begins on one of its own.
        kept = [json.dumps({"about": self._about}), *(line for line in lines[1:] if _is_json(line))]
        write_bytes(self.path, "".join(f"{line}\n" for line in kept).encode())
        return len(self._done)

    def find(self, source: str) -> list[TableResult] | None:
        """What was read of a file, if it was."""
        return self._done.get(source)

    def add(self, source: str, results: list[TableResult]) -> None:
        """Keep what was read of a file."""
        if self.path is not None:
            entries = [
                {"file": one.file, "error": one.error, "tables": [table.to_dict() for table in one.tables]}
                for one in results
            ]
            self._append({"source": source, "results": entries})

    def close(self) -> None:
        """All is written: what was kept is no longer needed."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    @property
    def _about(self) -> str:
        told = f"{__version__} {self.recognizer} {self.template!r}"
        return hashlib.sha256(told.encode()).hexdigest()

    def _append(self, entry: dict[str, Any]) -> None:
        assert self.path is not None
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        except OSError as error:
            raise DataError(f"{self.path} cannot be written: {error.strerror}. Choose another place.") from error

    def _to_result(self, entry: dict[str, Any]) -> TableResult:
        tables = tuple(Table.from_dict(table, self.template.columns) for table in entry["tables"])
        return TableResult(entry["file"], tables, entry["error"])


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except json.JSONDecodeError:
        return False
    return True
