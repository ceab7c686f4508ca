"""The server process: its address, its token, its start and its stop."""

import asyncio
import ipaddress
import secrets
import socket
import sys
import threading
import webbrowser
from pathlib import Path

import segno
import uvicorn
from pydantic import SecretStr
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from inkdigits.errors import InkDigitsError
from inkdigits.reader import Reader
from inkdigits.web.app import create_app
from inkdigits.web.observe import start_logging
from inkdigits.web.settings import Settings, load_settings

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
# How long answers that have begun may take once the server is told to stop.
STOP_SECONDS = 10
KEEP_ALIVE_SECONDS = 15
BACKLOG = 2048


def serve(
    model: str | Path | None = None,
    host: str = "127.0.0.1",
    port: int = 8000,
    corrections: Path | None = None,
    open_browser: bool = False,
    recognizer: str | Path | None = None,
) -> None:
    """Serve the page and the API until Ctrl+C or SIGTERM; the address goes to stderr.

    Args:
        model: as for `Reader`.
        host: the address to listen on. On another than loopback a token is made, unless the settings bring one.
        port: 0 takes a free one.
        corrections: the SQLite file for corrections; None keeps none.
        open_browser: show the page in the browser of this machine.
        recognizer: as for `Reader`.

    Raises:
        InkDigitsError: the address is taken or not ours; a setting, the model or the file cannot be used.
    """
    settings = load_settings(corrections=corrections)
    is_local = _is_loopback(host)
    if is_local and not settings.allowed_hosts:
        settings = settings.model_copy(update={"allowed_hosts": (*LOOPBACK_NAMES, host)})
    if not is_local and settings.token is None:
        settings = settings.model_copy(update={"token": SecretStr(secrets.token_urlsafe(12))})
    start_logging(settings.log_level)
    app = create_app(Reader(model, recognizer), settings)
    listener = _listen(host, port)
    url = _announce(listener, host, settings)
    if open_browser:
        # In a thread: a browser of the terminal would not return. The socket listens already, so the page waits.
        threading.Thread(target=_show, args=(url,), daemon=True).start()
    config = uvicorn.Config(
        app,
        http=_TimedProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    _TimedProtocol.seconds = settings.upload_seconds
    uvicorn.Server(config).run(sockets=[listener])


class _TimedProtocol(HttpToolsProtocol):
    """Drops a connection whose request does not arrive in time: uvicorn alone would wait for its headers forever."""

    seconds = 30.0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start_timer(self.seconds)

    def on_message_begin(self) -> None:
        if self._timer is None:  # a further request on the same connection
            self._start_timer(self.seconds)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        # Twice the time: before that the application answers 408. This is for what comes after an answer, such as the
        # rest of a body that was refused as too large.
        self._start_timer(2 * self.seconds)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._stop_timer()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def _start_timer(self, seconds: float) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(seconds, self.transport.close)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        raise InkDigitsError(
            f"The server cannot listen on {host}:{port}: {error}. Give another --host or --port."
        ) from error


def _announce(listener: socket.socket, host: str, settings: Settings) -> str:
    """Tell the address, and return it."""
    name = _lan_address() if host in ("0.0.0.0", "::") else host
    url = f"http://{f'[{name}]' if ':' in name else name}:{listener.getsockname()[1]}/"
    if _is_loopback(host):
        sys.stderr.write(f"inkdigits is at {url} (Ctrl+C stops it)\n")
        return url
    if settings.token:
        # Behind the # a browser keeps it to itself: it is in no request line, no log and no Referer.
        url += f"#token={settings.token.get_secret_value()}"
    segno.make(url, micro=False).terminal(sys.stderr, compact=True, border=2)
    sys.stderr.write(f"inkdigits is at {url}\nWhoever has this address can use it. Ctrl+C stops it.\n")
    return url


def _show(url: str) -> None:
    if not webbrowser.open(url):
        sys.stderr.write("No browser was found here. Open the address above in one.\n")


def _lan_address() -> str:
    """The address by which others in the network reach this machine; connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a documentation address (RFC 5737): only the route to it matters
            return str(probe.getsockname()[0])
        except OSError:  # no network
            return socket.gethostname()
