"""Who may come in, and what a browser is told not to do."""

import hmac
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from inkdigits.web.problems import Kind, Refusal, answer_problem
from inkdigits.web.settings import Settings

# Everything the page needs comes from this server; `blob:` and `data:` are pictures that the page made itself.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"geolocation=(), microphone=()"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
TOKEN_PATHS = ("/v1/", "/metrics")


class Guard:
    """ASGI middleware that checks host, origin and token before anything else is done for a request."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._token = settings.token.get_secret_value().encode() if settings.token else None
        self._hosts = frozenset(host.lower() for host in settings.allowed_hosts)
        self._origins = frozenset(settings.cors_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                self._check(scope, Headers(scope=scope))
            except Refusal as refusal:
                await answer_problem(scope["state"]["request_id"], refusal)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope, headers: Headers) -> None:
        host = headers.get("host", "")
        # A foreign site may have its own name lead here (DNS rebinding); its pages would then count as ours.
        if self._hosts and _without_port(host) not in self._hosts:
            raise Refusal(
                Kind.foreign_host, f"This server is not called {host[:100]!r}. Open the address that it printed."
            )
        if scope["method"] not in SAFE_METHODS:
            self._check_origin(headers, host)
        if self._token and scope["path"].startswith(TOKEN_PATHS):
            self._check_token(headers.get("authorization", ""), self._token)

    def _check_origin(self, headers: Headers, host: str) -> None:
        """A browser names the site whose page is sending: only our own page may, and those that the settings name."""
        origin = headers.get("origin")
        if origin is None:
            is_ours = headers.get("sec-fetch-site") != "cross-site"
        else:
            is_ours = urlsplit(origin).netloc == host or origin in self._origins
        if not is_ours:
            raise Refusal(
                Kind.foreign_page, "Pages of other sites may not send here; see the setting INKDIGITS_CORS_ORIGINS."
            )

    def _check_token(self, authorization: str, token: bytes) -> None:
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode("utf-8", "replace"), token):
            message = (
                "A token is asked for. Open the whole address that the server printed, or send it as a bearer token."
            )
            raise Refusal(Kind.token_required, message, {"WWW-Authenticate": "Bearer"})


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower()
