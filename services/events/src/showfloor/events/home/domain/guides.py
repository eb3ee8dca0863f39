"""Guides: tutorials, and sessions told as examples. Each is a file in a small part of Markdown.

---
title: Choose what you show
topic: product_selection
summary: One sentence.
minutes: 3
order: 1
---
## A heading
A paragraph, over as many lines as it needs.
- an item
"""

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

Kind = Literal["tutorial", "example"]
Topic = Literal["product_selection", "content_structure", "sales_pitch", "violation_risk"]
BlockKind = Literal["heading", "paragraph", "item"]

_FENCE: Final = "---"
_MARKS: Final[tuple[tuple[str, BlockKind], ...]] = (("## ", "heading"), ("- ", "item"))


class Block(msgspec.Struct, frozen=True):
    """A piece of a guide: plain text."""

    kind: BlockKind
    text: str


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands before a guide's text."""

    title: str
    topic: Topic
    summary: str
    minutes: int  # to read it
    order: int


class Guide(msgspec.Struct, frozen=True, kw_only=True):
    """A guide; `slug` is the name of its file without its ending."""

    slug: str
    kind: Kind
    head: Head
    blocks: tuple[Block, ...]


class BadGuide(ValueError):
    """A file that is no guide. The message says what is wrong."""


def read_guide(slug: str, kind: Kind, text: str) -> Guide:
    """Return the guide that a file holds. Raises BadGuide."""
    before, _, rest = text.partition(f"{_FENCE}\n")
    front, fence, body = rest.partition(f"\n{_FENCE}\n")
    if before or not fence:
        raise BadGuide(f"{slug}: begin with a line {_FENCE}, fields as `title: ...`, and {_FENCE} again")
    fields = dict(_fields(slug, front))
    try:
        head = msgspec.convert(fields, Head, strict=False)
    except msgspec.ValidationError as error:
        raise BadGuide(f"{slug}: {error}") from error
    blocks = tuple(_blocks(slug, body))
    if not blocks:
        raise BadGuide(f"{slug}: there is no text")
    return Guide(slug=slug, kind=kind, head=head, blocks=blocks)


def _fields(slug: str, front: str) -> Iterator[tuple[str, str]]:
    for line in front.splitlines():
        name, colon, value = line.partition(":")
        if not colon:
            raise BadGuide(f"{slug}: {line!r} is no field such as `title: ...`")
        yield name.strip(), value.strip()


def _blocks(slug: str, body: str) -> Iterator[Block]:
    waiting: list[str] = []  # lines of a paragraph
    for line in [*body.splitlines(), ""]:
        found = next(((mark, kind) for mark, kind in _MARKS if line.startswith(mark)), None)
        if waiting and (found or not line.strip()):
            yield Block("paragraph", " ".join(waiting))
            waiting = []
        if found:
            yield Block(found[1], line.removeprefix(found[0]).strip())
        elif line.lstrip().startswith(("#", "*", ">", "<", "`", "|", "!")):
            raise BadGuide(f"{slug}: {line!r}: only `## ` headings, `- ` items and plain paragraphs are read")
        elif line.strip():
            waiting.append(line.strip())
