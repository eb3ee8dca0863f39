"""Cells that we write: a spreadsheet that opens them takes none for a formula."""

from showfloor.kernel import text

_FORMULA = frozenset("=+-@|%＝＋－＠｜％")  # the wide forms count as well: spreadsheets of East Asia read them
_BREAKS = ("\t", "\r", "\n")


def cell(value: str) -> str:
    """Return a text as a cell; one that a spreadsheet could take for a formula gets an apostrophe before it."""
    first = next((character for character in value if text.visible(character)), "")
    return f"'{value}" if first in _FORMULA or value.startswith(_BREAKS) else value
