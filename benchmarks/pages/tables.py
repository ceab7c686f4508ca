"""Composed tables with known cells: how often are rows, columns and cells found?

python -m benchmarks.pages.tables [COUNT]        # about a minute on one core

A table counts if exactly one is found, with as many rows and columns, and the middle of every cell in the right place.
The seeds are fixed: everybody measures the same tables; see inkdigits.training.synthetic.tables.
"""

import statistics
import sys
import time

import cv2
import numpy as np
from tqdm import tqdm

from benchmarks.record import record
from inkdigits.table.grid import Grid, find_grids
from inkdigits.training import load_mnist
from inkdigits.training.synthetic.tables import STYLES, ComposedTable, compose_tables

TABLES, SEED = 100, 31


def is_same(table: ComposedTable, grids: list[Grid]) -> bool:
    """Whether a table was found with its rows and columns, and the middle of each cell within the right one."""
    if len(grids) != 1 or (grids[0].rows, grids[0].columns) != (table.rows, table.columns):
        return False
    for cell in grids[0].cells:
        if cell.row_span * cell.column_span != 1:
            return False
        around = table.corners[cell.row : cell.row + 2, cell.column : cell.column + 2].reshape(4, 2)[[0, 1, 3, 2]]
        middle = np.mean(cell.corners, axis=0)
        if cv2.pointPolygonTest(around.astype(np.float32), middle.tolist(), False) < 0:
            return False
    return True


def main() -> None:
    """Measure and record."""
    cv2.setNumThreads(1)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TABLES
    found: dict[str, list[bool]] = {style: [] for style in STYLES}
    seconds = []
    for table in tqdm(compose_tables(load_mnist().validation, count, SEED), total=count, unit="table"):
        gray = cv2.cvtColor(table.photo, cv2.COLOR_RGB2GRAY)
        began = time.perf_counter()
        grids = find_grids(gray)
        seconds.append(time.perf_counter() - began)
        found[table.style].append(is_same(table, grids))
    together = [same for some in found.values() for same in some]
    record(
        "tables",
        {
            "n": len(together),
            "structure_exact": round(100 * statistics.mean(together), 1),
            "styles": {
                style: {"n": len(some), "structure_exact": round(100 * statistics.mean(some), 1)}
                for style, some in found.items()
            },
            "median_seconds": round(statistics.median(seconds), 3),
            "slowest_seconds": round(max(seconds), 2),
        },
    )


if __name__ == "__main__":
    main()
