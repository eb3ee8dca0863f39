"""Whether somebody else than root can run what is installed here."""

import sys
from pathlib import Path

WHY = "only root can become somebody else, and others must be able to enter this checkout's folder"


def may_enter(place: Path = Path(sys.prefix)) -> bool:
    """Tell whether everybody may pass through every folder on the way to a place."""
    return all(folder.stat().st_mode & 0o001 for folder in (place, *place.parents))
