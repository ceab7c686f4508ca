"""Whatever a person calls a picture → an upright photo; the only module that decodes files."""

import io
from pathlib import Path
from typing import IO, Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, ImageStat

from inkdigits.arrays import Gray, Photo
from inkdigits.errors import ArrayError, ImageFormatError, ImageNotFoundError, ImageSizeError, MissingExtraError

Source = str | Path | bytes | IO[bytes] | Image.Image | npt.NDArray[np.uint8]

# Phones that sell "50 megapixels" take up to 50.3; at 64 the decoded photo still fits in a quarter of a gigabyte.
MAX_PIXELS = 64_000_000
MIN_SIDE_PX = 4
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
        ArrayError: an array of another shape or dtype.
        MissingExtraError: HEIC without the extra `heic`.
    """
    if isinstance(source, np.ndarray):
        return _photo_of_array(source)
    if isinstance(source, Image.Image):
        return _photo_of_image(source, "the PIL image")
    if isinstance(source, str | Path):
        name = str(source)
        try:
            data = Path(source).read_bytes()
        except FileNotFoundError as error:
            raise ImageNotFoundError(f"There is no picture at {name}. Check the path.") from error
        except OSError as error:
            raise ImageFormatError(f"{name} cannot be read: {error.strerror}. Give a picture file.") from error
    else:
        name = "the picture"
        data = source if isinstance(source, bytes) else source.read()
    return _photo_of_image(open_picture(data, name), name)


def to_gray(photo: Photo) -> Gray:
    """A photo (H, W, 3) as (H, W) uint8 luminance (ITU-R BT.601)."""
    return np.asarray(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), np.uint8)


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
            f"{name} is no picture that can be read. Give a PNG, JPEG, WebP, AVIF, BMP, TIFF, GIF or HEIC file."
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
            "a picture must be a uint8 array (H, W), (H, W, 3) or (H, W, 4), "
            f"but {array.dtype} {array.shape} came. Bring the values to 0–255 and use .astype('uint8')."
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
        raise ImageSizeError(f"{name} has {width}×{height} pixels; at least {MIN_SIDE_PX} a side are needed.")


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
