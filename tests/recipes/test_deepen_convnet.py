import runpy
from pathlib import Path

import keras
import numpy as np
import pytest

from inkdigits.training.data.mnist import load_part
from inkdigits.training.digit.models import build_model

pytestmark = pytest.mark.slow

SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "recipes" / "deepen_convnet.py"))


def test_the_deepened_net_answers_as_the_one_it_came_from() -> None:
    keras.utils.set_random_seed(1)
    whole = build_model("convnet")
    body = SCRIPT["cut"](whole)
    shallow = keras.Sequential([whole.inputs[0], *whole.layers[: body - 3], *whole.layers[body:]])
    frames = load_part("test").images[:50]
    deep = SCRIPT["deepen"](shallow)
    assert len(deep.layers) == len(shallow.layers) + 3
    np.testing.assert_allclose(deep.predict(frames, verbose=0), shallow.predict(frames, verbose=0), atol=1e-5)
