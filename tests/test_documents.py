import threading

import numpy as np
import pytest
from PIL import Image

from inkdigits.documents import Document, is_pdf, load_pages
from inkdigits.errors import ImageFormatError, ImageNotFoundError

SIDES = [40, 60, 80]


@pytest.fixture(params=["pdf", "tiff", "gif"])
def document(request, tmp_path):
    """Three grey pages of 40, 60 and 80 pixels; a GIF's frames all have the size of the first."""
    if request.param == "pdf":
        pytest.importorskip("pypdfium2")
    pages = [Image.new("L", (side, side), 100 + side) for side in SIDES]
    path = tmp_path / f"document.{request.param}"
    options = {"resolution": 200.0} if request.param == "pdf" else {}
    pages[0].save(path, save_all=True, append_images=pages[1:], **options)
    return path


def test_every_page_is_loaded_from_a_path_and_from_bytes(document):
    greys = [int(np.median(photo)) for photo in load_pages(document)]
    assert greys == pytest.approx([100 + side for side in SIDES], abs=2)
    assert [photo.shape for photo in load_pages(document.read_bytes())] == [p.shape for p in load_pages(document)]


def test_a_page_is_asked_for_by_its_number_from_1(document):
    with Document(document.read_bytes()) as opened:
        assert len(opened) == 3
        assert np.median(opened.load(2)) == pytest.approx(160, abs=2)
        for number in (0, 4):
            with pytest.raises(ImageNotFoundError, match=f"3 pages, no page {number}"):
                opened.load(number)


def test_a_picture_is_a_document_of_one_page(seven, tmp_path):
    path = tmp_path / "seven.png"
    Image.fromarray(seven).save(path)
    for source in (path, path.read_bytes(), seven, Image.fromarray(seven), path.open("rb")):
        (photo,) = load_pages(source)
        assert (photo[..., 0] == seven).all()


def test_a_poster_is_rendered_within_the_pixels_that_are_allowed(tmp_path):
    pytest.importorskip("pypdfium2")
    Image.new("L", (400, 200)).save(tmp_path / "poster.pdf", resolution=1.0)  # 10 m wide
    with Document(tmp_path / "poster.pdf") as opened:
        height, width, _ = opened.load(max_pixels=50_000).shape
    assert 45_000 < width * height < 51_000


@pytest.mark.parametrize("data", [b"%PDF-1.7 broken", b"%PDF-", b"no picture", b""])
def test_what_is_no_document_is_named(data, tmp_path):
    pytest.importorskip("pypdfium2")
    (tmp_path / "bad.pdf").write_bytes(data)
    with pytest.raises(ImageFormatError, match=r"bad\.pdf"):
        list(load_pages(tmp_path / "bad.pdf"))
    with pytest.raises(ImageNotFoundError, match="nowhere"):
        list(load_pages(tmp_path / "nowhere.pdf"))


def test_a_tiff_whose_second_page_is_cut_off_still_gives_its_first(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (2, 50, 50), np.uint8)
    first, second = (Image.fromarray(page) for page in noise)
    first.save(tmp_path / "two.tif", save_all=True, append_images=[second])
    cut = (tmp_path / "two.tif").read_bytes()[:-400]
    with Document(cut) as opened:
        assert (opened.load(1)[..., 0] == noise[0]).all()
        if len(opened) == 2:
            with pytest.raises(ImageFormatError, match="Page 2"):
                opened.load(2)


def test_a_pdf_is_known_by_its_start():
    assert is_pdf(b"%PDF-1.4")
    assert is_pdf(b"\n\n%PDF-1.4")
    assert not is_pdf(b"\x89PNG")


def test_threads_may_read_pdfs_at_the_same_time(tmp_path):
    pytest.importorskip("pypdfium2")
    pages = [Image.new("L", (300, 300), 50 * i) for i in range(4)]
    pages[0].save(tmp_path / "a.pdf", save_all=True, append_images=pages[1:])
    failed = []

    def read():
        try:
            greys = [int(np.median(photo)) for photo in load_pages(tmp_path / "a.pdf")]
            assert greys == pytest.approx([0, 50, 100, 150], abs=2)
        except BaseException as error:  # handed over: it would be lost in a thread
            failed.append(error)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
