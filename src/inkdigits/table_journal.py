"""The tables that a run has read so far, on disk, so that one that was stopped can be gone on with."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from inkdigits import __version__
from inkdigits.bulk.journal import Journal
from inkdigits.bulk.paths import Key
from inkdigits.table.columns import Template
from inkdigits.table.results import Table
from inkdigits.table_files import TableResult, is_folder


@dataclass
class TableJournal:
    """The tables that were read so far.

    Attributes:
        part: a file with one line a picture, beside which a journal stands; None keeps nothing.
        template: with which the tables are read.
        recognizer: that reads them.
    """

    part: Path | None
    template: Template
    recognizer: str
    _journal: Journal | None = field(default=None, init=False)

    @classmethod
    def beside(cls, output: Path | None, template: Template, recognizer: str = "") -> "TableJournal":
        """The journal of a run that writes this file or folder."""
        if output is None:
            return cls(None, template, recognizer)
        part = output / "tables.part.jsonl" if is_folder(output) else output.with_name(f"{output.name}.part.jsonl")
        return cls(part, template, recognizer)

    def open(self, resume: bool) -> int:
        """Begin, or go on.

        Args:
            resume: whether to go on where a run was stopped.

        Returns:
            How many files are read already.

        Raises:
            DataError: a run was stopped, and it was not said to go on; or it read with another template.
        """
        if self.part is None:
            return 0
        about = {"version": __version__, "recognizer": self.recognizer, "template": repr(self.template)}
        self._journal = Journal(self.part, about, resume)
        return self._journal.done

    def find(self, source: str) -> list[TableResult] | None:
        """What was read of a file, if it was; what failed is tried again."""
        entry = self._journal.find(Key.of(source)) if self._journal else None
        if self._journal is None or entry is None or entry.errors:
            return None
        return [
            TableResult(
                one["file"],
                tuple(Table.from_dict(table, self.template.columns) for table in one["tables"]),
                one["error"],
            )
            for one in json.loads(self._journal.load(entry))
        ]

    def add(self, source: str, results: list[TableResult]) -> None:
        """Keep what was read of a file.

        Raises:
            DataError: there is no room. What was kept before is safe.
        """
        if self._journal is None:
            return
        entries = [
            {"file": one.file, "error": one.error, "tables": [table.to_dict() for table in one.tables]}
            for one in results
        ]
        content = json.dumps(entries) + "\n"
        self._journal.add(Key.of(source), content.encode(), len(results), sum(bool(one.error) for one in results))

    def discard(self) -> None:
        """All is written: what was kept is no longer needed."""
        if self._journal:
            self._journal.discard()

    def close(self) -> None:
        """Let go of the files; what is in them stays."""
        if self._journal:
            self._journal.close()
