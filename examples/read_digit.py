"""Read pictures that show one digit each, and say so when it is not sure.

python examples/read_digit.py seven.png photo.jpg
"""

import sys

import inkdigits

reader = inkdigits.Reader()
for path in sys.argv[1:]:
    try:
        digit = reader.read_digit(path)
    except inkdigits.InkDigitsError as error:
        print(f"{path}: {error}")
        continue
    if digit.value is None:
        print(f"{path}: not sure ({digit.reason}); the best guess is {digit.guess}")
    else:
        print(f"{path}: {digit.value}, {digit.confidence:.1%} sure")
