"""Request ids, a log line and the Prometheus figures of each request, and the headers of each answer."""

import json
import logging
import re
import secrets
import sys
import time
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inkdigits.web.problems import Kind, Refusal, answer_problem
from inkdigits.web.security import HEADERS

log = logging.getLogger("inkdigits.web")

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
METHODS = frozenset(("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"))
# From the milliseconds of a 28×28 picture to the seconds of a 50-megapixel photo.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class JsonFormatter(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's time, level, logger, message and `fields`."""
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class HumanFormatter(logging.Formatter):
    """A log record as a short line for whoever watches the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, and what was asked and answered; else the message."""
        text = record.getMessage()
        if "status" in (fields := getattr(record, "fields", {})):
            text = f"{fields['method']} {fields['path']} {fields['status']}, {fields['milliseconds']:.0f} ms"
        if record.exc_info:
            text += f"\n{self.formatException(record.exc_info)}"
        return f"{time.strftime('%H:%M:%S', time.localtime(record.created))} {text}"


def _is_for_people(record: logging.LogRecord) -> bool:
    """Not uvicorn's own steps, nor the dozen files of the page: they would hide the one request that counts."""
    if record.levelno > logging.INFO or record.name != log.name:
        return record.levelno > logging.INFO
    fields = getattr(record, "fields", {})
    return bool(fields.get("status", 0) >= 400 or fields.get("path", "").startswith("/v1/"))


def start_logging(level: str) -> None:
    """Have this server and uvicorn log to stderr: lines for people on a terminal, elsewhere a JSON object per line."""
    handler = logging.StreamHandler(sys.stderr)
    if sys.stderr.isatty():
        handler.setFormatter(HumanFormatter())
        handler.addFilter(_is_for_people)
    else:
        handler.setFormatter(JsonFormatter())
    for name in ("inkdigits.web", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level.upper())


class Metrics:
    """The figures of one server.

    Attributes:
        registry: what `/metrics` shows.
        pending: how many pictures are being read or wait.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        names = ("method", "route", "status")
        self._requests = Counter("inkdigits_requests", "Requests answered.", names, registry=self.registry)
        self._seconds = Histogram(
            "inkdigits_request_seconds", "Arrival to answer.", ("route",), buckets=BUCKETS, registry=self.registry
        )
        self.pending = Gauge("inkdigits_pending", "Pictures being read or waiting.", registry=self.registry)
        ProcessCollector(registry=self.registry)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Add one request."""
        method = method if method in METHODS else "other"  # a client's inventions must not become figures without end
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class Observer:
    """ASGI middleware, the outermost: whatever happens inside, an answer goes out and is logged."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        id_header = (b"x-request-id", request_id.encode())
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = {
                    name.lower() for name, _ in message["headers"]
                }  # such as the policy of a page with its own script
                headers = [(name, value) for name, value in HEADERS if name not in own]
                message["headers"] = [*message["headers"], *headers, id_header]
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:  # a bug: the traceback is for the log, the client gets the request id to report
            log.exception("failed", extra={"fields": {"request_id": request_id, "path": scope["path"]}})
            if status == 0:
                message = "The server failed. Its log has the reason under this request id."
                answer = answer_problem(request_id, Refusal(Kind.server_error, message))
                await answer(scope, receive, send_with_headers)
        finally:
            self._record(scope, request_id, status, time.perf_counter() - start)

    def _record(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "other")
        self._metrics.count(scope["method"], route, status, seconds)
        if log.isEnabledFor(logging.INFO):
            fields = {
                "request_id": request_id,
                "method": scope["method"],
                "path": scope["path"],
                "status": status,
                "milliseconds": round(1000 * seconds, 2),
                "client": scope["client"][0] if scope.get("client") else None,
            }
            log.info("answered", extra={"fields": fields})


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value):
            return str(value.decode())
    return secrets.token_hex(8)
