"""The digest of a command, by which the store recognises one that is sent again."""

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


def digest_of(kind: str, rule: str, command: object, secret: bytes = b"") -> bytes:
    """Return 16 bytes that tell a command by its kind of stream, its rule and its fields.

    Fields that hold their default are left out, so that a field added later changes no digest; so are `Aside` fields
    and `at` of an event. With a `secret` nobody else can find out by trying what a command said.
    """
    return hashlib.blake2b(_encode((kind, rule, _said(command))), digest_size=16, key=secret).digest()


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
