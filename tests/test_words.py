from inkdigits.results import Box, Digit
from inkdigits.words import Found, to_lines


def found(values: str, x: int = 0, confidence: float = 0.99, is_part: bool = False, chance: float = 0.9) -> list[Found]:
    """What was read of these characters, side by side from `x` on; a `?` was refused, a letter is doubtful."""
    return [
        Found(
            Digit(
                int(value) if value.isdigit() else None,
                confidence if value.isdigit() else 0.3,
                Box(x + 25 * place, 0, 20, 40),
                (0.1,) * 10,
                0,
            ),
            is_part,
            chance,
        )
        for place, value in enumerate(values)
    ]


def texts(*lines: list[Found]) -> list[str]:
    return [line.text for line in to_lines(list(lines))]


def test_nothing_read_is_no_line():
    assert to_lines([]) == ()
    assert to_lines([[]]) == ()


def test_digits_are_ordered_before_they_are_numbers():
    assert texts([*found("2", x=25), *found("1")]) == ["12"]


def test_a_refused_digit_keeps_its_place_in_a_number():
    assert texts(found("4?7")) == ["4?7"]


def test_a_refused_digit_alone_is_left_out():
    assert texts(found("?")) == []
    assert texts([*found("12"), *found("?", x=400)]) == ["12"]


def test_a_word_is_left_out_with_its_letters_that_look_like_digits():
    assert texts([*found("??110", chance=0.3), *found("27", x=400)]) == ["27"]


def test_what_is_half_sure_is_a_number_among_numbers_and_none_among_words():
    numbers = [found("38"), found("412"), found("90"), found("5")]
    words = [found("????"), found("???"), found("??????"), found("??")]
    half_sure = found("17", confidence=0.85)
    assert texts(*numbers, half_sure)[-1] == "17"
    assert texts(*words, half_sure) == []


def test_what_is_half_sure_is_a_number_where_nothing_else_stands():
    assert texts(found("17", confidence=0.85)) == ["17"]


def test_of_a_group_the_mean_counts_however_long_it_is():
    assert texts(found("17", confidence=0.8, chance=0.3)) == []
    assert texts(found("170815", confidence=0.8, chance=0.3)) == []
    assert texts(found("170815", confidence=0.999, chance=0.3)) == ["170815"]


def test_parts_must_be_surer_than_whole_ink():
    assert texts(found("17", confidence=0.8)) == ["17"]
    assert texts(found("17", confidence=0.8, is_part=True)) == []


def test_what_the_marker_holds_for_no_number_is_none_however_sure_the_net_is():
    assert texts(found("1111", confidence=0.999, chance=0.01)) == []
    assert texts(found("1111", confidence=0.999, chance=0.6)) == ["1111"]


def test_what_the_net_is_half_sure_of_is_a_number_where_the_marker_is_sure():
    assert texts(found("17", confidence=0.6, chance=0.5)) == []
    assert texts(found("17", confidence=0.6, chance=0.98)) == ["17"]


def test_the_marker_may_miss_a_digit_of_a_number():
    assert texts([*found("20"), *found("3", x=50, chance=0.02), *found("58", x=75)]) == ["20358"]
