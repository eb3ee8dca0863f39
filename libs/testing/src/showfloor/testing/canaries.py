"""Words that must be found nowhere in the files of a folder."""

import os
from contextlib import suppress
from pathlib import Path


def found_in(folder: Path, *words: str) -> list[str]:
    """Return which words lie in which files of a folder, in UTF-8.

    A running system puts files in the place of others: one that is gone before it is read holds nothing.
    """
    found = []
    for place, _, names in os.walk(folder):
        for name in sorted(names):
            file = Path(place) / name
            if file.is_symlink() or not file.is_file():
                continue
            with suppress(FileNotFoundError):
                text = file.read_bytes()
                found += [f"{word} in {file.relative_to(folder)}" for word in words if word.encode() in text]
    return found
