import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from inkdigits.arrays import Frames
from inkdigits.training.evaluation.report import Report
from inkdigits.training.reports.plots import (
    BLUE,
    GREY,
    MISREAD,
    PALE,
    TEXT,
    VERMILION,
    plot_calibration,
    plot_confusion,
    plot_curves,
    plot_frames,
    plot_mistakes,
    plot_samples,
    to_png,
)
from inkdigits.training.runs.folders import HISTORY

pytestmark = pytest.mark.slow


def report_of(count: int, wrong: tuple[int, ...] = ()) -> Report:
    """Sevens, all read as 7 but those at the places `wrong`, read as 1: the later, the surer."""
    probabilities = np.zeros((count, 10), np.float32)
    probabilities[:, 7] = 1
    for place in wrong:
        probabilities[place, 1] = 0.6 + 0.3 * place / count
        probabilities[place, 7] = 1 - probabilities[place, 1]
    return Report("net", probabilities, np.full(count, 7, np.uint8))


def frames(count: int) -> Frames:
    return np.random.default_rng(0).integers(0, 256, (count, 28, 28), np.uint8)


def history(*val_losses: float) -> pd.DataFrame:
    rows = [(epoch, 0.5 / epoch, 0.9, loss, 0.95, 1e-3, 2.0) for epoch, loss in enumerate(val_losses, start=1)]
    return pd.DataFrame(rows, columns=list(HISTORY))


def words_of(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(matplotlib.text.Text) if text.get_text()]


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def test_a_run_without_an_epoch_has_curves_that_say_so():
    assert words_of(plot_curves(history())) == ["No epoch was finished"]


def test_curves_name_the_epoch_of_least_validation_loss():
    words = words_of(plot_curves(history(0.3, 0.1, 0.2)))
    assert any("epoch 2 was kept" in text for text in words)
    assert {"training", "validation", "Loss", "Accuracy"} <= set(words)


def test_curves_of_one_epoch_have_no_broken_epochs_on_their_axis():
    left = plot_curves(history(0.3)).axes[0]
    assert [tick for tick in left.get_xticks() if tick % 1] == []


def test_the_loss_axis_is_labelled_however_little_the_loss_falls():
    for losses in ([0.031, 0.029], [0.5, 0.03], [0.3], [0.0, 0.0]):
        rows = [(epoch, loss, 0.9, loss, 0.95, 1e-3, 2.0) for epoch, loss in enumerate(losses, start=1)]
        left = plot_curves(pd.DataFrame(rows, columns=list(HISTORY))).axes[0]
        low, high = left.get_ylim()
        assert sum(low <= tick <= high for tick in left.get_yticks()) >= 2


def test_the_confusion_matrix_shows_counts_and_leaves_zeros_out():
    (axes,) = plot_confusion(report_of(50, wrong=(3, 4))).axes
    words = sorted(text.get_text() for text in axes.texts if text.get_text())
    never = ["–"] * (9 + 8)  # nine digits never occur, eight were never read
    assert words == sorted(["48", "2", "96.0%", "100.0%", "0.0%", "recall", "precision", *never])


def test_each_misread_sample_is_framed_and_says_what_was_meant():
    figure = plot_samples(frames(300), report_of(300, wrong=(5, 224, 225)))
    (axes,) = figure.axes
    assert len(axes.patches) == 2
    words = words_of(figure)
    assert words.count("1, not 7") == 2
    assert words.count("7") == 223
    assert any("225 pictures" in text and "2 misread" in text for text in words)


def test_samples_stand_in_reading_order():
    pictures = frames(17)
    (axes,) = plot_samples(pictures, report_of(17)).axes
    shown = np.asarray(axes.images[0].get_array())
    np.testing.assert_array_equal(shown[:28, 37:65], 255 - pictures[1])
    np.testing.assert_array_equal(shown[37:65, 3:31], 255 - pictures[15])


def test_a_net_without_mistakes_has_a_picture_that_says_so():
    assert words_of(plot_mistakes(frames(4), report_of(4))) == ["No mistake on 4 pictures"]


def test_the_surest_mistake_is_shown_first():
    pictures = frames(50)
    figure = plot_mistakes(pictures, report_of(50, wrong=(10, 40)))
    shown = np.asarray(figure.axes[0].images[0].get_array())
    np.testing.assert_array_equal(shown[:28, 3:31], 255 - pictures[40])
    words = words_of(figure)
    assert words.index("read 1, 84.0%") < words.index("read 1, 66.0%")
    assert "meant 7, 16.0%" in words


def test_thirty_mistakes_are_shown_at_most():
    words = words_of(plot_mistakes(frames(100), report_of(100, wrong=tuple(range(100)))))
    assert sum(text.startswith("meant") for text in words) == 30
    assert any("100 of 100" in text for text in words)


def test_the_calibration_diagram_has_a_point_for_each_level_that_occurs():
    upper, lower = plot_calibration(report_of(100, wrong=(1, 90))).axes
    points = next(line for line in upper.lines if line.get_marker() == "o")
    assert len(points.get_xdata()) == 3
    assert sum(bar.get_height() for bar in lower.patches) == 100


def test_figures_leave_the_settings_of_matplotlib_as_they_were():
    before = dict(matplotlib.rcParams)
    to_png(plot_confusion(report_of(3)))
    assert dict(matplotlib.rcParams) == before


def test_a_png_is_a_png():
    assert to_png(plot_curves(history(0.1))).startswith(b"\x89PNG\r\n")


@pytest.mark.parametrize("ground", ["#ffffff", PALE, *MISREAD])
def test_text_stands_out_from_each_ground(ground):
    assert (luminance(ground) + 0.05) / (luminance(TEXT) + 0.05) > 4.5  # WCAG 2, AA


@pytest.mark.parametrize("colour", [BLUE, VERMILION, GREY])
def test_lines_stand_out_from_paper(colour):
    assert 1.05 / (luminance(colour) + 0.05) > 3  # WCAG 2.1, graphical objects


def test_of_no_frames_the_title_remains():
    assert words_of(plot_frames(frames(0), title="Nothing")) == ["Nothing"]


def test_each_frame_has_its_caption():
    pictures = frames(12)
    figure = plot_frames(pictures, ["one", 2], "Twelve", across=6)
    assert words_of(figure) == ["one", "2", "Twelve"]
    shown = np.asarray(figure.axes[0].images[0].get_array())
    np.testing.assert_array_equal(shown[36:64, 4:32], 255 - pictures[6])
