"""Where a run comes from: machine, versions, commit."""

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path

PACKAGES = ("inkdigits", "keras", "tensorflow", "tensorflow-cpu", "jax", "numpy", "onnx", "onnxruntime")
CPUINFO = Path("/proc/cpuinfo")


def versions() -> dict[str, str]:
    """The versions of Python and of the installed packages on which a result depends."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, str | int]:
    """The processor, its cores and the operating system."""
    cpu = platform.processor() or platform.machine()
    for line in _cpuinfo().splitlines():
        if line.startswith("model name"):
            cpu = line.partition(":")[2].strip()
            break
    return {"cpu": cpu, "cores": os.cpu_count() or 1, "system": platform.platform()}


def has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 matrices itself; where it does not, bfloat16 is no faster."""
    return not {"avx512_bf16", "amx_bf16"}.isdisjoint(_cpuinfo().split())


def commit() -> str:
    """The commit of the inkdigits checkout in which this file is tracked, with `-dirty` behind it where files were
    changed; empty for an installed package.
    """
    here = Path(__file__)
    try:
        for command in (
            ["git", "ls-files", "--error-unmatch", here.name],
            ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
        ):
            done = subprocess.run(command, cwd=here.parent, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def _cpuinfo() -> str:
    return CPUINFO.read_text("utf-8") if CPUINFO.exists() else ""
