"""Pages on which tables are checked, while the server runs: the latest ones, under names that nobody can guess."""

import io
import secrets
import shutil
import tempfile
import threading
import zipfile
from collections.abc import Sequence
from pathlib import Path

from inkdigits.arrays import Photo
from inkdigits.table.results import Table
from inkdigits.table.review import CROPS, PAGE, write_review

# Each has some megabytes. What was answered on a page that is gone is still in the browser: the same sheet, sent again,
# brings it back.
MOST_KEPT = 20


class Reviews:
    """Pages on which tables are checked; safe for many threads.

    Args:
        most: how many are kept; the oldest goes first.
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._folder = Path(tempfile.mkdtemp(prefix="inkdigits-reviews-"))
        self._names: list[str] = []
        self._lock = threading.Lock()

    def add(self, sheets: Sequence[tuple[str, Photo, Table]]) -> str:
        """Write a page about sheets, as `write_review` takes them; its name."""
        name = secrets.token_urlsafe(16)
        write_review(self._folder / name, sheets)
        with self._lock:
            self._names.append(name)
            old, self._names = self._names[: -self._most], self._names[-self._most :]
        for each in old:
            shutil.rmtree(self._folder / each, ignore_errors=True)
        return name

    def find_page(self, name: str) -> Path | None:
        """Where the page of a name is; None where there is none."""
        with self._lock:
            return self._folder / name / PAGE if name in self._names else None

    def find_crops(self, name: str) -> bytes | None:
        """A ZIP of the cells' pictures, in a folder `crops`; None where there is no such page."""
        page = self.find_page(name)
        if page is None:
            return None
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:  # PNGs are compressed already
            for path in sorted((page.parent / CROPS).iterdir()):
                archive.write(path, f"{CROPS}/{path.name}")
        return out.getvalue()

    def close(self) -> None:
        """Delete all."""
        shutil.rmtree(self._folder, ignore_errors=True)
