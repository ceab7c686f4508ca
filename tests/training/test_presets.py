import pytest

from inkdigits.errors import ModelNotFoundError
from inkdigits.training.presets import PRESETS, TUNING, check_name, find_preset


def test_an_unknown_name_is_answered_with_the_names_there_are():
    with pytest.raises(ModelNotFoundError, match=r"no model 'rnn' to train\. Did you mean nn\? There are: nn, cnn"):
        check_name("rnn")
    with pytest.raises(ModelNotFoundError, match=r"no model 'recogniser' to train\. Did you mean recognizer"):
        check_name("recogniser")
    assert check_name("detector") == "detector"


def test_only_a_trained_recognizer_has_a_preset_of_its_own():
    assert find_preset("recognizer", is_trained=True) is TUNING
    assert find_preset("recognizer", is_trained=False) is PRESETS["recognizer"]
    assert find_preset("cnn", is_trained=True) is PRESETS["cnn"]


def test_a_classifier_goes_on_with_a_users_digits_at_a_lower_rate():
    usual, own = PRESETS["convnet"], find_preset("convnet", is_trained=True, is_own=True)
    assert own.learning_rate < usual.learning_rate / 2
    assert own.steps > 0
    assert own.clutter_share == usual.clutter_share
