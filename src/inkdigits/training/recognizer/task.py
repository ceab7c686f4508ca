"""What the recognizer learns: crops composed while it learns, and a user's own."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np

from inkdigits.page.ctc import best_path
from inkdigits.page.decoding import COMMA, POINT
from inkdigits.training.config import Settings
from inkdigits.training.recognizer.examples import (
    STREAM,
    Crops,
    Example,
    compose_example,
    find_fonts,
    to_batches,
    vary,
)
from inkdigits.training.recognizer.loss import ctc_loss
from inkdigits.training.recognizer.net import build_recognizer
from inkdigits.training.recognizer.own import Own
from inkdigits.training.synthetic.compose import Composer
from inkdigits.training.trainee import Progression, Trainee
from inkdigits.training.trainer import Task, to_digest

# To compose a batch takes two cores about as long as to learn from it: each is shown about so often in an epoch.
SHOWN = 2
# Of what is learnt from, so much is a user's own where there is any, each time varied; the rest keeps the net from
# forgetting what it knew.
OWN_SHARE = 0.5
# So many crops of MNIST's validation part are held out, of this seed.
HELD_OUT, HELD_OUT_SEED = 1000, 0
# Crops that are measured at a time; it changes nothing but the time.
BATCH = 64


class Score(NamedTuple):
    """How well a net reads crops.

    Attributes:
        loss: the mean of minus the log-likelihood of the right texts.
        is_right: of each crop whether its likeliest path is the right text.
    """

    loss: float
    is_right: np.ndarray[Any, np.dtype[np.bool_]]

    @property
    def accuracy(self) -> float:
        """The share that is read right."""
        return float(self.is_right.mean())


class RecognizerTask(Task):
    """A recognizer, chosen by its loss on composed crops of the validation part, or on held-out ones of the user."""

    def __init__(self, net: keras.Model, settings: Settings, own: Own | None = None) -> None:
        """What is to be learnt; composes what is held out.

        Args:
            net: a float32 recognizer.
            settings: how to train.
            own: a user's numbers.

        Raises:
            DataError: there are no fonts where they should be.
        """
        self.net, self.settings, self.steps, self.own = net, settings, settings.steps, own
        fonts = find_fonts(Path(settings.fonts) if settings.fonts else None)
        self.composer = Composer(partial(compose_example, fonts), "train")
        self.held_out = compose_held_out(fonts, HELD_OUT)

    def facts(self) -> dict[str, Any]:
        """How many numbers of the user, and a SHA-256 of all that does not depend on the seed alone."""
        own = [*self.own.train, *self.own.held_out] if self.own else []
        texts = np.array([example.text for example in own])
        return {
            "own": {"training": len(self.own.train), "held_out": len(self.own.held_out)} if self.own else {},
            "data_sha256": to_digest(texts, *(example.ink for example in [*own, *self.held_out])),
        }

    def build(self, dtype: str) -> keras.Model:
        """A recognizer of the same alphabet."""
        return build_recognizer(dtype=dtype)

    def loss(self, _: Any, wanted: Any, output: Any) -> Any:
        """See `loss.ctc_loss`."""
        return ctc_loss(wanted, output)

    def teach(self, trainee: Trainee, epoch: int) -> Progression:
        """So many steps, about half of them with new crops."""
        return trainee.learn_batches(self.draw_batches(epoch))

    def draw_batches(self, epoch: int) -> Iterator[Crops]:
        """The batches of an epoch, always the same ones: each new one is shown again later in the epoch, or several."""
        rng = np.random.default_rng((self.settings.seed, epoch))
        fresh = to_batches(self._draw_examples(epoch, rng), self.settings.batch_size, rng)
        pool: list[Crops] = []
        for step in range(self.steps):
            if step % SHOWN == 0:
                pool.append(next(fresh))
                yield pool[-1]
            else:
                yield pool[int(rng.integers(len(pool)))]

    def _draw_examples(self, epoch: int, rng: np.random.Generator) -> Iterator[Example]:
        composed = self.composer.compose([STREAM, self.settings.seed, epoch])
        while True:
            if self.own and rng.random() < OWN_SHARE:
                own = self.own.train[int(rng.integers(len(self.own.train)))]
                yield Example(vary(own.ink, rng), own.text)
            elif example := next(composed):
                yield example

    def measure(self) -> dict[str, float]:
        """Loss and accuracy on what is held out: the user's own, where there is any."""
        score = measure_recognizer(self.net, self.own.held_out if self.own else self.held_out)
        return {"val_loss": score.loss, "val_accuracy": score.accuracy}

    def close(self) -> None:
        """End the processes that compose."""
        self.composer.close()


def compose_held_out(fonts: Sequence[Path], count: int) -> list[Example]:
    """So many crops of MNIST's validation part, always the same ones."""
    composer = Composer(partial(compose_example, fonts), "validation")
    try:
        return list(islice(filter(None, composer.compose([STREAM, HELD_OUT_SEED])), count))
    finally:
        composer.close()


def measure_recognizer(net: keras.Model, examples: Sequence[Example]) -> Score:
    """How well a net reads crops, at least one; a comma for a point is no mistake, as hands write them alike."""
    loss, is_right = 0.0, []
    for crops in to_batches(examples, BATCH, keep_rest=True):
        logits = np.asarray(net(crops.ink, training=False))
        loss += float(ctc_loss(crops.classes, logits)) * len(crops.ink)
        for row, classes in zip(logits, crops.classes, strict=True):
            is_right.append(_merge(one for one, _ in best_path(row)) == _merge(classes[classes >= 0].tolist()))
    return Score(loss / len(examples), np.array(is_right))


def _merge(classes: Iterable[int]) -> list[int]:
    return [POINT if one == COMMA else one for one in classes]
