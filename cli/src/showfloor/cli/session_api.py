"""How commands reach the API of the running system."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from showfloor.cli.api import Api
from showfloor.cli.sign_in import api_token
from showfloor.cli.terminal import running_folder
from showfloor.platform.startup_error import StartupError


@asynccontextmanager
async def connect(data: Path) -> AsyncIterator[Api]:
    """Yield a client of the system in `data`, or of SHOWFLOOR_URL with SHOWFLOOR_TOKEN. Raises StartupError."""
    url, token = address_in(os.environ)
    if not (url and token):
        folder = running_folder(data)
        url, token = str(folder.state()["url"]), api_token(folder)
    async with Api(url, token) as api:
        yield api


def address_in(variables: Mapping[str, str]) -> tuple[str, str]:
    """Return SHOWFLOOR_URL and SHOWFLOOR_TOKEN, "" for one not set. Raises StartupError when one cannot be sent."""
    url, token = variables.get("SHOWFLOOR_URL", ""), variables.get("SHOWFLOOR_TOKEN", "")
    if url and not _http(url):
        step = "set it to the address of the console, such as https://live.example.com"
        raise StartupError("SHOWFLOOR_URL is not an http address", place="the environment", next_step=step)
    if not (token.isascii() and token.isprintable() and " " not in token):
        step = "set it to what `showfloor token --api` prints"
        raise StartupError(
            "SHOWFLOOR_TOKEN holds characters that no token has", place="the environment", next_step=step
        )
    return url, token


def _http(url: str) -> bool:
    try:
        httpx.URL(url)
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except (httpx.InvalidURL, ValueError):  # of a port that no machine has, for one
        return False
