"""Tables of how fast learning, predicting and starting are, beside others, for fill_figures.py."""

from collections.abc import Callable
from typing import Any

from markdown_tables import table


def fast(result: dict[str, Any]) -> str:
    """`inkdigits train fast` beside one epoch of PyTorch and the beginners' Keras."""
    figures = result["figures"]
    accuracy = figures["accuracy"]
    rows = [
        ["the epoch", seconds(figures["fast"]["epoch_seconds"]), *torch_cells(figures)],
        [
            "process, until the model is saved",
            seconds(figures["fast"]["saved_seconds"]),
            f"Keras until 99%, {min(figures['keras_epochs'])} to {max(figures['keras_epochs'])} epochs: "
            + seconds(figures["keras_process_seconds"]),
            times(figures["saved_as_keras"]),
        ],
        [
            "process, with export and report",
            seconds(figures["fast"]["process_seconds"]),
            "the same",
            times(figures["process_as_keras"]),
        ],
        [
            "`cnn`, one epoch",
            seconds(figures["cnn"]["epoch_seconds"]),
            f"Keras's `fit`, batch 128: {seconds(figures['keras_first_epoch_seconds'])}",
            times(figures["cnn_epoch_as_keras"]),
        ],
    ]
    return table(["learning", "inkdigits", "the other", "times as fast"], rows) + (
        f"\nMedians of {figures['n']} rounds that take turns. `fast` on the MNIST test set, {accuracy['n']} seeds: "
        f"{100 * accuracy['mean']:.2f} ± {100 * accuracy['std']:.2f}%, the worst {100 * accuracy['least']:.2f}%.\n"
    )


def torch_cells(figures: dict[str, Any]) -> list[str]:
    """The PyTorch recipe and the ratio to it."""
    if "epoch_as_torch" not in figures:
        return ["PyTorch: not measured", "–"]
    return [f"PyTorch's one-epoch recipe: {seconds(figures['torch_seconds'])}", times(figures["epoch_as_torch"])]


def predicting(result: dict[str, Any]) -> str:
    """Frames through the nets beside Keras, LiteRT and plain ONNX Runtime."""
    nets = {name: net for name, net in result["figures"].items() if name != "n"}
    rows = [
        [
            f"`{name}`",
            f"{net['multiply_adds'] / 1e6:.1f} million",
            f"{net['one_us']['median']:.0f} µs",
            f"{net['one_as_keras']['median']:,.0f}",
            f"{net['one_as_litert']['median']:.2f}",
            f"{net['frames_per_second']['median']:,.0f}",
            f"{net['pile_as_plain']['median']:.2f}",
            f"{net['pile_as_plain_per_multiply_add']['median']:.2f}",
        ]
        for name, net in nets.items()
    ]
    head = [
        "model",
        "multiply-adds",
        "one frame",
        "times as fast as Keras's predict",
        "as LiteRT",
        "10,000: frames per second",
    ]
    return table([*head, "times as fast as `cnn` on plain ONNX Runtime", "per multiply-add"], rows) + (
        f"\nMedians of {result['figures']['n']} rounds that take turns.\n"
    )


def variants(result: dict[str, Any]) -> str:
    """The nets in fewer bits."""
    figures = result["figures"]
    nets = {net: kinds for net, kinds in figures.items() if isinstance(kinds, dict)}
    rows = [
        [
            f"`{net}`, {kind.replace('_', ' ')}",
            f"{each['bytes'] / 1000:,.0f} kB",
            f"{each['validation_misses']} / {each['test_misses']}",
            f"{each['one_per_second_as_32_bits']['median']:.2f}",
            f"{each['by_64_per_second']['median']:,.0f}",
            f"{each['by_64_per_second_as_32_bits']['median']:.2f}",
        ]
        for net, kinds in nets.items()
        for kind, each in kinds.items()
    ]
    head = ["model", "size", "misread in validation / test", "one frame, times as fast", "frames per second, by 64"]
    return table([*head, "times as fast"], rows) + (
        f"\nOf {figures['n_validation']:,} and {figures['n_test']:,} pictures; "
        f"medians of {figures['n']} rounds that take turns.\n"
    )


def starting(result: dict[str, Any]) -> str:
    """Whole processes."""
    figures = result["figures"]
    return (
        f"- `inkdigits predict FILE`: {seconds(figures['predict_seconds'])}, "
        f"{times(figures['predict_as_bare_imports'])} times as long as a bare Python that imports numpy, cv2 and "
        f"onnxruntime and opens a session ({seconds(figures['bare_imports_seconds'])})\n"
        f"- `inkdigits --help`: {seconds(figures['help_seconds'])}\n\n"
        f"Medians of {figures['n']} rounds that take turns.\n"
    )


def seconds(spread: dict[str, float]) -> str:
    """A median."""
    median = spread["median"]
    return f"{median:.0f} s" if median >= 10 else f"{median:.2g} s"


def times(spread: dict[str, float]) -> str:
    """A ratio with its range."""
    return f"{spread['median']:.1f} ({spread['least']:.1f} to {spread['most']:.1f})"


RENDERERS: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "fast": ("fast", fast),
    "predicting": ("predicting", predicting),
    "starting": ("starting", starting),
    "variants": ("variants", variants),
}
