"""Addresses that people's browsers are sent to, or load from: public ones alone, so that no page reaches into anybody's
own network."""

import re
from contextlib import suppress
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from showfloor.kernel.refusal import Refusal, invalid
from showfloor.rpc import checks

_NAME: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.IGNORECASE)
_LOCAL: Final = (".localhost", ".local", ".internal", ".lan", ".home", ".arpa")


def public_https(field: str, value: str) -> str:
    """Return an https:// address of a public host, without user name, password or fragment. Raises INVALID_FIELD."""
    checks.https(field, value)
    problem = invalid(field, "must be a public https:// address without user name, password or fragment")
    if "\\" in value:
        raise problem
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise problem from None
    if parts.username is not None or parts.password is not None or parts.fragment or port == 0:
        raise problem
    _check_host(parts, problem)
    return value


def _check_host(parts: SplitResult, problem: Refusal) -> None:
    """Refuse a host that is no public one. A name that only looks like a number is an address to browsers."""
    host = (parts.hostname or "").rstrip(".")
    with suppress(ValueError):
        if ip_address(host).is_global:
            return
        raise problem
    last = host.rpartition(".")[2]
    number = last.isdigit() or last.startswith("0x")
    if number or not _NAME.fullmatch(host) or host.endswith(_LOCAL) or parts.hostname != host:
        raise problem
