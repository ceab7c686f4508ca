"""Wrong answers that people put right, kept in one local SQLite file."""

import io
import shutil
import sqlite3
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import cv2

from inkdigits.errors import DataError, RunError
from inkdigits.images import Source, load_photo, to_gray

# Kept pictures are grey and at most this large: enough to be read again as well as before, while neither colour nor
# the place and camera that a photo's EXIF data tells are kept.
KEPT_SIDE_PX = 256
FORMAT = 1
# FULL: an answer goes out only after the disk has it. secure_delete: what is deleted is overwritten, not just unlinked.
PREPARE = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS corrections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time TEXT NOT NULL,
    model TEXT NOT NULL,
    answer INTEGER CHECK (answer BETWEEN 0 AND 9),
    correction INTEGER NOT NULL CHECK (correction BETWEEN 0 AND 9),
    picture BLOB NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Correction:
    """One wrong answer.

    Attributes:
        id: its number in the file.
        time: when it was received, UTC, ISO 8601.
        model: name and version of the model that was wrong.
        answer: what the model said, 0 to 9; None where it was not sure.
        correction: what a person says it is, 0 to 9.
    """

    id: int
    time: str
    model: str
    answer: int | None
    correction: int

    @property
    def filename(self) -> str:
        """Where its picture lies in an export: a folder for each digit, as `inkdigits train --data` takes them."""
        return f"{self.correction}/correction-{self.id:06}.png"


class Corrections:
    """The file of corrections. One object serves many threads; what `add` has returned survives kill -9.

    Attributes:
        path: the SQLite file.
    """

    def __init__(self, path: Path, most: int = 100_000) -> None:
        """Open the file, or start it.

        Args:
            path: of the SQLite file.
            most: how many corrections it may hold.

        Raises:
            DataError: the file cannot be opened or written, is something else, or is of another version.
        """
        self.path = path.absolute()
        self._most = most
        self._lock = threading.Lock()
        try:
            self._database = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
            version = self._database.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, FORMAT):
                raise DataError(
                    f"{path} holds corrections of version {version}, this inkdigits knows {FORMAT}. Update it."
                )
            self._database.executescript(PREPARE)
            self._database.execute(f"PRAGMA user_version = {FORMAT}")
        except sqlite3.Error as error:
            raise DataError(
                f"{path} cannot hold corrections: {error}. Give a new file in a folder that you may write to."
            ) from error

    def add(self, picture: Source, model: str, answer: int | None, correction: int) -> Correction:
        """Keep a picture of one digit; it is on the disk when this returns.

        Args:
            picture: anything that `Reader.read_digit` takes.
            model: name and version of the model that was wrong.
            answer: what the model said, 0 to 9; None where it was not sure.
            correction: what it is, 0 to 9.

        Raises:
            ImageError: the picture cannot be read.
            RunError: the file is full, or the disk is.
        """
        png = _to_png(picture)
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._use() as database:
            if _count(database) >= self._most:
                raise RunError(f"{self.path.name} is full ({self._most} corrections). Export and delete some.")
            cursor = database.execute(
                "INSERT INTO corrections (time, model, answer, correction, picture) VALUES (?, ?, ?, ?, ?)",
                (time, model, answer, correction, png),
            )
        assert cursor.lastrowid is not None
        return Correction(cursor.lastrowid, time, model, answer, correction)

    def count(self) -> int:
        """How many there are."""
        with self._use() as database:
            return _count(database)

    def find(self, before: int | None = None, most: int = 100) -> list[Correction]:
        """The newest first.

        Args:
            before: only those with a smaller id; None for all.
            most: how many at once.
        """
        query = "SELECT id, time, model, answer, correction FROM corrections WHERE id < ? ORDER BY id DESC LIMIT ?"
        with self._use() as database:
            rows = database.execute(query, (2**63 - 1 if before is None else before, most)).fetchall()
        return [Correction(*row) for row in rows]

    def picture(self, id: int) -> bytes | None:
        """The PNG of one; None where there is none of that id."""
        with self._use() as database:
            row = database.execute("SELECT picture FROM corrections WHERE id = ?", (id,)).fetchone()
        return None if row is None else bytes(row[0])

    def delete(self, id: int | None = None) -> int:
        """Delete one, or all where `id` is None, picture and all; returns how many there were."""
        with self._use() as database:
            cursor = database.execute("DELETE FROM corrections WHERE id = ? OR ? IS NULL", (id, id))
            # Until it is folded back, the write-ahead log still holds the pictures.
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return cursor.rowcount

    def export(self, folder: Path) -> int:
        """Write the pictures as `folder/0/…9/`, as `inkdigits train --data` takes them; returns how many.

        Raises:
            DataError: the folder exists.
        """
        if folder.exists():
            raise DataError(f"{folder} exists already. Give a folder that does not.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        count = 0
        try:
            for name, png in self._pictures():
                (part / name).parent.mkdir(exist_ok=True)
                (part / name).write_bytes(png)
                count += 1
            part.replace(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return count

    def export_zip(self) -> bytes:
        """The same folders as a ZIP file's bytes."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:  # stored: PNGs are compressed already
            for name, png in self._pictures():
                archive.writestr(f"corrections/{name}", png)
        return buffer.getvalue()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    @contextmanager
    def _use(self) -> Iterator[sqlite3.Connection]:
        """One thread at a time; what the disk refuses is told as the project's error."""
        with self._lock:
            try:
                yield self._database
            except sqlite3.Error as error:
                raise RunError(
                    f"{self.path.name} cannot be used: {error}. Is the disk full, or the file damaged?"
                ) from error

    def _pictures(self) -> Iterator[tuple[str, bytes]]:
        before: int | None = None
        while batch := self.find(before):
            for correction in batch:
                png = self.picture(correction.id)
                if png is not None:  # deleted meanwhile
                    yield correction.filename, png
            before = batch[-1].id


def _count(database: sqlite3.Connection) -> int:
    return int(database.execute("SELECT count(*) FROM corrections").fetchone()[0])


def _to_png(picture: Source) -> bytes:
    gray = to_gray(load_photo(picture))
    scale = min(1.0, KEPT_SIDE_PX / max(gray.shape))
    if scale < 1:
        size = max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale))
        gray = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return cv2.imencode(".png", gray)[1].tobytes()
