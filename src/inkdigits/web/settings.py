"""What a server may be told, each as an environment variable `INKDIGITS_…`, with safe defaults."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from inkdigits.errors import InkDigitsError
from inkdigits.images import MAX_PIXELS

MEBIBYTE = 2**20

Names = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Limits and keys of one server. Lists are given with commas: `INKDIGITS_CORS_ORIGINS=https://a.org,https://b.org`.

    Attributes:
        max_bytes: of one upload; above it 413.
        max_pixels: of one picture; above it 422.
        max_pictures: in one `/v1/digits`; above it 413.
        max_held_bytes: of all uploads that are held at the same time; above it 429.
        upload_seconds: for a request to arrive, headers first, then body; later 408.
        answer_seconds: from arrival to answer, waiting included; later 503.
        workers: threads that read pictures.
        queue: pictures that may wait for a worker; above it 429.
        token: the bearer token that `/v1` and `/metrics` ask for; None asks for none.
        allowed_hosts: the `Host` headers that are served, without port; empty serves all.
        cors_origins: other sites whose pages may call the API; empty means none.
        corrections: the SQLite file of corrections; None keeps none.
        max_corrections: in that file; above it 507.
        log_level: of the log on stderr.
    """

    model_config = SettingsConfigDict(env_prefix="INKDIGITS_", frozen=True)

    max_bytes: int = Field(20 * MEBIBYTE, ge=1)
    max_pixels: int = Field(MAX_PIXELS, ge=16, le=MAX_PIXELS)
    max_pictures: int = Field(256, ge=1)
    max_held_bytes: int = Field(200 * MEBIBYTE, ge=1)
    upload_seconds: float = Field(30.0, gt=0)
    answer_seconds: float = Field(30.0, gt=0)
    # More threads than four only wait for each other: between the calls into C they share one interpreter.
    workers: int = Field(default_factory=lambda: min(4, os.cpu_count() or 1), ge=1)
    queue: int = Field(64, ge=0)
    token: SecretStr | None = None
    allowed_hosts: Names = ()
    cors_origins: Names = ()
    corrections: Path | None = None
    max_corrections: int = Field(100_000, ge=1)
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("allowed_hosts", "cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("token")
    @classmethod
    def _check_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        if not value.get_secret_value().isascii():
            raise ValueError("a token travels in a header and must be ASCII")
        return value


def load_settings(**overrides: object) -> Settings:
    """The settings of this environment; `overrides` that are not None win.

    Raises:
        InkDigitsError: a variable that cannot be understood; names it.
    """
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        got = "" if name == "token" else f" (got {first['input']!r})"
        raise InkDigitsError(f"The setting INKDIGITS_{name.upper()} is wrong{got}: {first['msg']}.") from error
