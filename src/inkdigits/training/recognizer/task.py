"""What the recognizer learns: crops composed while it learns, and a user's own."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import numpy.typing as npt

from inkdigits.page.crops import to_crop
from inkdigits.page.ctc import best_path
from inkdigits.page.decoding import SYMBOLS
from inkdigits.training.config import Settings
from inkdigits.training.data.compose import Composer
from inkdigits.training.data.mnist import load_mnist
from inkdigits.training.recognizer.examples import (
    STREAM,
    WIDTHS_PX,
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
from inkdigits.training.trainee import Progression, Trainee
from inkdigits.training.trainer import OWN, Task, to_digest

# To compose a batch takes two cores about as long as to learn from it: each is shown about so often in an epoch.
SHOWN = 2
# Of what is learnt from, so much is a user's own where there is any, each time varied; the rest keeps the net from
# forgetting what it knew.
OWN_SHARE = 0.5
# This many crops of MNIST's validation part are held out, of this seed; and this many of its digits on white paper
# with a rim as wide as this.
HELD_OUT, HELD_OUT_SEED, RIM_PX = 1000, 0, 10
LEARNT, COMPOSED, DIGITS_ALONE = "learnt", "composed numbers", "digits of MNIST"
# Crops that are measured at a time; it changes nothing but the time.
BATCH = 64


class Score(NamedTuple):
    """How well a net reads crops.

    Attributes:
        loss: the mean of minus the log-likelihood of the right texts.
        is_right: (N,) whether the likeliest path along a crop is the right text.
        texts: (N,) what it is.
    """

    loss: float
    is_right: npt.NDArray[np.bool_]
    texts: list[str]

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
        # Measured now, as the net will be another one.
        self.scores_before = self.measure_all() if own and settings.from_model else {}
        self.before = {name: score.is_right for name, score in self.scores_before.items()}

    def facts(self) -> dict[str, Any]:
        """How many numbers of the user, and a SHA-256 of all that does not depend on the seed alone."""
        examples, counts = list(self.held_out), {}
        if own := self.own:
            examples = [*own.train, *own.held_out, *examples]
            counts = {"training": len(own.train), "held_out": len(own.held_out), "pages": own.pages}
            counts |= {"drawn": own.drawn, "drawn_right": own.drawn_right} if own.drawn else {}
        texts = np.array([example.text for example in examples])
        return {"own": counts, "data_sha256": to_digest(texts, *(example.ink for example in examples))}

    def build(self, dtype: str) -> keras.Model:
        """A recognizer of the same alphabet."""
        return build_recognizer(dtype=dtype)

    def loss(self, _: Any, wanted: Any, output: Any) -> Any:
        """See `loss.ctc_loss`."""
        return ctc_loss(wanted, output)

    def teach(self, trainee: Trainee, epoch: int) -> Progression:
        """This many steps, about half of them with new crops."""
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

    def measure_all(self) -> dict[str, Score]:
        """How `net` reads what the user has, in both parts, and what it must not forget."""
        assert self.own
        examples = {
            OWN: self.own.held_out,
            LEARNT: self.own.train,
            COMPOSED: self.held_out,
            DIGITS_ALONE: take_digits(HELD_OUT),
        }
        return {name: measure_recognizer(self.net, some) for name, some in examples.items()}

    def close(self) -> None:
        """End the processes that compose."""
        self.composer.close()


def compose_held_out(fonts: Sequence[Path], count: int) -> list[Example]:
    """This many crops of MNIST's validation part, always the same ones."""
    composer = Composer(partial(compose_example, fonts), "validation")
    try:
        return list(islice(filter(None, composer.compose([STREAM, HELD_OUT_SEED])), count))
    finally:
        composer.close()


def take_digits(count: int) -> list[Example]:
    """This many digits of MNIST's validation part, evenly spaced, each as the crop of a picture that it fills."""
    images, labels = load_mnist().validation
    some = np.linspace(0, len(labels) - 1, count).astype(int)
    pictures = np.pad(255 - images[some], [(0, 0), (RIM_PX, RIM_PX), (RIM_PX, RIM_PX)], constant_values=255)
    return [Example(to_crop(gray).ink, str(digit)) for gray, digit in zip(pictures, labels[some], strict=True)]


def measure_recognizer(net: keras.Model, examples: Sequence[Example]) -> Score:
    """How well a net reads crops, at least one; a comma for a point is no mistake, as hands write them alike."""
    loss, texts = 0.0, [""] * len(examples)
    places: dict[int, list[int]] = defaultdict(list)
    for place, example in enumerate(examples):
        places[next(width for width in WIDTHS_PX if width >= example.ink.shape[1])].append(place)
    for some in places.values():
        read = iter(some)
        for crops in to_batches((examples[place] for place in some), BATCH, keep_rest=True):
            logits = np.asarray(net(crops.ink, training=False))
            loss += float(ctc_loss(crops.classes, logits)) * len(crops.ink)
            for row in logits:
                texts[next(read)] = "".join(SYMBOLS[symbol] for symbol, _ in best_path(row))
    is_right = [_merge(text) == _merge(example.text) for text, example in zip(texts, examples, strict=True)]
    return Score(loss / len(examples), np.array(is_right), texts)


def _merge(text: str) -> str:
    return text.replace(",", ".")
