import numpy as np
import pytest

from inkdigits.training.digit.residual import Residual

pytestmark = pytest.mark.slow

PICTURES = np.random.default_rng(0).random((2, 7, 7, 4), np.float32)


def test_no_pictures_give_no_pictures():
    assert Residual(4)(PICTURES[:0]).shape == (0, 7, 7, 4)


@pytest.mark.parametrize(("filters", "stride", "side"), [(4, 1, 7), (6, 1, 7), (4, 2, 4)])
def test_the_shape_that_comes_out_is_the_shape_foretold(filters, stride, side):
    block = Residual(filters, stride)
    assert block(PICTURES).shape == block.compute_output_shape(PICTURES.shape) == (2, side, side, filters)


def test_a_block_whose_change_is_nothing_passes_on_what_came_in():
    block = Residual(4)
    block.build(PICTURES.shape)
    block.change[-1].gamma.assign(np.zeros(4))
    np.testing.assert_array_equal(np.asarray(block(PICTURES)), PICTURES)


def test_only_a_block_that_changes_the_shape_has_a_convolution_beside_it():
    same, wider = Residual(4), Residual(6)
    same.build(PICTURES.shape)
    wider.build(PICTURES.shape)
    assert same.count_params() == 2 * (9 * 4 * 4 + 4 * 4)
    assert wider.count_params() == 9 * 4 * 6 + 9 * 6 * 6 + 4 * 6 + 3 * 4 * 6


def test_what_comes_out_is_never_below_zero():
    assert np.asarray(Residual(6, 2)(PICTURES - 0.5)).min() == 0
