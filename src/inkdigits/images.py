"""Whatever a person calls a picture → an upright photo; the only module that decodes files."""

import io
from pathlib import Path
from typing import IO, Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, ImageStat

from inkdigits.arrays import Box, Gray, Photo
from inkdigits.errors import (
    ArrayError,
    ImageFormatError,
    ImageNotFoundError,
    ImageSizeError,
    ImageTypeError,
    MissingExtraError,
)

Source = str | Path | bytes | IO[bytes] | Image.Image | npt.NDArray[np.uint8]

# Phones that sell "50 megapixels" take up to 50.3; at 64 the decoded photo still fits in a quarter of a gigabyte.
MAX_PIXELS = 64_000_000
MIN_SIDE_PX = 4
# A picture of two tones is dithered where this share of its pixels differ from all four neighbours: of the samples in
# this package, dithered (Floyd and Steinberg, 1976), 12 to 26% do, and none where they are cut at a threshold. Blurred
# by this sigma, all are read right at half to four times their size. The middle of a large one is enough to look at.
DOTS, UNDITHER_PX, DOTS_SIDE_PX = 0.02, 1.5, 1000
NEIGHBOURS = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32)
# Pillow's readers of other formats (EPS starts Ghostscript, say) are left out on purpose.
FORMATS = ["PNG", "JPEG", "WEBP", "AVIF", "BMP", "DIB", "TIFF", "GIF", "PPM"]
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def load_photo(source: Source) -> Photo:
    """A picture of any kind as an upright RGB photo.

    Args:
        source: a path, the bytes of a file, a binary file object, a PIL image, or a uint8 array of shape (H, W) grey,
            (H, W, 3) RGB or (H, W, 4) RGB with alpha. Of several pages or frames the first is taken. 16-bit grey is
            stretched to its own range. What is transparent becomes white paper, or black where the ink is light.

    Returns:
        (H, W, 3) uint8, turned as its EXIF data says.

    Raises:
        ImageNotFoundError: no file at that path.
        ImageFormatError: no picture, a broken one, or an unsupported format.
        ImageSizeError: more than 64 megapixels, or a side under 4 pixels.
        ImageTypeError: what can never be a picture: None, a number, a list.
        ArrayError: an array of another shape or dtype.
        MissingExtraError: HEIC without the extra `heic`.
    """
    if isinstance(source, np.ndarray):
        return _photo_of_array(source)
    if isinstance(source, Image.Image):
        return _photo_of_image(source, "the PIL image")
    name = str(source) if isinstance(source, str | Path) else "This file"
    return _photo_of_image(open_picture(load_bytes(source), name), name)


def load_bytes(source: str | Path | bytes | IO[bytes]) -> bytes:
    """The bytes of a file, of which there is the path, or which is open, or which are given.

    Raises:
        ImageNotFoundError: no file at that path.
        ImageFormatError: what is there cannot be read.
        ImageTypeError: neither a path, nor bytes, nor a file that is open as a binary one.
    """
    if isinstance(source, bytes):
        return source
    if isinstance(source, str | Path):
        try:
            return Path(source).read_bytes()
        except FileNotFoundError as error:
            raise ImageNotFoundError(f"There is no picture at {source}. Check the path.") from error
        except OSError as error:
            raise ImageFormatError(f"{source} cannot be read: {error.strerror}. Give a picture file.") from error
    data: Any = source.read() if hasattr(source, "read") else None
    if isinstance(data, bytes):
        return data
    got = "a file opened as text; open it with mode 'rb'" if isinstance(data, str) else _describe(source)
    raise ImageTypeError(
        f"A picture can be a path, the bytes of a file, an open binary file, a PIL image or a uint8 array; got {got}."
    )


def _describe(value: Any) -> str:
    """`None`, `5` or `a list`: what a value is, in a word or two."""
    return repr(value) if value is None or isinstance(value, int | float) else f"a {type(value).__name__}"


def to_gray(photo: Photo) -> Gray:
    """A photo (H, W, 3) as (H, W) uint8 luminance (ITU-R BT.601); dots of two tones that show grey become grey."""
    gray = np.asarray(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), np.uint8)
    return np.asarray(cv2.GaussianBlur(gray, (0, 0), UNDITHER_PX), np.uint8) if _is_dithered(gray) else gray


def rescale(gray: Gray, scale: float) -> Gray:
    """A picture this many times as large."""
    if scale == 1.0:
        return gray
    size = max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale))
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC), np.uint8)


def unscale(box: Box, scale: float, shape: tuple[int, int]) -> Box:
    """A box of the scaled picture in the pixels of the photo (its height and width), inside it, at least one a side."""
    left, top = max(0, min(int(box.x / scale), shape[1] - 1)), max(0, min(int(box.y / scale), shape[0] - 1))
    right, bottom = round((box.x + box.width) / scale), round((box.y + box.height) / scale)
    return Box(left, top, max(1, min(right, shape[1]) - left), max(1, min(bottom, shape[0]) - top))


def _is_dithered(gray: Gray) -> bool:
    """Whether grey is shown by dots of two tones. Else each dot would be taken for ink: 20 s, and nothing is read."""
    if np.count_nonzero(cv2.calcHist([gray], [0], None, [256], [0, 256])) != 2:
        return False
    top, left = (max(0, (side - DOTS_SIDE_PX) // 2) for side in gray.shape)
    middle = gray[top : top + DOTS_SIDE_PX, left : left + DOTS_SIDE_PX]
    dark = (middle == gray.min()).astype(np.uint8)
    like = cv2.filter2D(dark, -1, NEIGHBOURS, borderType=cv2.BORDER_REFLECT_101)  # of four, how many are dark
    return float(np.mean(np.where(dark, like == 0, like == 4))) > DOTS


def open_picture(data: bytes, name: str) -> Image.Image:
    """A picture of which only the header was read yet: its size is known, its pixels are not decoded.

    Args:
        data: the bytes of a picture file.
        name: what to call it in a message.

    Raises:
        ImageFormatError: no picture of a supported format.
        ImageSizeError: far more than 64 megapixels.
        MissingExtraError: HEIC without the extra `heic`.
    """
    if not data:
        raise ImageFormatError(f"{name} is empty (0 bytes). Give a picture file.")
    if data.startswith(b"%PDF"):
        raise ImageFormatError(
            f"{name} is a PDF. `inkdigits read` reads its pages; here, give one page as a picture: a PNG or JPEG file."
        )
    is_heif = data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS
    if is_heif:
        try:
            import pillow_heif
        except ImportError as error:
            raise MissingExtraError.of("heic", f"{name} is a HEIC picture; reading it") from error
        pillow_heif.register_heif_opener()
    try:
        return Image.open(io.BytesIO(data), formats=["HEIF"] if is_heif else FORMATS)
    except Image.DecompressionBombError as error:
        raise ImageSizeError(f"{name} is larger than {MAX_PIXELS // 10**6} megapixels. Make it smaller.") from error
    except Exception as error:  # on broken files Pillow's readers raise whatever they stumble over
        raise ImageFormatError(
            f"{name} cannot be read as a picture. Give a PNG, JPEG, WebP, AVIF, BMP, TIFF, GIF, HEIC or PDF file."
        ) from error


def _photo_of_image(image: Image.Image, name: str) -> Photo:
    _check_size(image.width, image.height, name)
    try:
        image.load()
        image = ImageOps.exif_transpose(image)
        if image.mode.startswith(("I", "F")):
            return _photo_of_array(_stretch(np.asarray(image)))
        if image.mode in ("RGBA", "RGBa", "LA", "La", "PA") or "transparency" in image.info:
            image = _on_paper(image.convert("RGBA"))
        return np.asarray(image.convert("RGB"))
    except Exception as error:  # see open_picture: a file may break anywhere while it is decoded
        raise ImageFormatError(f"{name} is broken: {error}. Save or send it again.") from error


def _photo_of_array(array: npt.NDArray[Any]) -> Photo:
    if array.dtype != np.uint8 or array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        raise ArrayError(
            "A picture must be a uint8 array (H, W), (H, W, 3) or (H, W, 4); "
            f"got {array.dtype} {array.shape}. Bring the values to 0–255 and use .astype('uint8')."
        )
    _check_size(array.shape[1], array.shape[0], "the array")
    if array.ndim == 2:
        return np.repeat(array[:, :, None], 3, axis=2)
    if array.shape[2] == 4:
        return np.asarray(_on_paper(Image.fromarray(array)))
    return np.ascontiguousarray(array)


def _check_size(width: int, height: int, name: str) -> None:
    if width * height > MAX_PIXELS:
        raise ImageSizeError(
            f"{name} has {width}×{height} pixels; up to {MAX_PIXELS // 10**6} megapixels are read. Make it smaller."
        )
    if min(width, height) < MIN_SIDE_PX:
        raise ImageSizeError(f"{name} has {width}×{height} pixels; at least {MIN_SIDE_PX} per side are needed.")


def _stretch(values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Grey of more than 8 bits to 0–255: scanners and cameras fill 10, 12, 14 or 16 of them and do not say which."""
    values = np.nan_to_num(values.astype(np.float32))
    low, high = float(values.min()), float(values.max())
    return np.round((values - low) * (255.0 / max(high - low, 1.0))).astype(np.uint8)


def _on_paper(image: Image.Image) -> Image.Image:
    """Lay a transparent drawing (RGBA) on white paper, or on black where what is drawn is light."""
    alpha = image.getchannel("A")
    coverage = ImageStat.Stat(alpha).mean[0] / 255
    is_light_drawing = 0 < coverage < 0.5 and ImageStat.Stat(image.convert("L"), mask=alpha).mean[0] > 127.5
    paper = Image.new("RGB", image.size, "black" if is_light_drawing else "white")
    paper.paste(image, mask=alpha)
    return paper
