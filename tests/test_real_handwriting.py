"""Other people's handwriting is read as well as tests/reference/real_handwriting.json says.

INKDIGITS_REAL_DATA names a folder of it, laid out as benchmarks/hands.py says; without one nothing is compared.
"""

import json
import math
import os
from pathlib import Path

import pytest

from benchmarks.reference import READINGS, find_misread

pytestmark = pytest.mark.slow
FOLDER = os.environ.get("INKDIGITS_REAL_DATA", "")
RECORDED = json.loads(READINGS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def found(reader):
    if not FOLDER:
        pytest.skip("INKDIGITS_REAL_DATA names no folder of real handwriting")
    return find_misread(reader, Path(FOLDER))


@pytest.mark.parametrize("name", RECORDED)
def test_a_set_is_read_as_well_as_recorded(found, name):
    assert found[name]["n"] == RECORDED[name]["n"], "another set, or another part of it"
    before, now = set(RECORDED[name]["misread"]), set(found[name]["misread"])
    lost, won = sorted(now - before), sorted(before - now)
    said = f"now misread: {lost}; no longer: {won}. If that is meant: python -m benchmarks.reference DIR"
    # As McNemar's test: of pictures that change sides by chance, as many are won as lost, give or take two deviations.
    assert abs(len(lost) - len(won)) <= 2 * math.sqrt(len(lost) + len(won)), said
