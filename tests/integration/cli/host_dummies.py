"""Hosts real PostgreSQL, real NATS and three dummy services: `host_dummies.py FOLDER`. Used by test_hosting."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from showfloor.cli.hosting import host
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.service import WEB, Port, Service
from showfloor.embedded.topology import System

SERVICES = (
    Service("session", "dummy_service"),
    Service("events", "dummy_service"),
    Service("gateway", "dummy_service", ports={"web": Port()}, group=WEB),
)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def probe(system: System) -> None:
    assert system.postgres.query("SELECT 1") == "1"


async def when_ready(system: System) -> None:
    say(f"ready {system.url}")


def report(process: str, news: str) -> None:
    say(f"{process}: {news}")


def main(services: Sequence[Service]) -> None:
    folder = DataFolder(Path(sys.argv[1]))
    folder.prepare()
    with folder.locked():
        hosting = host(folder, services, report=report, probe=probe, when_ready=when_ready)
        say(f"killed {asyncio.run(hosting)}")


if __name__ == "__main__":
    main(SERVICES)
