"""Addresses that mail is sent to: what is taken for one, when two are the same, and what others see of one."""

import re
from typing import Final

import idna

MAX_ADDRESS: Final = 254  # RFC 5321: 256 with the brackets around it
MAX_LOCAL: Final = 64
MAX_HOST: Final = 253

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
_HINT = "must be an address such as ana@example.com"


class BadAddress(ValueError):
    """A text is no address that mail can be sent to. The message says what is, without the text."""


def checked_address(text: str) -> str:
    """Return an address in the one spelling in which it is kept: no outer spaces, the host in ASCII small letters.

    Quoted names and hosts by number are refused: nobody registers with one. Raises BadAddress.
    """
    address = text.strip(" \t\r\n")
    local, _, host = address.rpartition("@")
    if len(address) > MAX_ADDRESS or len(local) > MAX_LOCAL or len(host) > MAX_HOST or not _LOCAL.fullmatch(local):
        raise BadAddress(_HINT)
    try:
        written = idna.encode(host, uts46=True).decode() if not host.isascii() else host.lower()
    except UnicodeError:  # of idna, too
        raise BadAddress(_HINT) from None
    whole = f"{local}@{written}"
    if len(whole) > MAX_ADDRESS or len(written) > MAX_HOST or not _HOST.fullmatch(written):
        raise BadAddress(_HINT)
    return whole


def same_as(address: str) -> str:
    """Return what is equal for two spellings of one mailbox: hosts that tell `Ana` and `ana` apart are not known."""
    return address.lower()


def masked(address: str) -> str:
    """Return what the host's side sees of an address: enough to tell two apart, too little to write to."""
    local, _, host = address.rpartition("@")
    name, _, end = host.rpartition(".")
    return f"{local[:1]}\u2026@{name[:1]}\u2026.{end}" if local and name else ""
