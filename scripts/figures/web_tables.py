"""The table of the API under load, for fill_figures.py."""

from collections.abc import Callable
from typing import Any

from markdown_tables import table


def web_load(result: dict[str, Any]) -> str:
    """The API under load."""
    figures = result["figures"]
    servers = {
        "nothing_form": "does nothing, form",
        "digit_form": "`/v1/digit`, form",
        "nothing_raw": "does nothing, raw body",
        "digit_raw": "`/v1/digit`, raw body",
    }
    rows = [
        [
            text,
            f"{figures[key]['requests_per_second']:,.0f}",
            f"{figures[key]['p50_milliseconds']:.0f} ms",
            f"{figures[key]['p99_milliseconds']:.0f} ms",
            f"{figures[key]['errors'] + figures[key]['not_2xx']}",
        ]
        for key, text in servers.items()
    ]
    return (
        table(["endpoint", "requests a second", "p50", "p99", "errors"], rows)
        + f"\n{figures['seconds']} s each, {figures['connections']} connections, one server process; load average "
        f"before: {figures['load_average_before']}.\n"
    )


RENDERERS: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {"web_load": ("web_load", web_load)}
