from inkdigits.training.digit.learn import goes_on
from inkdigits.training.runs.checkpoint import Progress


def progress(*losses: float) -> Progress:
    """After one epoch for each validation loss."""
    return Progress([{"epoch": epoch, "val_loss": loss} for epoch, loss in enumerate(losses, start=1)])


def test_a_training_begins_and_ends_with_its_epochs() -> None:
    assert goes_on(Progress(), 1)
    assert goes_on(progress(1.0), 2)
    assert not goes_on(progress(1.0, 0.9), 2)


def test_a_training_ends_early_where_nothing_improves_in_its_second_half() -> None:
    assert goes_on(progress(*[1.0] * 14), 20)
    assert not goes_on(progress(*[1.0] * 15), 20)


def test_a_longer_training_waits_longer() -> None:
    assert goes_on(progress(*[1.0] * 44), 60)
    assert not goes_on(progress(*[1.0] * 45), 60)


def test_an_epoch_that_improved_is_waited_for_anew() -> None:
    assert goes_on(progress(*[1.0] * 12, 0.5, *[1.0] * 4), 20)
    assert not goes_on(progress(*[1.0] * 12, 0.5, *[1.0] * 5), 20)
