"""Whoever deletes says beside it why that is safe: nothing goes that is not known to be ours and of no more use."""

import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[3]
SOURCES = [
    *PROJECT.glob("libs/*/src/**/*.py"),
    *PROJECT.glob("services/*/src/**/*.py"),
    *PROJECT.glob("cli/src/**/*.py"),
]
SOURCES += [*PROJECT.glob("tools/*"), *PROJECT.glob("services/*/src/**/*.sql"), *PROJECT.glob("libs/*/src/**/*.sql")]
DELETES = re.compile(
    r"rmtree\(|\.unlink\(|\.rmdir\(|\btruncate\(|rm -rf|DROP (SCHEMA|TABLE|DATABASE|COLUMN|ROLE)|TRUNCATE |DELETE FROM"
    r"|\.purge_stream\(|_js\.delete_stream\("
)
NEAR = 12  # lines before and after
# Rows of views are made again from the log, whenever and as often as somebody likes.
EXCEPT = re.compile(r"/views/|/contracts/src/")


def unexplained(text: str) -> Iterator[int]:
    """Yield the numbers of lines that delete, where no line nearby says that it is safe."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        near = "\n".join(lines[max(0, number - NEAR) : number + NEAR + 1])
        if DELETES.search(line) and not re.search(r"\bsafe\b", near, re.IGNORECASE):
            yield number + 1


def test_every_deletion_says_why_it_is_safe() -> None:
    found = [
        f"{path.relative_to(PROJECT)}:{number}"
        for path in SOURCES
        if path.is_file() and not EXCEPT.search(str(path.relative_to(PROJECT)))
        for number in unexplained(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_look_finds_one_that_does_not() -> None:
    assert list(unexplained("import shutil\nshutil.rmtree(folder)\n")) == [2]
    assert list(unexplained("# Safe: ours.\nshutil.rmtree(folder)\n")) == []
