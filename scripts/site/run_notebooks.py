"""Execute the notebooks from top to bottom and keep what they put out.

    python scripts/site/run_notebooks.py                       # all of them
    python scripts/site/run_notebooks.py 4_errors_and_doubt    # only this one

Needs the extra `dev`. With INKDIGITS_NOTEBOOKS=quick in the environment they run on few pictures, as the tests do; what
they put out then is not worth keeping.
"""

import argparse
import base64
import io
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image
from tqdm import tqdm

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
# A cell that takes longer hangs, even on a busy machine.
TIMEOUT_SECONDS = 1800
# Figures look the same with this many colours, and the files are a third of the size.
COLORS = 128


def execute(name: str) -> NotebookNode:
    """A notebook of the folder after all of its cells were run, in the folder and in this environment's Python.

    Raises:
        CellExecutionError: a cell failed; it holds the cell and its traceback.
    """
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(FOLDER)}},
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=40"],  # it warns that it talks to itself through an open port
    )
    client.execute()
    return notebook


def tidy(notebook: NotebookNode) -> None:
    """Keep what a reader needs, and nothing that differs from one machine or run to the next."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            # On stderr there are progress bars and the chatter of TensorFlow.
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    output.data, output.metadata = {"image/png": shrink(output.data["image/png"])}, {}


def shrink(png: str) -> str:
    """The base64 of a PNG, as that of a smaller one."""
    smaller = io.BytesIO()
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    picture.quantize(COLORS, dither=Image.Dither.NONE).save(smaller, "PNG", optimize=True)
    return base64.b64encode(smaller.getvalue()).decode()


def write(name: str, notebook: NotebookNode) -> Path:
    """Put a notebook in the place of the one of that name; it appears whole or not at all."""
    path = FOLDER / f"{name}.ipynb"
    part = path.with_suffix(".part")
    nbformat.write(notebook, part)
    part.replace(path)
    return path


def main() -> None:
    """Execute, tidy and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=NAMES, help="by default all of them")
    for name in tqdm(parser.parse_args().names or NAMES, unit="notebook", file=sys.stderr):
        began = time.perf_counter()
        notebook = execute(name)
        tidy(notebook)
        path = write(name, notebook)
        tqdm.write(f"{path.name}: {time.perf_counter() - began:.0f} s, {path.stat().st_size / 1000:.0f} kB", sys.stderr)


if __name__ == "__main__":
    main()
