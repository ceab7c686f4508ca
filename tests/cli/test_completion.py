import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def complete(*words: str) -> set[str]:
    """What bash is told to offer behind these words, the last of which is not complete."""
    answer = subprocess.run(
        [sys.executable, "-m", "inkdigits"],
        env=os.environ
        | {
            "_INKDIGITS_COMPLETE": "bash_complete",
            "COMP_WORDS": " ".join(["inkdigits", *words]),
            "COMP_CWORD": str(len(words)),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return {line.partition(",")[2] for line in answer.stdout.splitlines()}


def test_commands_are_completed():
    assert complete("e") == {"evaluate", "export"}


def test_options_are_completed():
    assert {"--json", "--jobs"} <= complete("read", "--j")


def test_models_are_completed():
    assert complete("predict", "--model", "c") == {"cnn", "convnet"}
    assert complete("train", "c") == {"capsnet", "cnn", "convnet"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_is_shown(run, shell):
    code, out, err = run("--show-completion", shell)
    assert (code, err) == (0, "")
    assert f"_INKDIGITS_COMPLETE={shell}_complete" in out


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_bash_takes_what_was_installed(run, tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("SHELL", "/bin/bash")
    (tmp_path / ".bashrc").write_text("alias ll='ls -l'")
    for _ in range(2):
        code, out, err = run("--install-completion")
        assert code == 0
        assert "every new terminal" in out
    script = tmp_path / ".local/share/inkdigits/completion.bash"
    assert str(script) in err
    assert (tmp_path / ".bashrc").read_text() == f"alias ll='ls -l'\nsource \"{script}\"\n"
    ask = f"source {tmp_path / '.bashrc'}; complete -p inkdigits"
    told = subprocess.run(["bash", "--norc", "-c", ask], capture_output=True, text=True)
    assert "_inkdigits_completion" in told.stdout, told.stderr


def test_an_unknown_shell_is_told_the_known_ones(run, monkeypatch):
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    code, _, err = run("--install-completion")
    assert code == 2
    assert "bash, zsh, fish" in err
