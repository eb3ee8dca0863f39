"""One instance of any event, for tests of what holds for all of them."""

from datetime import UTC, datetime, timedelta
from types import UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

import msgspec

from showfloor.kernel.event import Event

T0 = datetime(2026, 5, 1, 20, 0, 0, 123456, tzinfo=UTC)


def sample(kind: Any, name: str) -> Any:  # noqa: PLR0911 - one per kind of field
    """Return a value of a field's type that is no default, so that nothing passes by accident."""
    if get_origin(kind) in (Union, UnionType):
        return sample(next(one for one in get_args(kind) if one is not type(None)), name)
    if get_origin(kind) is tuple:
        return (sample(get_args(kind)[0], name),)
    if kind is datetime:
        return T0 + timedelta(minutes=len(name))
    if kind is UUID:
        return UUID(int=sum(map(ord, name)))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind(**{field.name: sample(field.type, field.name) for field in msgspec.structs.fields(kind)})
    if literals := get_args(kind):
        return next(value for value in literals if value and value != "none")
    return {str: name, int: len(name) + 1, bool: True, float: len(name) / 4}[kind]


def made(event: type[Event]) -> Event:
    """Return an event with a value in every field."""
    return event(**{field.name: sample(field.type, field.name) for field in msgspec.structs.fields(event)})
