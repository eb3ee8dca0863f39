"""Checks of NATS while it runs."""

from typing import Any

import httpx

from showfloor.cli.checks.finding import Check, Finding, Patient, broken, good, warning

TIMEOUT = 3.0  # seconds
NEARLY, FULL = 0.8, 0.95  # shares of a stream that refuses when it is full


def nats(patient: Patient) -> Finding:
    try:
        config = _ask(patient, "jsz?config=1")["config"]
    except (httpx.HTTPError, ValueError, KeyError) as error:
        return broken(f"no answer: {error}", _address(patient), "see `showfloor logs nats`")
    if not config.get("sync_always"):
        place = patient.folder.nats / "nats.conf"
        return broken("sync_interval is not `always`", place, "restart: `showfloor down`, `showfloor up`")
    return good("answers, sync_interval is always")


def signal_space(patient: Patient) -> Finding:
    """The stream of signals refuses new ones when it is full, because it forgets none."""
    accounts = _ask(patient, "jsz?streams=1&config=1").get("account_details") or []
    streams = [stream for account in accounts for stream in account.get("stream_detail") or []]
    shares = {
        stream["name"]: stream["state"]["bytes"] / stream["config"]["max_bytes"]
        for stream in streams
        if stream["config"].get("discard") == "new" and stream["config"].get("max_bytes", 0) > 0
    }
    name, share = max(shares.items(), key=lambda one: one[1], default=("", 0.0))
    says = f"{name} is {share:.0%} full" if name else "no stream yet"
    step = "look why signals are not folded: `showfloor status`, `showfloor logs session`"
    if share >= FULL:
        return broken(f"{says}: signals are refused", f"stream {name}", step)
    return warning(says, f"stream {name}", step) if share >= NEARLY else good(says)


def slow_consumers(patient: Patient) -> Finding:
    """NATS drops messages of clients that do not keep up."""
    slow = int(_ask(patient, "varz").get("slow_consumers", 0))
    if slow:
        says = f"{slow} connections were too slow since the start"
        return warning(says, _address(patient), "see `showfloor logs nats`: it names them; ticks were lost, no events")
    return good("none")


def _ask(patient: Patient, path: str) -> dict[str, Any]:
    answer = httpx.get(f"{_address(patient)}/{path}", timeout=TIMEOUT)
    answer.raise_for_status()
    return dict(answer.json())


def _address(patient: Patient) -> str:
    return f"http://127.0.0.1:{patient.port('nats', 'monitor')}"


WHILE_RUNNING: tuple[Check, ...] = (nats, signal_space, slow_consumers)
