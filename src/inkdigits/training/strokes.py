"""The forms in which hands of the world write the ten digits, as the way the pen takes.

Each form is a list of strokes, each stroke a string of points `x,y` that the pen passes on a smooth curve; a `/`
after a point makes it a corner. The unit is a hundredth of the digit's height; y grows downwards. The forms were
drawn for this file, after how writing is taught and after looking at many hands; none was fitted to a data set.
"""

from dataclasses import dataclass

import numpy as np

from inkdigits.arrays import Floats

# What a letter or a sign is.
NO_DIGIT = -1


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write one digit, or what is none.

    Attributes:
        digit: 0 to 9, or `NO_DIGIT`.
        name: unique within the digit.
        strokes: at least one; in the order in which the pen writes them.
    """

    digit: int
    name: str
    strokes: tuple[str, ...]


def parse_stroke(stroke: str) -> list[Floats]:
    """The smooth pieces of a stroke, each (K, 2) float32 of K ≥ 2 points; a piece begins where the last one ended."""
    pieces: list[Floats] = []
    for part in stroke.split("/"):
        points = [[float(number) for number in point.split(",")] for point in part.split()]
        if pieces:
            points = [pieces[-1][-1].tolist(), *points]
        pieces.append(np.array(points, np.float32))
    return pieces


def _forms(digit: int, **strokes: str) -> tuple[Form, ...]:
    """The forms of a digit; the strokes of one are parted by semicolons."""
    return tuple(Form(digit, name.replace("_", " "), tuple(text.split(";"))) for name, text in strokes.items())


_RING = "32,2 12,14 2,48 12,86 32,98 52,84 60,48 50,12 30,2 20,7"
_BOWL_OF_9 = "54,20 36,2 12,8 3,28 16,46 38,42 53,20"

FORMS: tuple[Form, ...] = (
    *_forms(
        0,
        closed=_RING,
        open="22,8 6,26 2,56 14,90 34,98 54,84 60,48 50,16 38,4",
        crossed_ends="20,-4 34,6 12,18 2,52 14,88 34,98 54,82 58,46 44,12 22,2",
        tailed="36,5 14,12 2,48 12,86 32,98 52,84 58,46 46,14 32,5 44,6 62,0",
        slashed=f"{_RING};62,2 2,100",
        slashed_inside=f"{_RING};46,22 16,78",
        dotted=f"{_RING};31,45 32,54",
    ),
    *_forms(
        1,
        bar="10,0 10,100",
        flag="4,28 22,0 / 22,100",
        short_flag="11,17 22,0 / 22,100",
        curved_flag="3,30 14,19 23,0 / 23,100",
        flag_and_foot="2,27 22,0 / 22,98;0,99 44,98",
        foot="20,0 20,98;0,99 40,98",
        long_upstroke="0,52 28,0 / 28,100",
        long_upstroke_and_foot="0,46 26,0 / 26,98;2,99 52,97",
        upstroke_from_the_baseline="0,98 36,0 / 38,100",
        flag_and_foot_in_one="2,26 22,0 / 22,97 / 0,98 44,96",
    ),
    *_forms(
        2,
        angular="4,20 16,5 38,2 54,16 50,38 28,68 2,98 / 30,97 62,97",
        round="4,24 18,4 42,4 56,24 46,52 24,76 2,98 / 62,98",
        zed="2,8 52,4 / 2,97 / 58,96",
        wavy_base="6,18 24,2 46,6 54,26 42,54 4,96 / 18,87 36,94 52,98 66,88",
        looped="6,18 24,2 46,6 54,26 42,54 22,82 8,95 1,89 9,81 28,91 46,98 64,91",
        wide_loop="6,20 24,2 48,8 52,30 36,64 16,92 2,94 2,80 18,78 38,93 54,97 68,87",
        clerk="16,26 6,18 16,3 40,2 54,18 44,46 22,76 6,92 -2,86 8,77 28,89 50,97 74,84",
        ringed="30,34 14,34 7,19 22,2 46,4 54,22 42,50 8,97 / 26,89 46,97 70,88",
        ringed_and_looped="30,32 14,33 7,18 22,2 46,4 54,22 42,50 18,84 4,94 -1,87 9,79 28,90 48,97 70,87",
        curled_start="20,24 10,28 5,16 22,2 46,6 54,26 40,56 4,98 / 24,92 44,98 64,94",
    ),
    *_forms(
        3,
        round="4,14 24,2 48,9 49,32 22,46 / 48,53 58,74 42,96 18,98 0,86",
        smooth="4,12 26,2 48,10 46,32 26,46 48,54 58,74 42,96 18,98 0,86",
        flat_top="0,4 54,3 / 20,42 / 46,48 58,70 44,94 18,98 0,86",
        loop_in_the_middle="4,12 26,2 48,10 44,36 24,50 15,45 24,39 48,51 58,74 40,96 16,98 0,85",
        curl_at_the_top="18,20 7,17 12,4 34,2 49,15 43,36 22,46 / 48,54 56,76 38,97 14,97 0,84",
        curl_at_the_bottom="6,12 26,2 48,10 46,34 22,46 / 50,54 58,78 36,98 10,96 4,85 14,82 20,89",
        clerk="18,18 8,18 10,4 30,0 46,11 40,34 22,44 / 46,51 52,74 34,98 8,100 0,88 8,84",
        clerk_with_a_large_bowl="10,19 8,10 24,0 43,7 41,24 24,38 / 44,41 60,58 52,84 26,98 2,93 -3,82",
        low_tail="6,14 28,0 46,12 42,34 24,42 / 46,46 55,64 42,90 6,100",
        clerk_with_a_small_notch="10,20 14,4 36,0 48,14 42,36 34,43 / 46,48 54,66 42,90 18,99 2,90 8,78 19,83",
        arch="2,44 20,18 40,6 50,14 40,40 / 50,46 58,64 44,90 20,98 6,88 12,74 26,78",
        clerk_with_a_flat_head="6,16 12,5 30,8 54,1 / 26,40 / 46,47 54,66 40,92 12,99 2,90 10,80",
    ),
    *_forms(
        4,
        closed="44,0 0,68 / 62,68;44,0 44,100",
        closed_in_one="42,100 44,0 / 0,64 / 62,64",
        open="12,0 3,58 / 60,57;46,16 43,100",
        open_slanted="28,0 0,62 / 62,62;50,24 38,100",
        open_round="6,2 4,32 16,52 48,48;52,0 48,100",
        short_stem="18,0 0,64 / 64,62;44,36 40,100",
        clerk="38,0 -4,72 / 64,68;46,40 34,100",
        lightning="34,0 2,56 / 50,46 / 22,100",
        in_one_line="12,2 2,58 / 50,56 58,44 54,18 / 44,100",
    ),
    *_forms(
        5,
        joined="56,4 12,4 / 8,42 / 32,37 56,54 54,84 30,98 2,90",
        two_strokes="14,4 9,44 / 30,37 56,54 54,84 28,98 0,90;14,4 58,2",
        flying_top="14,8 8,45 / 30,38 54,54 52,84 28,98 0,90;24,7 66,0",
        rising_top="16,16 8,48 / 30,40 52,56 48,84 26,98 0,90;22,14 72,-4",
        flying_tick="14,10 9,45 / 30,38 52,54 48,83 26,98 0,90;34,6 64,1",
        flying_wave="18,10 9,46 / 30,40 50,54 48,82 26,98 0,90;20,8 34,1 50,7 70,-4",
        clerk="22,10 8,46 / 26,40 46,52 44,80 24,98 4,96 1,86 9,84;24,9 38,2 54,6 74,-6",
        rounded="54,4 22,5 10,24 20,40 46,50 56,72 38,96 2,92",
        square="54,2 6,2 / 6,46 / 54,47 / 54,98 / 2,98",
    ),
    *_forms(
        6,
        straight="44,0 16,42 3,72 13,94 34,98 54,84 54,66 36,55 16,62 5,80",
        curled="56,13 42,2 22,10 6,40 2,70 14,94 36,98 56,82 52,60 32,52 8,66",
        small_bowl="38,0 16,32 4,70 9,92 24,98 39,88 38,72 23,66 7,80",
        big_bowl="46,0 15,22 0,62 12,92 36,98 58,82 54,57 32,47 4,66",
        open="42,0 14,34 2,70 15,95 40,96 55,78 44,61 24,64",
        crossing_the_stem="50,6 36,1 20,12 10,40 10,76 20,95 38,97 53,82 52,64 38,55 16,56 -4,60",
        inner_curl="42,0 14,34 2,70 15,96 40,96 54,76 40,60 20,68 22,80",
    ),
    *_forms(
        7,
        plain="0,6 56,2 / 22,100",
        curved="0,8 24,5 56,3 / 36,40 25,70 22,100",
        steep="0,12 16,5 52,3 / 18,100",
        barred="0,5 56,2 / 22,100;10,53 58,50",
        barred_low="0,8 50,3 / 20,100;12,62 54,50",
        serifed="4,24 4,5 / 56,3 / 22,100",
        serifed_and_barred="4,22 3,5 / 56,3 / 22,100;14,54 56,50",
        long_serif="6,36 5,6 / 58,4 / 48,40 44,100",
        wave="0,16 10,4 26,9 42,11 58,1 / 34,46 20,100",
        looped_wave_and_bar="14,14 7,9 2,16 8,20 24,9 42,10 60,1 / 36,48 26,100;10,55 26,48 42,55 58,47",
        tick_wave_and_bar="4,24 6,6 / 22,10 40,10 58,1 / 34,48 24,100;8,55 24,48 40,55 56,47",
        wave_and_bar="0,16 10,4 26,9 42,11 58,1 / 34,46 20,100;10,54 24,47 40,55 56,47",
        wave_and_bar_with_a_foot="0,16 10,4 26,9 42,11 58,1 / 34,46 20,88 22,98 34,97;10,54 24,47 40,55 56,47",
        serifed_with_a_foot="4,22 6,4 30,6 56,2 / 30,60 19,92 22,99 35,97",
        barred_with_a_foot="0,8 24,6 54,2 / 28,56 20,92 22,98 33,96;8,54 54,49",
    ),
    *_forms(
        8,
        one_line="48,12 28,2 8,14 14,36 34,50 54,70 48,92 26,98 4,86 10,66 30,48 50,30 48,10",
        two_rings="30,2 11,10 10,34 30,46 50,34 49,12 30,2 22,4;30,46 4,58 4,88 30,98 56,88 56,58 30,46 18,49",
        open_at_the_top="42,2 18,5 9,24 28,46 50,66 52,88 28,98 4,88 9,66 34,45 58,10",
        straight_upstroke="52,12 30,0 8,10 12,32 34,52 52,74 44,96 18,98 6,82 22,58 46,30 56,8",
        small_top="42,8 28,2 14,12 18,28 36,42 58,66 50,93 26,98 2,86 6,62 26,42 42,26 42,8",
        from_the_waist="30,46 10,34 10,12 30,2 50,12 50,34 30,46 8,60 2,80 16,97 44,97 58,80 52,60 28,46",
    ),
    *_forms(
        9,
        straight=f"{_BOWL_OF_9} 56,2 / 48,100",
        stick=f"{_BOWL_OF_9};54,2 54,100",
        curved=f"{_BOWL_OF_9} 56,8 / 44,56 20,98",
        hooked=f"{_BOWL_OF_9} 55,8 / 55,62 44,92 22,98 4,88",
        curled="52,16 32,2 8,12 4,34 22,47 44,38 53,14 / 54,66 40,96 14,98 6,87 14,80",
        open="43,6 30,0 11,8 4,28 16,46 38,43 52,26;56,0 48,100",
        clerk="48,14 34,2 14,12 4,34 16,46 38,34 54,6 / 42,60 18,100",
        clerk_with_a_leaf="48,8 36,2 18,10 6,27 11,40 24,37 40,22 51,3 / 42,52 26,84 8,98",
        clerk_open="50,7 36,2 18,11 8,27 14,38 30,31 45,13;53,1 42,42 24,99",
        clerk_with_a_hook="47,13 35,2 18,10 10,28 18,39 34,32 51,4 / 51,46 40,84 16,98 -4,88",
        looped="56,6 34,0 8,12 4,34 20,46 42,36 52,10 / 52,40 44,100",
        with_a_foot=f"{_BOWL_OF_9} 55,6 / 46,60 42,92 46,99 56,96",
        clerk_with_a_foot="48,12 34,2 14,12 4,32 16,45 38,33 53,6 / 42,58 26,92 29,99 42,97",
    ),
)
