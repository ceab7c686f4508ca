"""Fetch 72 fonts that imitate a hand, for the recognizer to learn from, from the packages of Fontsource.

    python scripts/data/fetch_hand_fonts.py fonts       # needs npm; fetches 80 MB, keeps 3

They are under the SIL Open Font License 1.1, eight under the Apache License 2.0; each package holds its own. They are
used to draw crops, and are not shipped.
"""

import argparse
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tqdm import tqdm

# Of the many school hands called Playwrite, which are much alike, every fourth.
# fmt: off
NAMES = (
    "amatic-sc", "annie-use-your-telescope", "architects-daughter", "bad-script", "bilbo", "caveat-brush",
    "cedarville-cursive", "coming-soon", "covered-by-your-grace", "crafty-girls", "dawning-of-a-new-day", "dekko",
    "edu-nsw-act-foundation", "edu-qld-beginner", "edu-sa-beginner", "edu-tas-beginner", "edu-vic-wa-nt-beginner",
    "gaegu", "give-you-glory", "gloria-hallelujah", "gochi-hand", "handlee", "hi-melody", "homemade-apple",
    "just-another-hand", "kavivanar", "klee-one", "kristi", "la-belle-aurore", "league-script", "liu-jian-mao-cao",
    "long-cang", "loved-by-the-king", "mali", "mansalva", "marck-script", "meddon", "nanum-brush-script",
    "nanum-pen-script", "neucha", "nothing-you-could-do", "over-the-rainbow", "pangolin", "patrick-hand",
    "playwrite-ar", "playwrite-ca", "playwrite-cz", "playwrite-dk-uloopet", "playwrite-hr", "playwrite-in",
    "playwrite-mx", "playwrite-nz", "playwrite-ro", "playwrite-us-trad", "poor-story", "qwigley", "rancho",
    "reenie-beanie", "rock-salt", "schoolbell", "sedgwick-ave", "short-stack", "single-day", "sriracha",
    "sue-ellen-francisco", "swanky-and-moo-moo", "the-girl-next-door", "vibur", "waiting-for-the-sunrise",
    "walter-turncoat", "yomogi", "zen-kurenaido",
)
# fmt: on


def fetch(name: str, folder: Path) -> bool:
    """Fetch one font, its Latin part, regular; whether it is there now."""
    target = folder / f"{name}.woff2"
    if target.exists():
        return True
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(
            ["npm", "pack", "--silent", f"@fontsource/{name}"], cwd=scratch, capture_output=True, text=True, check=False
        )
        packed = next(Path(scratch).glob("*.tgz"), None)
        if done.returncode or packed is None:
            return False
        with tarfile.open(packed) as archive:
            member = next((one for one in archive if one.name == f"package/files/{name}-latin-400-normal.woff2"), None)
            content = archive.extractfile(member) if member else None
            if content is None:
                return False
            target.write_bytes(content.read())
    return True


def main(folder: Path) -> int:
    """Fetch all that are missing; 1 where some cannot be had."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in tqdm(NAMES, unit="font") if not fetch(name, folder)]
    if missing:
        sys.stderr.write(f"{len(missing)} of {len(NAMES)} fonts could not be fetched: {', '.join(missing)}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Fetch fonts that imitate a hand.")
    parser.add_argument("folder", type=Path)
    sys.exit(main(parser.parse_args().folder))
