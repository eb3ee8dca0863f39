"""Ways to change a good input a little. Bytes changed blindly are mostly refused at once: the others reach deeper."""

import csv
import io
import json
import unicodedata
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from google.protobuf.descriptor import FieldDescriptor as F
from google.protobuf.message import Message

Change = Callable[[Random, bytes], bytes]
Edit = tuple[int, int, bytes]

PIECES = [b"", b"\0", b"\xff", b'"', b"{", b"[" * 500, b"%", b"\n", b",", b".", b";", b"-", b"9" * 25, b"\xed\xa0\x80"]
# Ids: of this kind of thing, none, of other kinds (made here, derived, from elsewhere), and the same in other forms.
IDS = [
    "0195f0aa-0000-7000-8000-000000000001", "00000000-0000-0000-0000-000000000000",
    "0195f0aa-0000-7000-8000-000000000002", "b3c7a9d2-58f0-5c1e-9d0a-6f2b7c8d9e01",
    "9b2d6a4e-1f3c-4b5a-8d7e-2c1f0a9b8d7c", "ffffffff-ffff-ffff-ffff-ffffffffffff",
]  # fmt: skip
ID_FORMS = [
    IDS[0].upper(), IDS[0].replace("-", ""), f"{{{IDS[0]}}}", f"urn:uuid:{IDS[0]}", IDS[0] + "\n", f" {IDS[0]}",
    IDS[0].replace("0", "٠"), IDS[0].replace("-", "‐"), IDS[0][:-1], IDS[0] + "0", "v1", "user:1",
]  # fmt: skip
WORDS = [
    *IDS, *ID_FORMS,
    "", " ", "a", "A", "s1", "live", "ended", "EUR", "DE", "0", "1", "-1", "12.50", "1e9", "9e999999", "nan",
    "inf", "comment", "order", "gift", "female", "18-24", "official", "staff", "max", "AAAA", "AA==", "é", "e\u0301",
    "\u202e", "١٢", "²", "x" * 65, "x" * 300, "😀" * 70, "a\nb", "../a", "/a", "C:\\a", "https://example.com/a", "https://[",
    "2026-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-02-30", "2026-02-28", "a,b",
]  # fmt: skip
BAD_WORDS = ["\0", "\ud800", "a\x07", "9" * 5000]
NUMBERS = [0, 1, 2, 3, 50, 100, 255, 65_535, 3_600_000, 2**31 - 1, 2**31, 2**53, 2**63 - 1, -1, -(2**63)]
ODD_NUMBERS = [2**64, 10**25, 0.5, -0.0, 1e308, 5e-324]
KEYS = ["a", "id", "session_id", "viewer", ""]


def edited(seed: bytes, changes: list[Edit]) -> bytes:
    """Return a good input with a few places overwritten: (where, how many bytes, by what)."""
    for at, length, piece in changes:
        start = at % (len(seed) + 1)
        seed = seed[:start] + piece + seed[start + length :]
    return seed


def anywhere(rng: Random, seed: bytes) -> bytes:
    """Overwrite one to four places."""
    changes = []
    for _ in range(rng.randrange(1, 5)):
        piece = rng.choice(PIECES) if rng.random() < 0.4 else rng.randbytes(rng.randrange(4))
        changes.append((rng.randrange(len(seed) + 1), rng.randrange(5), piece))
    return edited(seed, changes)


def alike(rng: Random, seed: bytes) -> bytes:
    """Exchange one to three characters for others of their kind, or leave out one: the form stays."""
    text = bytearray(seed)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(text)) if text else 0
        one = bytes(text[at : at + 1])
        if one.isdigit():
            text[at] = rng.choice(b"0123456789")
        elif one.isalpha():
            text[at] = rng.choice(b"abcdefABCDEF")
    if rng.random() < 0.1 and text:
        del text[rng.randrange(len(text))]
    return bytes(text)


def one_of(*seeds: bytes, then: Change = alike) -> Change:
    """Change one of several good inputs."""
    return lambda rng, _seed: then(rng, rng.choice(seeds))


@cache
def _categories() -> list[str]:
    """Return all characters of each category, as one string each."""
    found: dict[str, list[str]] = {}
    for code in range(0x110000):
        found.setdefault(unicodedata.category(chr(code)), []).append(chr(code))
    return ["".join(characters) for characters in found.values()]


def any_text(rng: Random) -> str:
    """Return a text of characters of any categories."""
    return "".join(rng.choice(rng.choice(_categories())) for _ in range(rng.randrange(1, 12)))


def word(rng: Random) -> str:
    """Return a text that some field may hold."""
    chance = rng.random()
    if chance < 0.8:
        return rng.choice(WORDS)
    return any_text(rng) if chance < 0.95 else rng.choice(BAD_WORDS)


def number(rng: Random) -> int | float:
    """Return a number that some field may hold."""
    return rng.choice(NUMBERS) if rng.random() < 0.9 else rng.choice(ODD_NUMBERS)


def change_value(rng: Random, root: Any) -> Any:
    """Return a JSON value with one member replaced, mostly by one of its type, left out, or added."""
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        for key in list(node) if isinstance(node, dict) else range(len(node)):
            places.append((node, key))
            if isinstance(node[key], dict | list):
                walk(node[key])

    if not isinstance(root, dict | list):
        return _other(rng, root)
    walk(root)
    if not places:
        return root
    node, key = rng.choice(places)
    chance = rng.random()
    if chance < 0.75:
        node[key] = _other(rng, node[key])
    elif chance < 0.85:
        del node[key]
    elif isinstance(node, list):
        node.append(node[key])
    else:
        node[rng.choice(KEYS)] = node[key]
    return root


def _other(rng: Random, value: Any) -> Any:
    if rng.random() < 0.1:
        return rng.choice([None, True, [], {}, [[]], word(rng), number(rng)])
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return alike(rng, value.encode()).decode() if rng.random() < 0.4 and value.isascii() else word(rng)
    if isinstance(value, int | float):
        return number(rng)
    return value


def json_text(rng: Random, seed: bytes) -> bytes:
    """Change one or two members of a JSON text."""
    value = json.loads(seed)
    for _ in range(rng.randrange(1, 3)):
        value = change_value(rng, value)
    return json.dumps(value).encode()


def json_line(rng: Random, seed: bytes) -> bytes:
    """Change one line of several, each a JSON text."""
    lines = seed.splitlines()
    at = rng.randrange(len(lines))
    lines[at] = json.dumps(change_value(rng, json.loads(lines[at]))).encode()
    return b"\n".join(lines) + b"\n"


def csv_cells(rng: Random, seed: bytes) -> bytes:
    """Change one or two cells, mostly below the header."""
    rows = list(csv.reader(seed.decode().splitlines()))
    for _ in range(rng.randrange(1, 3)):
        row = rng.choice(rows[1:] if rng.random() < 0.9 else rows)
        at = rng.randrange(len(row))
        row[at] = alike(rng, row[at].encode()).decode(errors="replace") if rng.random() < 0.5 else rng.choice(WORDS)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def separated(by: bytes, inner: bytes = b"") -> Change:
    """Exchange, repeat or leave out one of the parts between `by`; of "name<inner>value", mostly the value."""

    def change(rng: Random, seed: bytes) -> bytes:
        parts = seed.split(by)
        at = rng.randrange(len(parts))
        chance = rng.random()
        if chance < 0.1:
            del parts[at]
        elif chance < 0.2:
            parts.insert(at, rng.choice(parts))
        else:
            name, found, value = parts[at].partition(inner) if inner else (b"", b"", parts[at])
            fresh = alike(rng, value) if rng.random() < 0.5 else word(rng).encode(errors="surrogatepass")
            parts[at] = name + found + fresh
        return by.join(parts)

    return change


def filled(rng: Random, message: Message, depth: int = 3) -> Message:
    """Fill a message with values that its fields may hold, some of them absurd; some fields stay unset."""
    for field in message.DESCRIPTOR.fields:
        if rng.random() < 0.3:
            continue
        if field.is_repeated:
            values = getattr(message, field.name)
            for _ in range(rng.randrange(3)):
                if field.message_type is None:
                    values.append(_scalar(rng, field))
                elif depth:
                    filled(rng, values.add(), depth - 1)
        elif field.message_type is None:
            setattr(message, field.name, _scalar(rng, field))
        elif depth:
            inner = getattr(message, field.name)
            inner.SetInParent()
            if field.message_type.name == "Timestamp":
                inner.seconds = rng.choice([0, 1_767_225_600, 1_777_000_000, 4_200_000_000, -(2**40), 2**62])
                inner.nanos = rng.choice([0, 0, 1, 999_999_999, -1, 2**31 - 1])
            else:
                filled(rng, inner, depth - 1)
    return message


def _scalar(rng: Random, field: F) -> Any:
    if field.enum_type:
        known = [value.number for value in field.enum_type.values]
        return rng.choice(known) if rng.random() < 0.95 else 99
    if field.type == F.TYPE_BYTES:
        return rng.randbytes(rng.randrange(9))
    if field.cpp_type == F.CPPTYPE_STRING:
        if field.name.endswith(("_id", "_ids")) and rng.random() < 0.8:
            return rng.choice(IDS)
        return rng.choice(WORDS) if rng.random() < 0.7 else any_text(rng).encode(errors="replace").decode()
    if field.cpp_type == F.CPPTYPE_BOOL:
        return rng.random() < 0.5
    if field.cpp_type in (F.CPPTYPE_DOUBLE, F.CPPTYPE_FLOAT):
        return rng.choice([0.0, 1.5, -1.0, 1e308, float("inf"), float("nan")])
    if field.cpp_type in (F.CPPTYPE_INT32, F.CPPTYPE_UINT32):
        return rng.choice([0, 1, 2, 50, 2**31 - 1])
    return rng.choice([0, 1, 2, 100, 2**53, 2**63 - 1])
