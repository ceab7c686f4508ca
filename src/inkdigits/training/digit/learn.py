"""The epochs: a net learns from the training part and is chosen on the validation part."""

import math
import sys
import time
from pathlib import Path

import keras
import numpy as np
from tqdm import tqdm

from inkdigits.arrays import Floats, Frames
from inkdigits.errors import RunError
from inkdigits.training.data.mnist import Images, Split
from inkdigits.training.digit.augment import Distortion, RandomShift
from inkdigits.training.digit.calibrate import log_loss
from inkdigits.training.digit.config import Settings
from inkdigits.training.digit.distill import DigitAccuracy, load_committee, soft_cross_entropy, to_targets
from inkdigits.training.digit.models import build_model, predict
from inkdigits.training.digit.schedule import Schedule
from inkdigits.training.digit.steps import Trainee
from inkdigits.training.digit.transfer import freeze, head_epochs
from inkdigits.training.runs.checkpoint import Progress, load_checkpoint, save_checkpoint
from inkdigits.training.runs.events import EventLog
from inkdigits.training.runs.folders import write_history
from inkdigits.training.runs.provenance import has_bfloat16
from inkdigits.training.synthetic.clutter import draw_clutter, draw_printed
from inkdigits.training.synthetic.pen import draw_digits

# Epochs without a smaller validation loss after which a training stops; in a long one a quarter of all: it is of few
# pictures, so its epochs are short and the loss on what is held out of them wavers. They count from the middle of a
# training on: the rate is high before, so that a net with trained weights is at first worse than it began.
PATIENCE = 5
# Of AdamW (Loshchilov and Hutter, 2019). The cnn's validation loss with seed 0: 0.0315 without it, 0.0252 with 0.02 and
# 0.0255 with 0.1; with seed 1: 0.0291 with 0.05, 0.0279 with 0.1, 0.0278 with 0.2.
WEIGHT_DECAY = 0.1
# Of the drawn digits, those in print: enough that letters in the same fonts do not teach a net to refuse all print.
PRINTED_SHARE = 0.1


def learn(net: keras.Model, split: Split, settings: Settings, run: Path) -> tuple[Progress, bool]:
    """Train `net` until all epochs are done, nothing improves any more, or the user presses Ctrl-C.

    The state is kept in the run folder after each epoch; where one is there already, the training goes on from it.

    Args:
        net: a float32 net of the zoo; in the end it has the weights of the epoch of least validation loss.
        split: the test part is not touched.
        settings: how to train.
        run: the run folder.

    Returns:
        The progress, and whether the user broke it off.

    Raises:
        RunError: the loss is not a number any more, or the checkpoint in the folder is not of this net.
    """
    shares = 1 + settings.pen_share + settings.clutter_share
    steps = math.ceil(round(shares * len(split.train.labels)) / settings.batch_size)
    trainee, twin = build_trainee(net, settings, steps)
    progress = load_checkpoint(run, trainee)
    alone = head_epochs(settings)
    events = EventLog(run) if settings.log else None
    bar = ProgressBar(settings.epochs, steps, progress.epoch)
    interrupted = False
    try:
        while goes_on(progress, settings.epochs):
            if alone:
                freeze(trainee, twin, progress.epoch < alone)
            row = learn_epoch(trainee, twin, net, split, settings, progress, bar)
            progress.history.append(row)
            if progress.best_epoch == progress.epoch:
                progress.best = net.get_weights()
            save_checkpoint(run, trainee, progress)
            write_history(run, progress.history)
            if events:
                events.write(row)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        bar.close()
    net.set_weights(progress.best or twin.get_weights())
    return progress, interrupted


def goes_on(progress: Progress, epochs: int) -> bool:
    """Whether there is another epoch: not after the last, nor where the validation loss has stopped falling."""
    waited = progress.epoch - max(progress.best_epoch, epochs // 2)
    return progress.epoch < epochs and waited < max(PATIENCE, epochs // 4)


def build_trainee(net: keras.Model, settings: Settings, steps: int) -> tuple[Trainee, keras.Model]:
    """What learns, and the twin of `net` in it, with the same weights but faster numbers where the CPU has them.

    Around the twin are the changes to the frames, and beside it the teachers, who see the changed frames, too.

    bfloat16 takes an epoch of the cnn from 5.2 to 3.5 s on two cores with AVX512-BF16. An epoch teaches a little less
    so, but a second more: validation loss 0.0229 after 11 epochs, 0.0254 after 8 of float32 in the same time (seed 1).
    It stays in here: ONNX Runtime refuses such a net, and with the same weights the float32 net answers nearly alike.
    """
    dtype = "mixed_bfloat16" if has_bfloat16() else "float32"
    twin = build_model(net.name, dtype)
    twin.set_weights(net.get_weights())
    changes: list[keras.Layer] = [RandomShift(settings.shift_px, settings.seed)] if settings.shift_px else []
    changes += [Distortion(settings.seed)] if settings.distort else []
    frames = changed = keras.Input(net.input_shape[1:], dtype="uint8")
    for change in changes:
        changed = change(changed)
    answers = changed
    for layer in twin.layers:
        answers = layer(answers)
    if settings.teachers:
        teacher_probabilities = load_committee(settings.teachers, dtype)(changed)
        answers = keras.layers.Concatenate(dtype="float32")([answers, teacher_probabilities])
    trainee = Trainee(frames, answers)
    trainee.compile(
        keras.optimizers.AdamW(Schedule(settings, steps), WEIGHT_DECAY, *settings.betas),
        soft_cross_entropy,
        metrics=[DigitAccuracy()],
        jit_compile=False,  # XLA on a CPU: 41 s an epoch of the cnn instead of 5
    )
    trainee.optimizer.build(trainee.trainable_variables)
    return trainee, twin


def learn_epoch(
    trainee: Trainee,
    twin: keras.Model,
    net: keras.Model,
    split: Split,
    settings: Settings,
    progress: Progress,
    bar: "ProgressBar",
) -> dict[str, float]:
    """One pass over the training part; `net` gets the averaged weights. Returns the row of the history."""
    began = time.perf_counter()
    epoch = progress.epoch
    images, targets = gather(split.train, settings, epoch)
    rate = float(trainee.optimizer.learning_rate)
    for step, logs in trainee.learn(images, targets, settings.batch_size):
        bar.show(step, logs)
    progress.add(twin.get_weights(), settings.averaged_epochs)
    net.set_weights(progress.average)
    logits = predict(net, split.validation.images)
    row = {
        "epoch": epoch + 1,
        "loss": logs["loss"],
        "accuracy": logs["accuracy"],
        "val_loss": log_loss(logits, split.validation.labels),
        "val_accuracy": float((logits.argmax(axis=1) == split.validation.labels).mean()),
        "learning_rate": rate,
        "seconds": round(time.perf_counter() - began, 3),
    }
    if not math.isfinite(row["loss"] + row["val_loss"]):
        raise RunError(f"In epoch {epoch + 1} the loss is not a number any more. Try a smaller --learning-rate.")
    bar.finish_epoch(row)
    return row


def gather(train: Images, settings: Settings, epoch: int) -> tuple[Frames, Floats]:
    """The frames (N, 28, 28) of an epoch in its order and their targets (N, 10).

    They are the training part, and what is drawn for this epoch alone: digits by the pen and in print, and clutter.
    """
    rng = np.random.default_rng((settings.seed, epoch))
    count = len(train.labels)
    drawn = draw_digits(round(settings.pen_share * count), rng)
    printed = rng.random(len(drawn.labels)) < PRINTED_SHARE
    drawn.images[printed] = draw_printed(drawn.labels[printed], rng)
    clutter = draw_clutter(round(settings.clutter_share * count), train, rng)
    order = rng.permutation(count + len(drawn.labels) + len(clutter))
    images = np.concatenate([train.images, drawn.images, clutter])
    labels = np.concatenate([train.labels, drawn.labels])
    return images[order], to_targets(labels, len(clutter), settings.smoothing)[order]


class ProgressBar:
    """A bar over all steps of all epochs with loss, accuracy and the time left; a line for each epoch that ended."""

    def __init__(self, epochs: int, steps: int, done: int) -> None:
        self.epochs, self.steps, self.done = epochs, steps, done
        self.bar = tqdm(total=epochs * steps, initial=done * steps, unit="step", file=sys.stderr, dynamic_ncols=True)

    def show(self, step: int, logs: dict[str, float]) -> None:
        """Say how far the epoch has come."""
        self.bar.set_description(f"epoch {self.done + 1}/{self.epochs}", refresh=False)
        self.bar.set_postfix_str("loss {loss:.4f}, accuracy {accuracy:.2%}".format(**logs), refresh=False)
        self.bar.update(self.done * self.steps + step - self.bar.n)

    def finish_epoch(self, row: dict[str, float]) -> None:
        """Say how the epoch ended."""
        self.done += 1
        self.bar.write(
            "epoch {epoch}/{epochs}: loss {loss:.4f}, accuracy {accuracy:.2%}, validation loss {val_loss:.4f}, "
            "validation accuracy {val_accuracy:.2%}, {seconds:.1f} s".format(epochs=self.epochs, **row),
            file=sys.stderr,
        )

    def close(self) -> None:
        """Leave the terminal to others."""
        self.bar.close()
