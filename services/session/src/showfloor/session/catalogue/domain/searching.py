"""What lists and bag search in: folded texts, by `showfloor.kernel.fold`."""

from uuid import UUID
from zlib import crc32

from showfloor.kernel.fold import fold

MOST_ASKED = 32  # runs of a query that the index is asked for: more make nothing quicker
_FIRST = 200  # of a title, as far as an order goes by it: a row of an index holds 2,704 bytes at most


def search_key(*texts: str) -> str:
    """Return what a search looks through: a line for each text. No search finds the end of one with the next."""
    return "\n".join(fold(text) for text in texts)


def sort_key(title: str) -> str:
    """Return what titles are put in order by."""
    return fold(title)[:_FIRST]


def holds(query: str, *texts: str) -> bool:
    """Tell whether a search finds one of these texts. A search for nothing that can be seen finds all."""
    return fold(query) in search_key(*texts)


def containing(query: str) -> str:
    """Return the LIKE pattern of what `holds` says of a search key: the signs of LIKE stand for themselves."""
    escaped = fold(query).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def grams(owner: UUID, key: str) -> list[int]:
    """Return a number for each run of two and of three characters of a search key, and for each that is not ASCII.

    An inverted index over them finds rows by any part of a text, without an extension that only a superuser may add.
    The owner is part of each number, so that the rows of one shop cost another nothing. Two runs may share a number:
    `containing` decides.
    """
    seed = crc32(owner.bytes)
    runs = {one for one in key if not one.isascii()}
    for size in (2, 3):
        runs.update(key[at : at + size] for at in range(len(key) - size + 1))
    return sorted({_number(run, seed) for run in runs})


def asked_grams(owner: UUID, query: str) -> list[int] | None:
    """Return the numbers that every row has in which a search finds the query; None: every row may be one."""
    asked = fold(query)
    if len(asked) == 1 and asked.isascii():
        return None
    size = min(len(asked), 3)
    runs = dict.fromkeys(asked[at : at + size] for at in range(len(asked) - size + 1) if size)
    return [_number(run, crc32(owner.bytes)) for run in [*runs][:MOST_ASKED]] or None


def _number(run: str, seed: int) -> int:
    return crc32(run.encode(), seed) - 2**31  # as an integer of PostgreSQL
