"""How fast `inkdigits predict FILE` answers as a whole process, beside bare imports; and `inkdigits --help`.

    python -m benchmarks.speed.starting      # half a minute

The others: a bare Python that imports numpy, cv2 and onnxruntime and opens a session of the same net; and one that does
nothing. Rounds take turns; the ratio is the median over the rounds. All run from bytecode, as installed packages do,
even where inkdigits is a checkout and Python was told to write none.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.record import record
from benchmarks.spread import spread
from inkdigits.onnx_files import find_model
from inkdigits.samples import load_samples

ROUNDS = 20
INKDIGITS = str(Path(sys.executable).with_name("inkdigits"))
BARE = "import sys, numpy, cv2, onnxruntime; onnxruntime.InferenceSession(sys.argv[1])"


def main() -> None:
    """Measure, print and keep the figures."""
    picture = str(next(path for path, _ in load_samples()))
    commands = {
        "predict": [INKDIGITS, "predict", picture],
        "bare_imports": [sys.executable, "-c", BARE, str(find_model(None))],
        "help": [INKDIGITS, "--help"],
        "python": [sys.executable, "-c", ""],
    }
    with tempfile.TemporaryDirectory() as bytecode:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = bytecode
        for command in commands.values():  # once for the disk and the bytecode
            seconds_of(command, environment)
        rounds = [{name: seconds_of(command, environment) for name, command in commands.items()} for _ in range(ROUNDS)]
    figures = {f"{name}_seconds": spread([each[name] for each in rounds]) for name in commands}
    ratios = spread([each["predict"] / each["bare_imports"] for each in rounds])
    record("starting", {"n": ROUNDS, **figures, "predict_as_bare_imports": ratios})


def seconds_of(command: list[str], environment: dict[str, str]) -> float:
    """A whole process."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
