"""Every kind of stream that a service writes stands in its list of deciders: else only the first write fails."""

from collections.abc import Iterator
from importlib import import_module
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

from showfloor.cli.services import services
from showfloor.kernel.decider import Decider
from showfloor.testing.held import modules

# What a service writes is what its `service.py` opens the store with.
LISTS = {one.name: import_module(f"{one.module}.service") for one in services()}


def functions(module: ModuleType) -> Iterator[FunctionType]:
    """Yield the functions and the methods that a module defines."""
    for thing in vars(module).values():
        for one in (thing, *(vars(thing).values() if isinstance(thing, type) else ())):
            if isinstance(one, FunctionType) and one.__module__ == module.__name__:
                yield one


def names(code: CodeType) -> Iterator[str]:
    """Yield the names that code looks up, in functions inside it too."""
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from names(inner)


def used(function: FunctionType) -> Iterator[Decider[Any]]:
    """Yield the deciders that a function names, by themselves or in a module: `bag.BAG`."""
    known, called = function.__globals__, set(names(function.__code__))
    for name in called:
        thing = known.get(name)
        if isinstance(thing, Decider):
            yield thing
        elif isinstance(thing, ModuleType):
            yield from (one for other in called if isinstance(one := vars(thing).get(other), Decider))


def unlisted(service: str) -> list[str]:
    """Return which functions of a service name a decider that its list does not."""
    return [
        f"{function.__module__}.{function.__qualname__} writes or reads {decider.name!r},"
        f" which DECIDERS in {LISTS[service].__name__} does not list"
        for module in modules(f"showfloor.{service}")
        for function in functions(module)
        for decider in used(function)
        if decider not in LISTS[service].DECIDERS
    ]


@pytest.mark.parametrize("service", LISTS)
def test_every_stream_that_a_service_writes_is_listed(service: str) -> None:
    assert unlisted(service) == []


@pytest.mark.parametrize(("service", "decider"), [(name, one) for name, room in LISTS.items() for one in room.DECIDERS])
def test_one_that_is_missing_is_told_with_its_command(
    service: str, decider: Decider[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    others = tuple(one for one in LISTS[service].DECIDERS if one is not decider)
    monkeypatch.setattr(LISTS[service], "DECIDERS", others)
    told = unlisted(service)
    assert told and all(repr(decider.name) in line for line in told)
    assert any(room in line for line in told for room in (".commands.", ".processes.", ".edges.", ".http.")), told
