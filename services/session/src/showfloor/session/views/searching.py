"""What lists and bag search in: folded texts, by `showfloor.kernel.fold`."""

from showfloor.kernel.fold import fold

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
