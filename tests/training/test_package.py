import subprocess
import sys

import pytest

from inkdigits import training

pytestmark = pytest.mark.slow


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'fti'"):
        training.fti  # noqa: B018


@pytest.mark.parametrize("name", training.__all__)
def test_every_public_name_is_there_and_listed(name):
    assert callable(getattr(training, name))
    assert name in dir(training)


def test_functions_are_not_hidden_by_the_modules_that_hold_them():
    code = (
        "import inkdigits.training.fitting, inkdigits.training.comparing\n"
        "import inkdigits.training.evaluation.report, inkdigits.training.exports.digit_nets\n"
        "from inkdigits.training import fit, evaluate, export\n"
        "assert not any(type(f).__name__ == 'module' for f in (fit, evaluate, export))\n"
        "assert inkdigits.training.fit is fit"
    )
    assert run_python(code).returncode == 0


def test_loading_mnist_does_not_wait_for_keras():
    code = "import sys; from inkdigits.training import load_mnist; load_mnist(); assert 'keras' not in sys.modules"
    assert run_python(code).returncode == 0


def test_tensorflow_says_nothing_while_it_loads():
    done = run_python("from inkdigits.training import TrainConfig")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_the_extra_the_error_names_the_command_that_adds_it():
    code = "import sys; sys.modules['keras'] = None\nfrom inkdigits.training import fit"
    done = run_python(code)
    assert done.returncode == 1
    assert 'pip install "inkdigits[train]"' in done.stderr.splitlines()[-1]
