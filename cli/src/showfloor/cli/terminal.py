"""What commands share: where to print, and the option that names the data folder."""

import re
import shlex
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console, RenderableType
from rich.status import Status
from rich.text import Text

from showfloor.embedded.folder import DataFolder
from showfloor.platform.startup_error import StartupError

# Controls (the terminal obeys them), halves of pairs (they cannot be written), controls of the writing direction.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    """Return a text with everything that a terminal would obey written out, such as \\x1b."""
    return _COMMANDS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def marked(*parts: str | tuple[str, str]) -> Text:
    """Return one text of parts, each with a style when it is a pair of text and style."""
    return Text.assemble(*(shown(part) if isinstance(part, str) else (shown(part[0]), part[1]) for part in parts))


class PlainConsole(Console):
    """A console to which a text is a text: `[bold]` in a title is no markup, `:cook:` no emoji, ESC no command.

    Everything that is printed as a string passes `render_str`, the cells of tables too. A status does not: it would
    read markup, and fail over a name such as `[/].csv`.
    """

    def render_str(self, text: str, **options: Any) -> Text:
        """Return the text to print."""
        return super().render_str(shown(text), **options)

    def status(self, status: RenderableType, **options: Any) -> Status:
        """Return a status line for as long as something lasts."""
        return super().status(Text(shown(status)) if isinstance(status, str) else status, **options)


console = PlainConsole(soft_wrap=True, highlight=False, markup=False, emoji=False)
problems = PlainConsole(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)

# What a text tells people to run, up to its closing mark. `record` alone has no data folder.
_OWN_COMMANDS = re.compile(r"`showfloor (?!record\b)(?![^`]*--data\b)[a-z][^`]*(?=`)")
_named: list[Path] = []


def _remember(_type: Any, data: Path) -> None:
    _named[:] = [data]


def commands(text: str) -> str:
    """Return a text in which each `showfloor ...` names the data folder that this command was given.

    Copied as it stands, it must reach the system that it speaks of, and not the one in the usual folder.
    """
    return _OWN_COMMANDS.sub(lambda found: f"{found[0]} --data {shlex.quote(str(_named[0]))}", text) if _named else text


DEFAULT_FOLDER = Path(".showfloor")
Data = Annotated[Path, Parameter(name="--data", env_var="SHOWFLOOR_DATA", validator=_remember, help="The data folder.")]


def running_folder(data: Path) -> DataFolder:
    """Return the data folder of a running system. Raises StartupError when nothing runs there."""
    folder = DataFolder(data)
    if not folder.running():
        raise StartupError(
            "Showfloor is not running",
            place=str(folder.root),
            next_step="start it with `showfloor up`, or name its folder with --data DIR",
        )
    return folder


def age(seconds: float) -> str:
    """Return a duration for people: 42 s, 7 min, 3 h, 2 d."""
    for limit, size, unit in ((120, 1, "s"), (7200, 60, "min"), (172800, 3600, "h")):
        if seconds < limit:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86400:.0f} d"
