"""Guides and LIVE tasks as files: those that come with the service, and those of whoever runs it."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

import msgspec

from showfloor.events.home.domain.guides import BadGuide, Guide, Kind, read_guide
from showfloor.events.home.domain.live_tasks import Task
from showfloor.platform.startup_error import StartupError

_FOLDERS: Final[tuple[tuple[str, Kind], ...]] = (("tutorials", "tutorial"), ("examples", "example"))
_TASKS: Final = "tasks.toml"


class _Tasks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    task: tuple[Task, ...] = ()


class Content(msgspec.Struct, frozen=True):
    """What Home shows beside facts. Guides by their ids, in order."""

    guides: dict[str, Guide]
    tasks: tuple[Task, ...]


def load_content(own: Path | None) -> Content:
    """Return the content. A file in the folder `own` takes the place of ours of the same name. Raises StartupError."""
    shipped = files("showfloor.events.home") / "content"
    places: list[Traversable] = [shipped, *([own] if own else [])]
    guides = {guide.slug: guide for place in places for guide in _guides(place)}
    ordered = sorted(guides.values(), key=lambda one: (one.kind, one.head.order, one.slug))
    tasks = own / _TASKS if own and (own / _TASKS).is_file() else shipped / _TASKS
    return Content({guide.slug: guide for guide in ordered}, _tasks(tasks))


def _guides(place: Traversable) -> Iterator[Guide]:
    for name, kind in _FOLDERS:
        folder = place / name
        for file in folder.iterdir() if folder.is_dir() else ():
            if file.name.endswith(".md"):
                try:
                    yield read_guide(file.name.removesuffix(".md"), kind, file.read_text(encoding="utf-8"))
                except (BadGuide, UnicodeDecodeError) as error:
                    raise _broken(file, error) from error


def _tasks(file: Traversable) -> tuple[Task, ...]:
    try:
        found = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), _Tasks).task
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise _broken(file, error) from error
    if len({one.key for one in found}) < len(found):
        raise _broken(file, ValueError("two tasks have the same key"))
    if any(one.goal < 1 or one.minutes < 0 for one in found):
        raise _broken(file, ValueError("a goal is 1 or more, minutes are 0 or more"))
    return found


def _broken(file: Traversable, error: Exception) -> StartupError:
    return StartupError(str(error), place=str(file), next_step="mend the file, or take it away")
