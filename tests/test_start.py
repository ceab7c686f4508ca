"""What the light path loads: nothing before it is used, nothing heavy at all."""

import subprocess
import sys

HEAVY = ["keras", "tensorflow", "jax", "h5py", "matplotlib", "pandas", "fastapi", "onnxruntime", "numpy", "cv2", "PIL"]


def loaded_after(code: str) -> set[str]:
    """The heavy packages that a fresh Python has loaded after `code`."""
    probe = f"{code}\nimport sys\nprint(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_importing_inkdigits_and_its_commands_loads_nothing_heavy():
    assert loaded_after("import inkdigits, inkdigits.cli") == set()


def test_naming_a_public_class_loads_no_session():
    assert loaded_after("import inkdigits; inkdigits.Reader") <= {"numpy", "cv2", "PIL"}


def test_reading_a_digit_needs_no_training_framework():
    code = "import numpy, inkdigits; inkdigits.Reader().read_digit(numpy.zeros((28, 28), 'uint8'))"
    assert loaded_after(code) == {"numpy", "cv2", "PIL", "onnxruntime"}
