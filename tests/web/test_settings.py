import re
from pathlib import Path

import pytest

from inkdigits.errors import InkDigitsError
from inkdigits.web.settings import Settings, load_settings


def test_the_defaults_are_safe(monkeypatch):
    settings = load_settings()
    assert settings.max_bytes == 20 * 2**20
    assert settings.cors_origins == ()
    assert settings.corrections is None


def test_variables_are_read_and_what_is_given_wins(monkeypatch, tmp_path):
    monkeypatch.setenv("INKDIGITS_MAX_BYTES", "1000")
    monkeypatch.setenv("INKDIGITS_CORS_ORIGINS", "https://a.example, https://b.example")
    monkeypatch.setenv("INKDIGITS_CORRECTIONS", str(tmp_path / "env.sqlite"))
    settings = load_settings(corrections=tmp_path / "given.sqlite")
    assert settings.max_bytes == 1000
    assert settings.cors_origins == ("https://a.example", "https://b.example")
    assert settings.corrections == tmp_path / "given.sqlite"
    assert load_settings(corrections=None).corrections == tmp_path / "env.sqlite"


@pytest.mark.parametrize(
    ("name", "value"), [("MAX_BYTES", "many"), ("MAX_PIXELS", "999999999999"), ("WORKERS", "0"), ("TOKEN", "schlüssel")]
)
def test_a_wrong_variable_is_named(monkeypatch, name, value):
    monkeypatch.setenv(f"INKDIGITS_{name}", value)
    with pytest.raises(InkDigitsError, match=f"INKDIGITS_{name}"):
        load_settings()


def test_the_token_stands_in_no_message(monkeypatch):
    monkeypatch.setenv("INKDIGITS_TOKEN", "schlüssel")
    with pytest.raises(InkDigitsError) as error:
        load_settings()
    assert "schlüssel" not in str(error.value)


def test_the_manual_lists_every_setting_with_its_default():
    manual = (Path(__file__).parents[2] / "docs" / "web.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `INKDIGITS_(\w+)` \| ([^|]+) \|", manual, re.MULTILINE))
    assert {name.lower() for name in listed} == set(Settings.model_fields)
    for name, default in listed.items():
        if default.isdecimal():
            assert Settings.model_fields[name.lower()].default == int(default), name
