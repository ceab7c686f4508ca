"""Digits as a hand would draw them: strokes of points in a box of 1 × 1, for pictures and for the mouse."""

import cv2
import numpy as np

STROKES = {
    2: [
        [
            (0.12, 0.3),
            (0.2, 0.13),
            (0.4, 0.1),
            (0.52, 0.24),
            (0.46, 0.45),
            (0.28, 0.65),
            (0.1, 0.87),
            (0.3, 0.86),
            (0.6, 0.86),
        ]
    ],
    4: [[(0.3, 0.12), (0.22, 0.32), (0.1, 0.57), (0.3, 0.57), (0.6, 0.55)], [(0.46, 0.3), (0.44, 0.6), (0.42, 0.92)]],
    7: [[(0.1, 0.14), (0.32, 0.14), (0.56, 0.15), (0.45, 0.4), (0.34, 0.62), (0.26, 0.88)]],
}


def draw(*digits: int, side: int = 120, thickness: int = 9) -> np.ndarray:
    """Black digits side by side on white, `side` pixels high."""
    picture = np.full((side, round(0.75 * side) * len(digits)), 255, np.uint8)
    for place, digit in enumerate(digits):
        for stroke in STROKES[digit]:
            points = np.add(stroke, (0.75 * place, 0)) * side
            cv2.polylines(picture, [points.round().astype(np.int32)], False, 0, thickness, cv2.LINE_AA)
    return picture


def to_png(picture: np.ndarray) -> bytes:
    return cv2.imencode(".png", picture)[1].tobytes()
