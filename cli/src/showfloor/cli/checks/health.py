"""Checks of what runs: PostgreSQL, NATS, the services. When nothing runs they say so and pass."""

import asyncio

import httpx

from showfloor.cli.checks.finding import Finding, broken, good, warning
from showfloor.cli.checks.machine import Check
from showfloor.platform.embedded.folder import DataFolder, port_is_free
from showfloor.platform.embedded.postgres import MAJOR, Postgres
from showfloor.platform.embedded.topology import public_keys
from showfloor.platform.probes import http_probe
from showfloor.platform.supervisor import supervisor_pid

NOT_RUNNING = "not running: nothing to check"
RESTARTS_MANY = 3


def lock(folder: DataFolder) -> Finding:
    """Does the lock agree with the state file?"""
    state = folder.state() if folder.state_file.exists() else {}
    named = supervisor_pid(state) is not None
    if folder.running() == named:
        return good("lock", f"held by pid {state['pid']}" if named else "free")
    return broken("lock", "the lock and state.json disagree", "run `showfloor down`, then `showfloor up`")


def orphans(folder: DataFolder) -> Finding:
    """Without a supervisor nothing of ours may run."""
    if folder.running() or not folder.state_file.exists():
        return good("orphans", "none")
    left = [part["name"] for part in folder.state()["parts"] if supervisor_pid(part) is not None]
    if left:
        return broken("orphans", f"running without a supervisor: {', '.join(left)}", "run `showfloor down`")
    return good("orphans", "none")


def ports(folder: DataFolder) -> Finding:
    """While stopped, are the remembered ports still free?"""
    if folder.running():
        return good("ports", "in use by Showfloor")
    taken = [f"{name} {port}" for name, port in _chosen(folder).items() if not port_is_free(port)]
    if taken:
        return warning("ports", f"taken by another program: {', '.join(taken)}", "`up` will choose others")
    return good("ports", "free")


def postgres(folder: DataFolder) -> Finding:
    if not folder.running():
        return good("postgres", NOT_RUNNING)
    try:
        version = Postgres(folder).query("SHOW server_version")
    except OSError as error:
        return broken("postgres", str(error), "see `showfloor logs postgres`")
    if version.partition(".")[0] != MAJOR:
        return broken("postgres", f"version {version}", f"version {MAJOR} is needed: run `make install`")
    return good("postgres", f"version {version}")


def durability(folder: DataFolder) -> Finding:
    """Acknowledged must mean on disk."""
    if not folder.running():
        return good("durability", NOT_RUNNING)
    names = ("fsync", "synchronous_commit", "full_page_writes")
    values = Postgres(folder).query("".join(f"SHOW {name};" for name in names)).split()
    off = [name for name, value in zip(names, values, strict=True) if value != "on"]
    if off:
        return broken("durability", f"off: {', '.join(off)}", "restart: `showfloor down`, `showfloor up`")
    return good("durability", "fsync, synchronous_commit and full_page_writes are on")


def nats(folder: DataFolder) -> Finding:
    if not folder.running():
        return good("nats", NOT_RUNNING)
    base = f"http://127.0.0.1:{_port(folder, 'nats', 'monitor')}"
    try:
        config = httpx.get(f"{base}/jsz?config=1", timeout=3).json()["config"]
    except (httpx.HTTPError, ValueError, KeyError) as error:
        return broken("nats", f"no answer: {error}", "see `showfloor logs nats`")
    if not config.get("sync_always"):
        return broken("nats", "sync_interval is not `always`", "restart: `showfloor down`, `showfloor up`")
    return good("nats", "answers, sync_interval is always")


def services(folder: DataFolder) -> Finding:
    """Every process with a health port is ready."""
    if not folder.running():
        return good("services", NOT_RUNNING)
    parts = [part for part in folder.state()["parts"] if "http" in part["ports"]]
    reasons = [(part["name"], asyncio.run(http_probe(part["ports"]["http"], "/readyz"))) for part in parts]
    unwell = [f"{name}: {reason}" for name, reason in reasons if reason]
    if unwell:
        return broken("services", "; ".join(unwell), f"see `showfloor logs {unwell[0].partition(':')[0]}`")
    return good("services", f"{', '.join(name for name, _ in reasons)} ready")


def restarts(folder: DataFolder) -> Finding:
    parts = folder.state().get("parts", ()) if folder.running() else ()
    looping = [part["name"] for part in parts if part["status"] == "crash-loop"]
    if looping:
        return broken("restarts", f"dies again and again: {', '.join(looping)}", f"`showfloor logs {looping[0]}`")
    often = [f"{part['name']} {part['restarts']}" for part in parts if part["restarts"] >= RESTARTS_MANY]
    if often:
        return warning("restarts", f"restarted: {', '.join(often)}", "look for the cause in `showfloor logs`")
    return good("restarts", "none or few")


def keys(folder: DataFolder) -> Finding:
    """The public keys by which services know that the gateway speaks."""
    file = public_keys(folder)
    if not file.exists():
        return good("keys", "made at the first start")
    if not file.read_text(encoding="utf-8").startswith('{"keys":'):
        return broken("keys", f"{file} is not a JWKS", "delete it and start again: it is written anew")
    return good("keys", str(file))


def _chosen(folder: DataFolder) -> dict[str, int]:
    parts = folder.state().get("parts", ())
    return {f"{part['name']} {name}": port for part in parts for name, port in part["ports"].items()}


def _port(folder: DataFolder, part: str, name: str) -> int:
    return int(next(row["ports"][name] for row in folder.state()["parts"] if row["name"] == part))


CHECKS: tuple[Check, ...] = (lock, orphans, ports, postgres, durability, nats, services, restarts, keys)
