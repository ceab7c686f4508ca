import io
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import draw_seven
from PIL import Image

from inkdigits import errors
from inkdigits.images import MAX_PIXELS, load_photo, to_gray

GRAY = draw_seven(60, 40)


def encode(image: Image.Image, file_format: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def gray_of(source) -> np.ndarray:
    return to_gray(load_photo(source)).astype(int)


def test_zero_bytes_are_named_as_such(tmp_path):
    empty = tmp_path / "empty.png"
    empty.touch()
    with pytest.raises(errors.ImageFormatError, match=r"empty\.png is empty"):
        load_photo(empty)


@pytest.mark.parametrize(
    ("source", "got"),
    [(None, "None"), (5, "5"), ([1, 2], "a list"), (io.StringIO("text"), "a file opened as text")],
    ids=["None", "number", "list", "text file"],
)
def test_what_can_never_be_a_picture_says_what_can(source, got):
    with pytest.raises(errors.ImageTypeError, match=f"a PIL image or a uint8 array; got {got}"):
        load_photo(source)


def test_a_pdf_says_how_it_is_read(tmp_path):
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7 ...")
    with pytest.raises(errors.ImageFormatError, match=r"scan\.pdf is a PDF\. `inkdigits read` reads its pages"):
        load_photo(tmp_path / "scan.pdf")


def test_dots_that_show_grey_become_grey():
    ramp = Image.fromarray(np.tile(np.linspace(120, 240, 200).astype(np.uint8), (100, 1)))
    dithered = gray_of(ramp.convert("1"))
    assert np.abs(dithered - np.asarray(ramp).astype(int))[4:-4, 4:-4].mean() < 16


def test_a_drawing_in_black_and_white_stays_sharp():
    drawing = Image.fromarray(GRAY).point(lambda v: 255 * (v > 128)).convert("1")
    assert set(np.unique(gray_of(drawing))) == {0, 255}


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "AVIF", "BMP", "TIFF", "GIF", "PPM"])
def test_every_common_format_is_read(file_format):
    loaded = gray_of(encode(Image.fromarray(GRAY).convert("RGB"), file_format))
    assert loaded.shape == (60, 40)
    assert np.abs(loaded - GRAY).mean() < 8


def test_heic_is_read_with_its_extra():
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.register_heif_opener()
    loaded = gray_of(encode(Image.fromarray(GRAY).convert("RGB"), "HEIF", quality=90))
    assert np.abs(loaded - GRAY).mean() < 8


def test_heic_without_its_extra_names_the_command_that_adds_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(errors.MissingExtraError, match=r'pip install "inkdigits\[heic\]"'):
        load_photo(b"\0\0\0\x18ftypheic" + b"\0" * 100)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "LA", "RGBA", "PA", "I;16", "I", "F", "YCbCr"])
def test_every_mode_keeps_dark_ink_dark_on_light_paper(mode):
    image = Image.fromarray(GRAY)
    if mode in ("I;16", "I", "F"):
        image = Image.fromarray((GRAY.astype(np.float32) * 16).astype({"I;16": "u2", "I": "i4", "F": "f4"}[mode]))
    elif mode == "PA":
        image = image.convert("LA").convert("PA")
    else:
        image = image.convert(mode)
    loaded = gray_of(image)
    assert np.abs(loaded - GRAY).mean() < 30  # "1" dithers the soft edge, 16 bit is stretched
    assert loaded[0, 0] > 200
    assert loaded.min() < 60


def test_twelve_bits_in_a_sixteen_bit_file_are_not_black():
    loaded = gray_of(encode(Image.fromarray(GRAY.astype(np.uint16) * 16), "TIFF"))
    assert loaded.max() == 255


@pytest.mark.parametrize(("stroke", "paper"), [(0, 255), (255, 0)])
def test_a_transparent_drawing_is_laid_on_paper_that_shows_it(stroke, paper):
    rgba = np.full((60, 40, 4), stroke, np.uint8)
    rgba[:, :, 3] = 255 - GRAY
    for source in (rgba, Image.fromarray(rgba), encode(Image.fromarray(rgba), "PNG")):
        loaded = gray_of(source)
        assert loaded[0, 0] == paper
        assert abs(int(loaded[13, 20]) - stroke) < 40


def test_a_palette_with_a_transparent_colour_is_laid_on_paper():
    image = Image.fromarray(255 - GRAY).convert("P")
    data = encode(image, "GIF", transparency=image.getpixel((0, 0)))
    assert gray_of(data)[0, 0] in (0, 255)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_phone_photo_is_upright(orientation):
    photo = Image.fromarray(GRAY).convert("RGB")
    turned = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = photo.transpose(turned[orientation]) if orientation in turned else photo
    np.testing.assert_array_equal(gray_of(encode(stored, "PNG", exif=exif)), gray_of(photo))


def test_of_an_animation_the_first_picture_is_taken():
    frames = [Image.fromarray(GRAY), Image.fromarray(255 - GRAY)]
    np.testing.assert_array_equal(gray_of(encode(frames[0], "GIF", save_all=True, append_images=frames[1:])), GRAY)


def test_paths_bytes_files_images_and_arrays_are_the_same_picture(tmp_path):
    data = encode(Image.fromarray(GRAY), "PNG")
    path = tmp_path / "seven.png"
    path.write_bytes(data)
    rgb = np.repeat(GRAY[:, :, None], 3, axis=2)
    for source in (path, str(path), data, io.BytesIO(data), Image.open(path), GRAY, rgb):
        np.testing.assert_array_equal(load_photo(source), rgb)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(errors.ImageNotFoundError, match=r"nowhere\.png"):
        load_photo(tmp_path / "nowhere.png")


def test_a_folder_is_no_picture(tmp_path):
    with pytest.raises(errors.ImageFormatError, match="cannot be read"):
        load_photo(tmp_path)


def test_text_is_no_picture():
    with pytest.raises(errors.ImageFormatError, match="This file cannot be read as a picture"):
        load_photo(b"hello, I am a text file")


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_file_is_an_image_error(file_format, share):
    data = encode(Image.fromarray(np.random.default_rng(1).integers(0, 255, (60, 40, 3), np.uint8)), file_format)
    with pytest.raises(errors.ImageFormatError):
        load_photo(data[: int(len(data) * share)])


def test_a_decompression_bomb_is_refused_before_it_is_decoded():
    header = encode(Image.new("1", (30_000, 30_000)), "PNG")
    assert len(header) < 200_000
    with pytest.raises(errors.ImageSizeError, match="megapixels"):
        load_photo(header)


def test_more_than_the_limit_is_refused_with_both_figures():
    with pytest.raises(errors.ImageSizeError, match=f"8001×8000 pixels; up to {MAX_PIXELS // 10**6}"):
        load_photo(Image.new("1", (8001, 8000)))


def test_too_few_pixels_are_refused():
    with pytest.raises(errors.ImageSizeError, match="at least 4"):
        load_photo(np.zeros((3, 50), np.uint8))


@pytest.mark.parametrize("array", [np.zeros((9, 9)), np.zeros((9, 9, 2), np.uint8), np.zeros((9,), np.uint8)])
def test_an_array_of_another_kind_is_refused_with_the_remedy(array):
    with pytest.raises(errors.ArrayError, match="uint8"):
        load_photo(array)


def test_a_picture_is_never_written_to(tmp_path: Path):
    before = GRAY.copy()
    load_photo(GRAY)[:] = 0
    np.testing.assert_array_equal(GRAY, before)
