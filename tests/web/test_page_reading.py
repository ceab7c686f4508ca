"""What the page makes of a reading and a person's text: its own modules, in a real Chromium."""

import pytest

pytestmark = pytest.mark.slow


def digit(value, x=0, confidence=0.99, guess=None):
    guess = value if guess is None else guess
    return {
        "value": value,
        "confidence": confidence,
        "guess": guess,
        "reason": "",
        "box": [x, 0, 10, 20],
        "probabilities": [],
    }


def enclose(numbers):
    left = numbers[0]["box"][0]
    return [left, 0, numbers[-1]["box"][0] + numbers[-1]["box"][2] - left, 20]


def reading_of(*lines):
    """A reading of lines of numbers, each with digits that are 20 pixels apart."""
    x, rows = 0, []
    for line in lines:
        numbers = []
        for text in line.split():
            digits = [digit(None if c == "?" else int(c), x + 20 * i) for i, c in enumerate(text)]
            numbers.append({"text": text, "confidence": 0.99, "box": [x, 0, 20 * len(text), 20], "digits": digits})
            x += 20 * len(text) + 30
        rows.append({"text": line, "box": enclose(numbers), "numbers": numbers})
    return {"text": "\n".join(lines), "width": 900, "height": 90, "lines": rows}


@pytest.fixture
def corrected(page):
    """The JSON of a reading with a person's text put in."""
    page.open()

    def corrected_(reading, text):
        return page.evaluate({"reading": "toJson"}, "return toJson(...values);", reading, text)

    return corrected_


def test_a_text_that_stands_as_it_was_changes_nothing(corrected):
    reading = reading_of("305 18", "9 2741")
    assert corrected(reading, reading["text"]) == reading


@pytest.mark.parametrize(
    ("text", "boxes", "checked"),
    [
        ("305 19\n9 2741", [0, 90, 160, 210], [1]),  # a digit put right
        ("305\n9 2741", [0, 160, 210], []),  # a number taken out
        ("305 18 44\n9 2741", [0, 90, None, 160, 210], [2]),  # one added
        ("305 18\n9 27 41", [0, 90, 160, None, 210], [3, 4]),  # one parted
        ("30518\n9 2741", [0, 160, 210], [0]),  # two joined
        ("18 9 2741", [90, 160, 210], []),  # lines are as they were written
        ("", [], []),
    ],
)
def test_numbers_keep_their_boxes_whatever_is_done_to_the_text(corrected, text, boxes, checked):
    result = corrected(reading_of("305 18", "9 2741"), text)
    numbers = [number for line in result["lines"] for number in line["numbers"]]
    assert result["text"] == text
    assert "\n".join(line["text"] for line in result["lines"]) == text
    assert [number["box"] and number["box"][0] for number in numbers] == boxes
    assert [i for i, number in enumerate(numbers) if number.get("checked")] == checked


def test_a_corrected_digit_keeps_its_box_and_what_the_model_said(corrected):
    (line,) = corrected(reading_of("2741"), "27?15")["lines"]
    two, seven, unsure, one, five = line["numbers"][0]["digits"]
    assert [d["value"] for d in (two, seven, unsure, one, five)] == [2, 7, None, 1, 5]
    assert (unsure["guess"], unsure["checked"], unsure["box"][0]) == (4, True, 40)
    assert "checked" not in one
    assert (one["box"][0], five["box"], five["checked"]) == (60, None, True)


def test_a_mark_that_a_person_writes_is_no_digit(corrected):
    (line,) = corrected(reading_of("125"), "12,5")["lines"]
    assert line["numbers"][0]["text"] == "12,5"
    assert [d["value"] for d in line["numbers"][0]["digits"]] == [1, 2, 5]


@pytest.mark.parametrize(
    ("chance", "text"),
    [(0, "0.0%"), (0.098, "9.8%"), (0.11, "11.0%"), (0.5, "50.0%"), (0.99951, "99.9%"), (1, "99.9%")],
)
def test_percentages_have_one_format_and_are_never_100(page, chance, text):
    page.open()
    assert page.evaluate({"reading": "percent"}, "return percent(...values);", chance) == text


@pytest.mark.parametrize(
    ("one", "other", "pairs"),
    [
        ("", "", []),
        ("", "ab", [[None, 0], [None, 1]]),
        ("ab", "", [[0, None], [1, None]]),
        ("abc", "abc", [[0, 0], [1, 1], [2, 2]]),
        ("abc", "axc", [[0, 0], [1, 1], [2, 2]]),
        ("abc", "ac", [[0, 0], [1, None], [2, 1]]),
        ("ac", "abc", [[0, 0], [None, 1], [1, 2]]),
    ],
)
def test_lists_are_aligned(page, one, other, pairs):
    page.open()
    assert page.evaluate({"align": "align"}, "return align([...values[0]], [...values[1]]);", one, other) == pairs
