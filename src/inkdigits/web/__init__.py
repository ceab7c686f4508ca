"""The web page and the API: `create_app` in `app`, `serve` in `server`. Needs the extra `web`."""

from inkdigits.errors import MissingExtraError

try:
    import fastapi  # noqa: F401  # asked for here, so that whoever imports any part of the wing gets the clear error
    import pydantic_settings  # noqa: F401
except ImportError as error:
    raise MissingExtraError.of("web", "The web page") from error
