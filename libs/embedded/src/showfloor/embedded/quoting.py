"""How values are written in the grammars of other people's configuration files."""

import os
from collections.abc import Mapping, Sequence

Value = str | int | Sequence["Value"] | Mapping[str, "Value"]


def nats_config(value: Value, depth: int = 0) -> str:
    """Return a value as nats-server's configuration writes it. It looks like JSON, and is none: see `nats_text`."""
    match value:
        case str():
            return nats_text(value)
        case int():
            return str(value)
        case Mapping():
            rows = [f"{nats_text(key)}: {nats_config(one, depth + 1)}" for key, one in value.items()]
            opened, closed = "{}"
        case _:
            rows = [nats_config(one, depth + 1) for one in value]
            opened, closed = "[]"
    margin = "\n" + "  " * depth
    return f"{opened}{','.join(f'{margin}  {row}' for row in rows)}{margin}{closed}"


def nats_text(text: str) -> str:
    """Return a text as nats-server's configuration quotes it.

    It knows \\xHH for a byte and a few letters; \\u, which JSON writes, is a mistake to it. Letters of all scripts
    stand as they are.
    """
    return f'"{"".join(map(_nats_letter, text))}"'


def _nats_letter(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if letter.isprintable():
        return letter
    return "".join(f"\\x{byte:02X}" for byte in os.fsencode(letter))


def postgres_folders(folder: str) -> str:
    """Return a folder as an entry of a list of them: a comma, or a space at its end, needs double quotes."""
    doubled = folder.replace('"', '""')
    return f'"{doubled}"'
