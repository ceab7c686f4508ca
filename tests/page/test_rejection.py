from inkdigits.arrays import Box
from inkdigits.page.rejection import Found, Group, to_lines
from inkdigits.results import Digit


def group(
    values: str, confidence: float = 0.99, probability: float | tuple[float, ...] = 0.9, evidence: float = 2.0
) -> Group:
    """What was read of these characters, side by side: a `?` was refused. `evidence` is that of each:
    the recognizer finds most numbers by as much likelier than none."""
    probabilities = probability if isinstance(probability, tuple) else (probability,) * len(values)
    found = []
    for place, (value, one) in enumerate(zip(values, probabilities, strict=True)):
        is_sure = value.isdigit()
        box = Box(25 * place, 0, 20, 40)
        digit = Digit(int(value) if is_sure else None, confidence if is_sure else 0.3, box, (0.1,) * 10, 0)
        found.append(Found(digit, one))
    return Group(found, evidence * len(found))


def word(values: str) -> Group:
    """What was read of letters: the detector and the recognizer see that they are no digits."""
    return group(values, probability=0.1, evidence=-1.0)


def texts(*lines: list[Group]) -> list[str]:
    return [line.text for line in to_lines(list(lines))]


def test_nothing_read_is_no_line():
    assert to_lines([]) == ()
    assert to_lines([[]]) == ()


def test_a_refused_digit_keeps_its_place_in_a_number():
    assert texts([group("4?7")]) == ["4?7"]


def test_a_refused_digit_alone_is_left_out():
    assert texts([group("?", probability=0.5)]) == []
    assert texts([group("12"), group("?", probability=0.5)]) == ["12"]


def test_a_word_is_left_out_with_its_letters_that_look_like_digits():
    assert texts([word("??110"), group("27")]) == ["27"]


def test_what_is_half_sure_is_a_number_among_numbers_and_none_among_words():
    numbers = [[group("38")], [group("412")], [group("90")], [group("5")]]
    words = [[word("????")], [word("???")], [word("??????")], [word("??")]]
    half_sure = [group("17", confidence=0.8, probability=0.7)]
    assert texts(*numbers, half_sure)[-1] == "17"
    assert texts(*words, half_sure) == []


def test_what_is_half_sure_is_a_number_where_nothing_else_stands():
    assert texts([group("17", confidence=0.8, probability=0.7)]) == ["17"]


def test_of_a_group_the_mean_counts_however_long_it_is():
    assert texts([group("17", confidence=0.7, probability=0.1)]) == []
    assert texts([group("170815", confidence=0.7, probability=0.1)]) == []
    assert texts([group("170815", confidence=0.999, probability=0.3)]) == ["170815"]


def test_one_digit_alone_must_be_surer():
    assert texts([group("1", confidence=0.95, probability=0.5)]) == []
    assert texts([group("17", confidence=0.95, probability=0.5)]) == ["17"]


def test_where_the_recognizer_finds_no_digits_the_others_must_be_surer():
    assert texts([group("17", confidence=0.95, probability=0.5, evidence=2.0)]) == ["17"]
    assert texts([group("17", confidence=0.95, probability=0.5, evidence=-2.0)]) == []
    assert texts([group("17", confidence=0.9999, probability=0.999, evidence=-2.0)]) == ["17"]


def test_the_detector_can_say_that_what_the_net_is_sure_of_is_no_number():
    assert texts([group("1111", confidence=0.999, probability=0.001, evidence=0.0)]) == []
    assert texts([group("1111", confidence=0.999, probability=0.6, evidence=0.0)]) == ["1111"]


def test_what_two_nets_are_sure_of_is_a_number_though_the_detector_says_none():
    assert texts([group("100", confidence=0.9999, probability=0.0, evidence=2.0)]) == ["100"]


def test_what_the_net_is_half_sure_of_is_a_number_where_the_detector_is_sure():
    assert texts([group("17", confidence=0.6, probability=0.2)]) == []
    assert texts([group("17", confidence=0.6, probability=0.98)]) == ["17"]


def test_the_detector_may_miss_a_digit_of_a_number():
    assert texts([group("20358", probability=(0.9, 0.9, 0.02, 0.9, 0.9))]) == ["20358"]
