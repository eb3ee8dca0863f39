"""`showfloor up`: start everything, prove that it works, say where it is, show something that moves."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter, validators
from rich.markup import escape

from showfloor.cli import sign_in
from showfloor.cli.ownership import go_on_as_owner
from showfloor.cli.services import services
from showfloor.cli.terminal import DEFAULT_FOLDER, Data, commands, console, marked
from showfloor.embedded.folder import AlreadyRunning, DataFolder
from showfloor.embedded.topology import System
from showfloor.platform.startup_error import StartupError

DETACHED_PATIENCE = 120.0  # seconds, while what is waited for does not move


def up(
    *,
    data: Data = DEFAULT_FOLDER,
    port: Annotated[int | None, Parameter(validator=validators.Number(gte=1, lte=65_535))] = None,
    detach: bool = False,
    demo: Annotated[
        bool, Parameter(help="Replay the bundled LIVE once it is ready, and let viewers pretend to pay.")
    ] = True,
    link: Annotated[bool, Parameter(help="Print a one-time sign-in link once everything is ready.")] = True,
) -> None:
    """Start Showfloor: PostgreSQL, NATS and every service, in one data folder, on this machine.

    Parameters
    ----------
    port
        Port of the web address. By default 8080, or a free one that is then kept.
    detach
        Return once it is ready and leave it running; stop it with `showfloor down`.
    """
    folder = DataFolder(data)
    go_on_as_owner(folder.root)
    folder.prepare()
    try:
        with folder.locked():
            if not detach:
                from showfloor.cli.hosting import host  # not for a start that only waits for another process

                console.print(f"Starting Showfloor in {folder.root}")
                ready = _ready(demo, link)
                wanted = services(port=port, demo=demo)
                running = host(folder, wanted, report=_report, probe=_probe, when_ready=ready)
                _farewell(asyncio.run(running))
                return
    except AlreadyRunning:
        _already(folder)
        return
    _detached(folder, port, demo, link)


def _report(process: str, news: str) -> None:
    console.print(marked("  ", (process, "yellow"), f": {news}"))


async def _probe(system: System) -> None:
    console.print("  everything runs; sending a command through to the live stream")
    from showfloor.cli import readiness

    await readiness.prove(system.folder, system.url)


def _ready(demo: bool, link: bool) -> Callable[[System], Awaitable[None]]:
    async def when_ready(system: System) -> None:
        _welcome(system.folder, system.url, link, demo)
        if demo:
            await _replay(system)

    return when_ready


async def _replay(system: System) -> None:
    """Replay the bundled LIVE in a process of its own: what it does must not disturb the supervisor."""
    words = [sys.executable, "-m", "showfloor.cli", "replay", "--demo", "--data", str(system.folder.root)]
    replaying = await asyncio.create_subprocess_exec(*words)
    try:
        await replaying.wait()
    finally:
        if replaying.returncode is None:
            replaying.terminate()
            await replaying.wait()


def _welcome(folder: DataFolder, url: str, link: bool, demo: bool) -> None:
    console.print(marked("\n", ("ready", "bold green"), f"  {url}\n"))
    if not link:
        return
    console.print(marked("  sign in (once, within 10 minutes): ", (sign_in.link(folder), "bold"), "\n"))
    first = "choose the running LIVE: its board moves while a LIVE is replayed" if demo else "begin with New LIVE"
    console.print(f"  1. open the link and {first}")
    console.print(commands("  2. see what runs with `showfloor status`; get another link with `showfloor token`"))
    console.print(commands("  3. bring in your own past sessions: `showfloor import history FILE`\n"))


def _farewell(killed: list[str]) -> None:
    console.print(f"stopped; had to kill {', '.join(killed)}" if killed else "stopped")


def _already(folder: DataFolder) -> None:
    state = folder.state()
    console.print(f"Showfloor is already running ({state.get('status', 'starting')}): {state.get('url', '')}")
    console.print(commands("  sign in with a link from `showfloor token`; stop it with `showfloor down`"))


def _detached(folder: DataFolder, port: int | None, demo: bool, link: bool) -> None:
    # What it prints goes to a file, which is no place for a sign-in link: this process prints one.
    words = [sys.executable, "-m", "showfloor.cli", "up", "--no-link", "--data", str(folder.root)]
    words += [] if port is None else ["--port", str(port)]
    words += [] if demo else ["--no-demo"]
    log = folder.log("up")
    with log.open("wb") as output:
        child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
    end, before = time.monotonic() + DETACHED_PATIENCE, ""
    with console.status("Starting Showfloor") as shown:
        while child.poll() is None and time.monotonic() < end:
            state = folder.state()
            if (waits := _waits_for(state)) != before:  # the supervisor ends what does not move
                end, before = time.monotonic() + DETACHED_PATIENCE, waits
                shown.update(f"Starting Showfloor  {escape(waits)}")
            if state.get("pid") == child.pid and state.get("status") == "ready":
                _welcome(folder, str(state["url"]), link, demo)
                return
            time.sleep(0.1)
    raise StartupError(
        f"Showfloor did not start\n{_last_words(log)}".rstrip(), place=str(log), next_step="run `showfloor doctor`"
    )


def _waits_for(state: dict[str, Any]) -> str:
    """Say what the start waits for: tables of views that are being built, say."""
    starting = [one for one in state.get("processes", ()) if one["status"] == "starting"]
    return "; ".join(f"{one['name']}: {one['problem']}" for one in starting if one["problem"])


def _last_words(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
