"""What a command says, apart from what the edge adds to it: by this a command that is sent again is recognised."""

import hashlib
from functools import cache
from typing import Annotated, Any, TypeVar

import msgspec

from showfloor.kernel.event import Event

T = TypeVar("T")

_MARK = msgspec.Meta(extra={"aside": True})

Aside = Annotated[T, _MARK]
"""A field that does not make it another command: the time, a policy, what was looked up so that the rule can decide."""

_encode = msgspec.json.Encoder(order="deterministic").encode


def digest_of(kind: str, rule: str, facts: object, secret: bytes = b"") -> bytes:
    """Return 16 bytes that another command has not: another kind of stream, another rule, or other facts.

    Fields that hold their default are left out, so that a field added later changes no digest. `at` of an event that
    is handed to a rule is aside, too. With a `secret` nobody else can find out by trying what a command said.
    """
    return hashlib.blake2b(_encode((kind, rule, _said(facts))), digest_size=16, key=secret).digest()


def _said(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return {
            name: _said(said) for name, default in _fields(type(value)) if (said := getattr(value, name)) != default
        }
    return [_said(one) for one in value] if isinstance(value, tuple) else value


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[tuple[str, object], ...]:
    aside = {"at"} if issubclass(kind, Event) else set()
    fields = [field for field in msgspec.structs.fields(kind) if field.name not in aside]
    return tuple((field.name, _default(field)) for field in fields if not _is_aside(field.type))


def _default(field: msgspec.structs.FieldInfo) -> object:
    made = field.default_factory
    return field.default if made is msgspec.NODEFAULT else made()


def _is_aside(kind: object) -> bool:
    return _MARK in getattr(kind, "__metadata__", ())
