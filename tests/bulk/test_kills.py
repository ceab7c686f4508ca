"""A run that is killed, and gone on with, until it ends by itself."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.skipif(sys.platform != "linux", reason="looks for worker processes in /proc")
def test_kills_lose_nothing_and_leave_nothing_twice():
    command = [sys.executable, "-m", "benchmarks.speed.kills", "--files", "400", "--kills", "2", "--seconds", "0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    counts = json.loads(done.stdout)
    assert counts.pop("runs") >= 2
    assert counts == {"kills": 2, "files": 400, "rows": 400} | dict.fromkeys(
        ("lost", "twice", "out_of_order", "read_again"), 0
    )
