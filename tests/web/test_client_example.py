import subprocess
import sys
from pathlib import Path

import pytest
from strokes import draw, to_png

pytestmark = pytest.mark.slow

EXAMPLE = Path(__file__).parents[2] / "examples" / "api_client.py"


def test_the_example_client_reads_a_picture_and_tells_what_was_wrong(start_server, tmp_path):
    (tmp_path / "page.png").write_bytes(to_png(draw(4, 2)))
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    command = [sys.executable, EXAMPLE, start_server().url, "page.png", "notes.txt"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.stdout == "page.png: 42\n"
    assert "cannot be read as a picture" in run.stderr
    assert run.returncode == 1
