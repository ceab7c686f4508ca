"""Requests per second of `/v1/digit`, beside a do-nothing FastAPI endpoint that takes the same upload.

Both servers run one process, with the same uvicorn and the same client (wrk, 32 connections), one after the other in
turns; the pictures are the first 100 of the MNIST test set as 28×28 PNGs. Each is measured with the picture in a
form's field `file` and as the raw body.

    apt-get install wrk
    python -m benchmarks.speed.web_load --seconds 60
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import cv2

from benchmarks.record import record

CONNECTIONS = 32
PORT = 8123
WARM_UP_SECONDS = 3
SERVE = "from inkdigits.web.server import serve; serve(port={port})"
NOTHING = """
import uvicorn
from fastapi import FastAPI, Request, UploadFile

app = FastAPI()

@app.post("/form")
async def form(file: UploadFile):
    return {"bytes": file.size}

@app.post("/raw")
async def raw(request: Request):
    return {"bytes": len(await request.body())}

uvicorn.run(app, port=PORT, access_log=False, log_level="warning")
"""
FORM = (
    b'--inkdigits\r\nContent-Disposition: form-data; name="file"; filename="digit.png"\r\n'
    b"Content-Type: image/png\r\n\r\n%b\r\n--inkdigits--\r\n"
)


def main() -> None:
    """Measure, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60, help="of each of the four measurements")
    seconds = parser.parse_args().seconds
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed. Debian and Ubuntu have it: apt-get install wrk")
    figures = {"seconds": seconds, "connections": CONNECTIONS, "load_average_before": round(os.getloadavg()[0], 1)}
    pictures = load_pictures()
    servers = {"nothing": NOTHING.replace("PORT", str(PORT)), "digit": SERVE.format(port=PORT)}
    with tempfile.TemporaryDirectory() as folder:
        for kind, bodies in {"form": [FORM % picture for picture in pictures], "raw": pictures}.items():
            script = Path(folder) / f"{kind}.lua"
            script.write_text(lua_of(kind, bodies), encoding="ascii")
            for name, code in servers.items():
                path = f"/{kind}" if name == "nothing" else "/v1/digit"
                figures[f"{name}_{kind}"] = measure(code, path, script, seconds)
            figures[f"share_{kind}"] = round(
                figures[f"digit_{kind}"]["requests_per_second"] / figures[f"nothing_{kind}"]["requests_per_second"], 3
            )
    record("web_load", figures)


def load_pictures() -> list[bytes]:
    """28×28 PNGs, black on white as people send them."""
    from inkdigits.training import load_mnist

    return [cv2.imencode(".png", 255 - frame)[1].tobytes() for frame in load_mnist().test.images[:100]]


def lua_of(kind: str, bodies: list[bytes]) -> str:
    """A wrk script that sends one body after the other."""
    content_type = "multipart/form-data; boundary=inkdigits" if kind == "form" else "image/png"
    literals = ",\n".join('"' + "".join(f"\\{byte:03}" for byte in body) + '"' for body in bodies)
    return f"""
local bodies = {{ {literals} }}
local headers = {{ ["Content-Type"] = "{content_type}" }}
local requests, turn = {{}}, 0
init = function()
  for i, body in ipairs(bodies) do requests[i] = wrk.format("POST", nil, headers, body) end
end
request = function()
  turn = turn % #requests + 1
  return requests[turn]
end
"""


def measure(code: str, path: str, script: Path, seconds: int) -> dict[str, float | int]:
    """Start a server, warm it up, load it, stop it."""
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen([sys.executable, "-c", code], stderr=log)
        try:
            wait_for_server()
            run_wrk(path, script, WARM_UP_SECONDS)
            return figures_of(run_wrk(path, script, seconds))
        finally:
            server.terminate()
            server.wait()


def wait_for_server() -> None:
    """Until it answers anything at all."""
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz")
        except urllib.error.HTTPError:
            return
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    sys.exit("The server did not start.")


def run_wrk(path: str, script: Path, seconds: int) -> str:
    """What wrk says."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "--timeout", "10", "--latency", "-s", str(script)]
    return subprocess.run(
        [*command, f"http://127.0.0.1:{PORT}{path}"], check=True, capture_output=True, text=True
    ).stdout


def figures_of(said: str) -> dict[str, float | int]:
    """The figures in it: latencies in milliseconds; errors are socket errors, time-outs and answers other than 2xx."""
    units = {"us": 0.001, "ms": 1, "s": 1000}
    latency = {share: float(n) * units[u] for share, n, u in re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s)", said)}
    sockets = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return {
        "requests_per_second": round(float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), 1),
        "p50_milliseconds": round(latency["50"], 2),
        "p99_milliseconds": round(latency["99"], 2),
        "errors": sum(map(int, sockets.groups())) if sockets else 0,
        "not_2xx": int(refused[1]) if refused else 0,
    }


if __name__ == "__main__":
    main()
