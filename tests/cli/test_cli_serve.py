from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ([], (None, "127.0.0.1", 8000, None, False, None)),
        (
            [
                "--model",
                "cnn",
                "--host",
                "0.0.0.0",
                "--port",
                "0",
                "--corrections",
                "c.sqlite",
                "--open",
                "--recognizer",
                "r",
            ],
            ("cnn", "0.0.0.0", 0, Path("c.sqlite"), True, Path("r")),
        ),
    ],
)
def test_serve_hands_on_what_was_asked_for(run, monkeypatch, arguments, given):
    pytest.importorskip("fastapi")
    asked = []
    monkeypatch.setattr("inkdigits.web.server.serve", lambda *what: asked.append(what))
    assert run("serve", *arguments) == (0, "", "")
    assert asked == [given]


def test_a_port_that_cannot_be_is_refused_in_plain_words(run):
    code, _, err = run("serve", "--port", "99999")
    assert code == 2
    assert "99999 is too large. Give 0 to 65535." in err
