"""Every exception that inkdigits raises on purpose.

    InkDigitsError
    ├── ArrayError             ValueError          an array of the wrong shape, dtype or range
    ├── ImageError             ValueError          a picture that cannot be read
    │   ├── ImageNotFoundError FileNotFoundError   no file there
    │   ├── ImageTypeError     TypeError           not a path, bytes, file, PIL image or array
    │   ├── ImageFormatError                       not a picture, or one of an unknown format
    │   ├── ImageSizeError                         too many or too few pixels, or too many bytes
    │   └── NoTableError                           no table on a picture that should show one
    ├── ModelError             ValueError          a model file that cannot be used
    │   ├── ModelNotFoundError FileNotFoundError   no such name, run or file
    │   └── ContractError                          no inkdigits contract in it, or another one
    ├── FormatError            ValueError          a format that contradicts itself, or that no number fits
    ├── DataError              ValueError          data to train or evaluate on that cannot be used
    │   └── DataNotFoundError  FileNotFoundError   no file or folder there
    ├── RunError               RuntimeError        a training run that cannot start, go on or be written
    ├── ExportError            RuntimeError        an exported model that differs from the trained one
    └── MissingExtraError      ImportError         an optional package that is not installed

Each class also derives from the builtin that a caller would expect, so `except ValueError` or
`except FileNotFoundError` catches what it should. A message says what is wrong, what was given and what to do.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class InkDigitsError(Exception):
    """Root of every error raised on purpose."""


class ArrayError(InkDigitsError, ValueError):
    """An array of the wrong shape, dtype or range."""


class ImageError(InkDigitsError, ValueError):
    """A picture that cannot be read."""


class ImageNotFoundError(ImageError, FileNotFoundError):
    """No picture at that path."""


class ImageTypeError(ImageError, TypeError):
    """What was given can never be a picture: None, a number, a list."""


class ImageFormatError(ImageError):
    """Bytes that are not a picture, a broken one, or one of a format that is not supported."""


class ImageSizeError(ImageError):
    """A picture with too many or too few pixels, or of too many bytes."""


class NoTableError(ImageError):
    """A picture that shows no table."""


class ModelError(InkDigitsError, ValueError):
    """A model file that cannot be used."""


class ModelNotFoundError(ModelError, FileNotFoundError):
    """No model of that name, in that run folder or at that path."""


class ContractError(ModelError):
    """A model file without the inkdigits contract, or with one that this version cannot serve."""


class FormatError(InkDigitsError, ValueError):
    """What a number may look like, said in terms that contradict each other, or that no number fits."""


class DataError(InkDigitsError, ValueError):
    """Data to train or evaluate on that is truncated, wrongly shaped, wrongly labelled or tampered with."""


class DataNotFoundError(DataError, FileNotFoundError):
    """No data at that path."""


class RunError(InkDigitsError, RuntimeError):
    """A training run that cannot be started, resumed or written."""


class ExportError(InkDigitsError, RuntimeError):
    """An exported model whose answers differ from those of the trained one."""


class MissingExtraError(InkDigitsError, ImportError):
    """An optional package is not installed; the message names the command that adds it."""

    @classmethod
    def of(cls, extra: str, purpose: str) -> "MissingExtraError":
        """The error for an extra (`train`, `web`, `heic` …) that `purpose` needs."""
        return cls(
            f'{purpose} needs packages that are not installed. Add them with: pip install "inkdigits[{extra}]" '
            f'(in a clone: pip install ".[{extra}]")'
        )


def did_you_mean(name: str, names: "Iterable[str]") -> str:
    """A question to put behind a message about an unknown name, with the space before it; empty where none is near."""
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), names, 1)
    return f" Did you mean {near[0]}?" if near else ""
