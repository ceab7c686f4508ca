import inspect

import pytest

from inkdigits import errors
from inkdigits.errors import InkDigitsError, MissingExtraError, did_you_mean

CLASSES = [c for _, c in inspect.getmembers(errors, inspect.isclass) if c.__module__ == errors.__name__]


@pytest.mark.parametrize("error", CLASSES)
def test_every_error_has_one_root_and_stands_in_the_tree(error):
    assert issubclass(error, InkDigitsError)
    assert error.__name__ in errors.__doc__


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (errors.ArrayError, ValueError),
        (errors.ImageError, ValueError),
        (errors.ImageNotFoundError, FileNotFoundError),
        (errors.ImageTypeError, TypeError),
        (errors.ModelNotFoundError, FileNotFoundError),
        (errors.DataNotFoundError, FileNotFoundError),
        (errors.RunError, RuntimeError),
        (errors.ExportError, RuntimeError),
        (errors.MissingExtraError, ImportError),
    ],
)
def test_an_error_is_caught_by_the_builtin_that_a_caller_expects(error, builtin):
    with pytest.raises(builtin, match="what is wrong"):
        raise error("what is wrong")


def test_a_missing_extra_names_the_command_that_adds_it():
    assert 'pip install "inkdigits[heic]"' in str(MissingExtraError.of("heic", "Reading HEIC"))


@pytest.mark.parametrize(
    ("name", "question"), [("fsat", " Did you mean fast?"), ("FAST", " Did you mean fast?"), ("resnext", ""), ("", "")]
)
def test_a_name_that_is_nearly_right_is_suggested(name, question):
    assert did_you_mean(name, ["nn", "fast", "cnn"]) == question
