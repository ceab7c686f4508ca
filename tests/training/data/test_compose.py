from functools import partial
from itertools import islice

import numpy as np
import pytest

from inkdigits.training.data.compose import CHUNK, Composer
from inkdigits.training.data.mnist import load_mnist
from inkdigits.training.recognizer.examples import Example, compose_example

pytestmark = pytest.mark.slow

# A function that other processes can find.
CUT = partial(compose_example, ())


@pytest.fixture(scope="module")
def composed() -> dict[str, list[Example | None]]:
    composer = Composer(CUT, "validation")
    try:
        first = list(islice(composer.compose([1, 2]), CHUNK + 3))
        return {
            "first": first,
            "other": list(islice(composer.compose([1, 3]), 5)),
            "again": list(islice(composer.compose([1, 2]), 5)),
        }
    finally:
        composer.close()


def test_lots_come_in_order_and_are_those_of_one_process(composed):
    digits = load_mnist().validation
    for number, lot in enumerate(composed["first"]):
        alone = CUT(digits, np.random.default_rng([1, 2, 1, number]))
        assert (lot is None) == (alone is None)
        if lot and alone:
            assert lot.text == alone.text
            assert np.array_equal(lot.ink, alone.ink)


def test_the_same_key_gives_the_same_lots_whatever_came_before(composed):
    first, again, other = ([lot.text for lot in composed[key][:5] if lot] for key in ("first", "again", "other"))
    assert first == again != other


def test_a_composer_that_composed_nothing_is_closed_all_the_same():
    Composer(CUT, "train").close()
