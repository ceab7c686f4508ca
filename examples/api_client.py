"""Ask a running server (`inkdigits serve`) to read pictures; needs nothing but Python.

python examples/api_client.py http://127.0.0.1:8000 photo.jpg
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

TOKEN = os.environ.get("INKDIGITS_TOKEN")  # printed by a server that others can reach, behind #token=


def read(server: str, picture: bytes) -> dict:
    """The reading of a picture; waits while the server is busy."""
    headers = {"Authorization": f"Bearer {TOKEN}"} if TOKEN else {}
    request = urllib.request.Request(f"{server}/v1/read", picture, headers)
    while True:
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code != 429:
                raise SystemExit(json.load(error)["error"]["message"]) from error
            time.sleep(int(error.headers["Retry-After"]))


server, *paths = sys.argv[1:]
for path in paths:
    print(f"{path}: {read(server, Path(path).read_bytes())['text']}")
