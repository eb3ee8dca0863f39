"""JSON to protobuf and back, driven by descriptors alone: no route has code of its own for it.

Names are the contract's own. Whole numbers are JSON numbers, times RFC 3339, enums lower-case short names ("live",
"feed"), bytes base64. Absent and null mean the same. A field that the message does not have is refused, so that a
misspelt one never passes for "not set". Every refusal names the place, such as "items[2].quantity".
"""

import base64
import binascii
import json
import math
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, cast

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp

from showfloor.kernel.refusal import Refusal, RefusalKind, invalid

COLUMNS = {
    "offset_ms": "I",
    "kind": "B",
    "viewer": "H",
    "product": "H",
    "channel": "B",
    "viewers": "Q",
    "viewer_traits": "B",
    "viewer_region": "H",
}
"""Columns of a SignalBatch that JSON may also give as plain arrays of numbers: struct codes, little-endian."""

EXACT = 2**53  # whole numbers that a double holds exactly
MAX_OBJECTS = 25_000  # of one body: reading more would hold up everybody; 1 MiB of real orders has fewer
MAX_LIST = 1_000  # objects or texts in one list, likewise: no request takes more
MAX_NAME = 100  # characters repeated of a name that we do not know

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,20}", re.ASCII)
_F = FieldDescriptor
_RANGES = {
    _F.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    _F.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    _F.CPPTYPE_UINT32: (0, 2**32 - 1),
    _F.CPPTYPE_UINT64: (0, 2**64 - 1),
}
_TRUTH = {"true": True, "false": False}

Reader = Callable[[Any, str], Any]
"""(JSON value, its path) -> the Python value of a field. Raises Refusal INVALID."""


def parse(body: bytes) -> Any:
    """Return the value of a JSON text. Raises Refusal INVALID (MALFORMED_JSON)."""
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_members, parse_constant=_constant)
    except UnicodeDecodeError:
        raise _malformed("the body is not UTF-8") from None
    except RecursionError:
        raise _malformed("the body is nested too deeply") from None
    except ValueError as error:
        raise _malformed(f"the body is not JSON: {error}"[:200]) from None


def decode(value: Any, into: Message, *, closed: Mapping[str, str] = {}, path: str = "") -> None:
    """Fill a message from a JSON object. `closed` names top-level fields that the body may not set, and why.

    Raises Refusal INVALID, and TOO_LARGE (LIMIT) for more lists and objects than any request needs.
    """
    if not path:
        _bounded(value)
    if not isinstance(value, dict):
        raise invalid(path or "body", "must be a JSON object")
    fields = _readers(into.DESCRIPTOR)
    chosen: dict[str, str] = {}
    for name, item in value.items():
        at = f"{path}.{shown(name)}" if path else shown(name)
        if name in closed:
            raise invalid(at, closed[name])
        if name not in fields:
            raise invalid(at, "is not a field of this request")
        if item is None:
            continue
        field, read = fields[name]
        if (
            field.containing_oneof is not None
            and (first := chosen.setdefault(field.containing_oneof.name, name)) != name
        ):
            raise invalid(at, f"cannot be given together with {first}")
        _put(into, field, read, item, at)


def decode_query(pairs: Iterable[tuple[str, str]], into: Message, *, closed: Mapping[str, str] = {}) -> None:
    """Fill a message from query parameters; a list is the same name several times."""
    fields = _readers(into.DESCRIPTOR)
    seen: set[str] = set()
    for name, text in pairs:
        if name in closed:
            raise invalid(name, closed[name])
        field, read = fields.get(name, (None, None))
        if field is None or read is None or (field.message_type and not _is_time(field)):
            raise invalid(shown(name), "is not a parameter of this request")
        if field.is_repeated:
            getattr(into, name).append(read(_plain(field, text, name), name))
        elif name in seen:
            raise invalid(name, "is given twice")
        else:
            _put(into, field, read, _plain(field, text, name), name)
        seen.add(name)


def encode(message: Message) -> dict[str, Any]:
    """Return a message as plain JSON values. Unset optional and message fields are left out."""
    return _writer(message.DESCRIPTOR)(message)


def shown(name: str) -> str:
    """Return a caller's name for a field, cut so that an answer can repeat it."""
    return name[:MAX_NAME].encode("utf-8", "replace").decode() or '""'


@cache
def enum_names(enum: EnumDescriptor) -> Mapping[str, int]:
    """Return the short lower-case names of an enum: SESSION_STATE_LIVE of SessionState is "live"."""
    prefix = re.sub(r"(?<!^)(?=[A-Z])", "_", enum.name).upper() + "_"
    return {value.name.removeprefix(prefix).lower(): value.number for value in enum.values}


def held(messages: Iterable[Descriptor]) -> Iterator[Descriptor]:
    """Yield messages, and all that they hold."""
    waiting, seen = list(messages), set()
    while waiting:
        message = waiting.pop()
        if message.full_name not in seen:
            seen.add(message.full_name)
            yield message
            waiting += [field.message_type for field in message.fields if field.message_type]


def _bounded(value: Any) -> None:
    """Refuse JSON that takes long to read, before it is read: a small body can hold very many small objects."""
    objects, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        members = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        inner = [member for member in members if not isinstance(member, int | float)]  # columns are long, and cheap
        if isinstance(one, list) and len(inner) > MAX_LIST:
            raise _too_large(f"holds a list of more than {MAX_LIST}", MAX_LIST)
        objects += isinstance(one, dict)
        waiting += inner
        if objects > MAX_OBJECTS:
            raise _too_large(f"holds more than {MAX_OBJECTS} objects", MAX_OBJECTS)


def _too_large(problem: str, limit: int) -> Refusal:
    details = {"field": "body", "limit": str(limit)}
    return Refusal(RefusalKind.LIMIT, "TOO_LARGE", f"body: {problem}: send it in parts.", details)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a member is given twice in one object")
    return found


def _constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _malformed(message: str) -> Refusal:
    return Refusal(RefusalKind.INVALID, "MALFORMED_JSON", message)


def _put(into: Message, field: FieldDescriptor, read: Reader, item: Any, at: str) -> None:
    if field.is_repeated:
        if not isinstance(item, list):
            raise invalid(at, "must be a list")
        getattr(into, field.name).extend([read(one, f"{at}[{i}]") for i, one in enumerate(item)])
    elif field.message_type:
        getattr(into, field.name).CopyFrom(read(item, at))
    else:
        setattr(into, field.name, read(item, at))


@cache
def _readers(descriptor: Descriptor) -> dict[str, tuple[FieldDescriptor, Reader]]:
    return {field.name: (field, _reader(field)) for field in descriptor.fields}


def _reader(field: FieldDescriptor) -> Reader:
    if field.enum_type:
        return _enum_reader(field.enum_type)
    if field.message_type:
        return _time if _is_time(field) else _message_reader(field.message_type)
    if field.type == _F.TYPE_BYTES:
        code = COLUMNS.get(field.name) if _batch(field) else None
        return _column_reader(code) if code else _bytes
    if field.cpp_type in _RANGES:
        return _whole_reader(*_RANGES[field.cpp_type])
    simple: dict[int, Reader] = {
        _F.CPPTYPE_STRING: _text,
        _F.CPPTYPE_BOOL: _bool,
        _F.CPPTYPE_DOUBLE: _float,
        _F.CPPTYPE_FLOAT: _float,
    }
    return simple[field.cpp_type]


def _message_reader(descriptor: Descriptor) -> Reader:
    def read(value: Any, at: str) -> Message:
        message = GetMessageClass(descriptor)()
        decode(value, message, path=at)
        return message

    return read


def _enum_reader(enum: EnumDescriptor) -> Reader:
    def read(value: Any, at: str) -> int:
        names = enum_names(enum)
        if not isinstance(value, str) or value not in names:
            raise invalid(at, f"must be one of {', '.join(names)}")
        return names[value]

    return read


def _whole_reader(low: int, high: int) -> Reader:
    def read(value: Any, at: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise invalid(at, f"must be a whole number from {low} to {high}")
        return value

    return read


def _column_reader(code: str) -> Reader:
    def read(value: Any, at: str) -> bytes:
        if isinstance(value, str):
            return _bytes(value, at)
        try:
            return struct.pack(f"<{len(value)}{code}", *value)
        except (TypeError, struct.error):
            bits = 8 * struct.calcsize(code)
            raise invalid(at, f"must be base64, or a list of whole numbers of {bits} bits") from None

    return read


def _time(value: Any, at: str) -> Timestamp:
    moment = Timestamp()
    try:
        if not isinstance(value, str) or not _TIME.fullmatch(value):
            raise ValueError
        moment.FromJsonString(value)
    except (ValueError, OverflowError):
        raise invalid(at, "must be a time as RFC 3339, such as 2025-06-01T18:30:00Z") from None
    return moment


def _text(value: Any, at: str) -> str:
    if not isinstance(value, str):
        raise invalid(at, "must be text")
    if "\0" in value:
        raise invalid(at, "must not hold the character U+0000")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise invalid(at, "holds half of a surrogate pair") from None
    return value


def _bool(value: Any, at: str) -> bool:
    if not isinstance(value, bool):
        raise invalid(at, "must be true or false")
    return value


def _float(value: Any, at: str) -> float:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
    except OverflowError:
        pass
    raise invalid(at, "must be a finite number")


def _bytes(value: Any, at: str) -> bytes:
    try:
        return base64.b64decode(_text(value, at), validate=True)
    except (binascii.Error, ValueError):
        raise invalid(at, "must be base64") from None


def _plain(field: FieldDescriptor, text: str, name: str) -> Any:
    """Return the JSON value that a query parameter stands for."""
    if field.cpp_type == _F.CPPTYPE_BOOL:
        if text not in _TRUTH:
            raise invalid(name, "must be true or false")
        return _TRUTH[text]
    if field.cpp_type in _RANGES:
        if not _WHOLE.fullmatch(text):
            raise invalid(name, "must be a whole number")
        return int(text)
    return text


def _is_time(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.full_name == Timestamp.DESCRIPTOR.full_name


def _batch(field: FieldDescriptor) -> bool:
    return field.containing_type is not None and field.containing_type.name == "SignalBatch"


@cache
def _writer(descriptor: Descriptor) -> Callable[[Message], dict[str, Any]]:
    plan = [(field.name, field.has_presence, field.is_repeated, _value_writer(field)) for field in descriptor.fields]

    def write(message: Message) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for name, optional, repeated, convert in plan:
            if optional and not message.HasField(name):
                continue
            value = getattr(message, name)
            if repeated:
                out[name] = [convert(one) for one in value] if convert else list(value)
            else:
                out[name] = convert(value) if convert else value
        return out

    return write


def _double(value: float) -> float | None:
    """Write a whole number without a fraction, as money has to be; JSON has no infinity."""
    if not math.isfinite(value):
        return None
    return int(value) if abs(value) <= EXACT and value == int(value) else value


def _moment(value: Any) -> str | None:
    try:
        return cast(Timestamp, value).ToJsonString()
    except ValueError:  # no time that RFC 3339 could write
        return None


def _value_writer(field: FieldDescriptor) -> Callable[[Any], Any] | None:
    """Return how to convert one value; None when it is JSON already."""
    if field.enum_type:
        names = {number: name for name, number in enum_names(field.enum_type).items()}
        return lambda value: names.get(value, "unspecified")
    if field.message_type:
        if _is_time(field):
            return _moment
        inner = field.message_type
        return _writer(inner)
    if field.type == _F.TYPE_BYTES:
        return lambda value: base64.b64encode(value).decode()
    if field.cpp_type in (_F.CPPTYPE_DOUBLE, _F.CPPTYPE_FLOAT):
        return _double
    return None
