"""The service as a process of its own, as the supervisor runs it."""

import asyncio
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from showfloor.access.tokens import Signer, publish_keys
from showfloor.platform.step import MIGRATIONS_STEP
from showfloor.testing.ports import free_port
from showfloor.testing.service import own_key

NOWHERE = "127.0.0.1:9"  # the directory is away: rights are as the tables have them


def ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


async def started(env: dict[str, str]) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "showfloor.session", env={**os.environ, **env}, stdout=pipe, stderr=pipe
    )


def migrated(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Bring the database up to date as a step of its own does it."""
    words = [sys.executable, "-m", MIGRATIONS_STEP, "showfloor.session"]
    return subprocess.run(words, env={**os.environ, **env}, capture_output=True, text=True, check=False)


def environment_of(database: str, nats_server: Any, tmp_path: Path) -> dict[str, str]:
    publish_keys(Signer(tmp_path / "key.json"), tmp_path / "jwks.json")
    values = {
        "DATABASE_URL": database,
        "NATS_URL": nats_server.url,
        "LISTEN": f"127.0.0.1:{free_port()}",
        "HTTP_LISTEN": f"127.0.0.1:{free_port()}",
        "INTERNAL_JWKS": str(tmp_path / "jwks.json"),
        "DATA": str(tmp_path),
        "KEYRING": str(tmp_path / "keyring.sqlite"),
        "GATEWAY_ADDRESS": NOWHERE,
        **{name.upper(): str(path) for name, path in own_key(tmp_path).items()},
    }
    assert migrated({"SHOWFLOOR_DATABASE_OWNER_URL": database}).returncode == 0
    return {f"SHOWFLOOR_{name}": value for name, value in values.items()}
