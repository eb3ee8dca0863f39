"""What a service holds of a kind, such as its views, found without a list that somebody could forget to add to."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def modules(package: str) -> Iterator[ModuleType]:
    """Yield every module below a package, but those that are programs."""
    for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def held(package: str, kind: type[T]) -> list[T]:
    """Return the instances of a kind that the modules of a package hold under a name, each once."""
    found = {id(thing): thing for module in modules(package) for thing in vars(module).values()}
    return [thing for thing in found.values() if isinstance(thing, kind)]
