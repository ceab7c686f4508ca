"""What holds for all commands: help, exit codes, errors."""

import subprocess
import sys

import pytest

import inkdigits
from inkdigits import cli

NAMES = ("predict", "read", "train", "evaluate", "compare", "models", "export", "serve")


def test_without_a_command_the_help_lists_all_commands(run):
    code, out, err = run()
    assert (code, out) == (2, "")
    for name in NAMES:
        assert f"  {name} " in err


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_that_of_the_package(run, option):
    assert run(option) == (0, f"inkdigits {inkdigits.__version__}\n", "")


@pytest.mark.parametrize("option", ["--help", "-h"])
@pytest.mark.parametrize("command", NAMES)
def test_every_command_helps(run, command, option):
    code, out, err = run(command, option)
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: inkdigits {command} ")


def test_the_help_of_a_command_explains_its_arguments(run):
    _, out, _ = run("read", "-h")
    assert "Arguments:\n  FILE|DIR|-...  Pictures" in out


def test_the_help_speaks_of_models_and_not_of_nets(run):
    shown = "".join(run(*words, "-h")[1] for words in [(), *((name,) for name in NAMES)])
    assert " net" not in shown
    assert "model" in shown


def test_each_command_is_described_in_full_in_the_list(run):
    assert "..." not in run("-h")[1].split("Commands:")[1]


def test_a_mistyped_command_is_suggested(run):
    code, _, err = run("predcit")
    assert code == 2
    assert "There is no command 'predcit'. Did you mean predict?" in err


def test_a_mistyped_option_is_suggested(run):
    code, _, err = run("read", "--outptu", "rows.csv")
    assert code == 2
    assert "--output" in err.split("Did you mean")[1]


@pytest.mark.parametrize("arguments", [["predict"], ["predict", "--image"], ["guess"], ["export"], ["read"]])
def test_wrong_usage_is_exit_code_2(run, arguments):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "Error: " in err


def test_a_failure_is_one_line_that_names_the_file_and_exit_code_1(run, tmp_path):
    code, out, err = run("predict", tmp_path / "nowhere.png")
    assert (code, out) == (1, "")
    assert "nowhere.png" in err
    assert len(err.splitlines()) == 1


def test_ctrl_c_is_exit_code_130(run, monkeypatch, seven_png):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("inkdigits.reader.Reader.__init__", stop)
    code, out, err = run("predict", seven_png)
    assert (code, out) == (130, "")
    assert err.strip() == "inkdigits: stopped"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "package", "extra"),
    [(["evaluate"], "h5py", "train"), (["train"], "keras", "train"), (["serve"], "fastapi", "web")],
)
def test_a_command_without_its_extra_names_the_command_that_adds_it(arguments, package, extra):
    hide = f"import sys; sys.modules[{package!r}] = None; sys.argv[1:] = {arguments!r}"
    code = f"{hide}; from inkdigits.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert f'pip install "inkdigits[{extra}]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_asking_for_help_loads_no_numpy_and_no_pydantic():
    probe = (
        "import sys; sys.argv[1:] = ['-h']\nfrom inkdigits.cli import main\ntry: main()\nfinally: print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert {"numpy", "pydantic", "typer", "rich", "tqdm"} & loaded == set()


def test_every_parameter_is_explained():
    for command in cli.app.commands.values():
        for parameter in command.params:
            assert parameter.help, (command.name, parameter.name)
