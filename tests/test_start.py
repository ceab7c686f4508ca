"""What the light path loads: nothing before it is used, nothing heavy at all."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

HEAVY = ["keras", "tensorflow", "jax", "h5py", "matplotlib", "pandas", "fastapi", "onnxruntime", "numpy", "cv2", "PIL"]


def loaded_after(code: str, names: list[str] = HEAVY) -> set[str]:
    """Which of the packages a fresh Python has loaded after `code`."""
    probe = f"{code}\nimport sys\nprint(*[name for name in {names} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_importing_inkdigits_and_its_commands_loads_nothing_heavy():
    assert loaded_after("import inkdigits, inkdigits.cli") == set()


def test_naming_a_public_class_loads_no_session():
    assert loaded_after("import inkdigits; inkdigits.Reader") <= {"numpy", "cv2", "PIL"}


def test_reading_a_digit_needs_no_training_framework():
    code = "import numpy, inkdigits; inkdigits.Reader().read_digit(numpy.zeros((28, 28), 'uint8'))"
    assert loaded_after(code) == {"numpy", "cv2", "PIL", "onnxruntime"}


def test_a_digits_photo_does_not_load_what_only_other_work_needs():
    code = "import inkdigits, inkdigits.samples as s; inkdigits.Reader().read_digit(s.load_samples()[0][0])"
    assert loaded_after(code, ["numpy.ma", "concurrent.futures"]) == set()


@pytest.mark.parametrize(
    ("call", "megabytes"),
    [
        ("reader.read_digit(photo)", 20),  # 14: the photo of 36 as grey, and little pictures
        ("reader.read(photo)", 90),  # 67
        ("classifier.probabilities(frames)", 10),  # 6: frames of 16 go through in small batches
    ],
)
def test_reading_holds_little_more_than_the_picture(call, megabytes):
    probe = f"""
import tracemalloc, numpy, inkdigits
reader, classifier = inkdigits.Reader(), inkdigits.Classifier()
photo = numpy.full((3000, 4000, 3), 230, "uint8")
photo[800:2200, 1900:2100] = 20
frames = numpy.zeros((20_000, 28, 28), "uint8")
reader.read(photo[500:1000, 1700:2300])
tracemalloc.start()
{call}
print(tracemalloc.get_traced_memory()[1])
"""
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert int(done.stdout) < megabytes * 1e6
