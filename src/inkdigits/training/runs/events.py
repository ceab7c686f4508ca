"""The curves of a run as TensorBoard reads them: `tensorboard --logdir runs`."""

from pathlib import Path

import tensorflow as tf

# Columns of the history that are not curves.
NO_CURVES = ("epoch", "seconds")


class EventLog:
    """Writes event files into the folder `tensorboard` of a run; a run that goes on adds a file."""

    def __init__(self, run: Path) -> None:
        self._writer = tf.summary.create_file_writer(str(run / "tensorboard"))

    def write(self, row: dict[str, float]) -> None:
        """Add an epoch, a row of the history, to the curves."""
        # tf.summary.scalar would need the package tensorboard itself, which only whoever looks at the curves must have.
        value = tf.compat.v1.Summary.Value
        summary = tf.compat.v1.Summary(
            value=[value(tag=name, simple_value=row[name]) for name in row if name not in NO_CURVES]
        )
        with self._writer.as_default():
            tf.summary.experimental.write_raw_pb(summary.SerializeToString(), step=int(row["epoch"]))
        self._writer.flush()
