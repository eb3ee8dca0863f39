"""What commands share: where to print, and the option that names the data folder."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from showfloor.platform.embedded.folder import DataFolder
from showfloor.platform.trouble import Trouble

console = Console(soft_wrap=True, highlight=False)
problems = Console(stderr=True, soft_wrap=True, highlight=False)

DEFAULT_FOLDER = Path(".showfloor")
Data = Annotated[Path, Parameter(name="--data", env_var="SHOWFLOOR_DATA", help="The data folder.")]


def running_folder(data: Path) -> DataFolder:
    """Return the data folder of a running system. Raises Trouble when nothing runs there."""
    folder = DataFolder(data)
    if not folder.running():
        raise Trouble(
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
