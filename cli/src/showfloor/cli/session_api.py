"""How commands reach the API of the running system."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from showfloor.cli.api import Api
from showfloor.cli.sign_in import api_token
from showfloor.cli.terminal import running_folder


@asynccontextmanager
async def connect(data: Path) -> AsyncIterator[Api]:
    """Yield a client of the system in `data`, or of SHOWFLOOR_URL with SHOWFLOOR_TOKEN. Raises Trouble."""
    url, token = os.environ.get("SHOWFLOOR_URL", ""), os.environ.get("SHOWFLOOR_TOKEN", "")
    if not (url and token):
        folder = running_folder(data)
        url, token = str(folder.state()["url"]), api_token(folder)
    async with Api(url, token) as api:
        yield api
