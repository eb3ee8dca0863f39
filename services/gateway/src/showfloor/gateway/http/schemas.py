"""JSON schemas of protobuf messages, as `transcode` reads and writes them."""

from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.timestamp_pb2 import Timestamp

from showfloor.gateway.http import constraints
from showfloor.gateway.http.transcode import COLUMNS, enum_names, held

REF = "#/components/schemas/"
_F = FieldDescriptor
_SCALARS: Mapping[int, dict[str, Any]] = {
    _F.CPPTYPE_INT32: {"type": "integer", "format": "int32", "minimum": -(2**31), "maximum": 2**31 - 1},
    _F.CPPTYPE_INT64: {"type": "integer", "format": "int64"},
    _F.CPPTYPE_UINT32: {"type": "integer", "minimum": 0},
    _F.CPPTYPE_UINT64: {"type": "integer", "minimum": 0},
    _F.CPPTYPE_DOUBLE: {"type": "number", "format": "double"},
    _F.CPPTYPE_BOOL: {"type": "boolean"},
    _F.CPPTYPE_STRING: {"type": "string"},
}
_UUID = "018f4e2a-9b1c-7def-8123-456789abcdef"
_EXAMPLES: Mapping[str, Any] = {
    "title": "Friday night deals",
    "text": "Does it come in blue?",
    "currency": "USD",
    "minor": 1999,
    "quantity": 1,
    "reference": "SKU-1042",
    "gift": "Rose",
    "count": 3,
    "name": "Summer set",
    "url": "https://cdn.example.com/replay/1.m3u8",
    "metrics": ["gmv", "viewers"],
    "script": "Welcome, everybody.",
    "number": 1,
    "batch_id": "b-0001",
}


class Schemas:
    """Collects the components that operations refer to."""

    def __init__(self, comments: Mapping[str, str], requests: Iterable[Descriptor] = ()) -> None:
        """`requests`: the messages that callers send; what services check is said of them, and of what they hold."""
        self._comments = comments
        self._sent = {message.name for message in held(requests)}
        self._full: dict[str, str] = {}
        self.components: dict[str, Any] = {}

    def of(self, message: Descriptor) -> dict[str, Any]:
        """Return a reference to a message's schema. Raises ValueError when another message has its name."""
        if (other := self._full.setdefault(message.name, message.full_name)) != message.full_name:
            raise ValueError(f"two shapes of one name: {other} and {message.full_name}")
        if message.name not in self.components:
            self.components[message.name] = {}  # the name is taken before its fields are looked at
            self.components[message.name] = self.object_of(message, message.fields)
        return {"$ref": REF + message.name}

    def object_of(self, message: Descriptor, fields: Iterable[FieldDescriptor]) -> dict[str, Any]:
        """Return an object schema of some fields of a message."""
        properties = {field.name: self.field(field) for field in fields}
        schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
        if message.name in self._sent and (needed := constraints.required(message.name, list(properties))):
            schema["required"] = needed
        if message.name in constraints.ONE_OF:
            schema |= {"minProperties": 1, "maxProperties": 1}
        if text := self._comments.get(message.full_name):
            schema["description"] = text
        return schema

    def field(self, field: FieldDescriptor) -> dict[str, Any]:
        """Return the schema of a field, with its comment."""
        one = self._one(field)
        owner = field.containing_type
        rule: dict[str, Any] = {}
        if owner is not None and owner.name in self._sent:
            rule = dict(constraints.rule(owner.name, field.name))
        if field.is_repeated:
            schema = {"type": "array", "items": {**one, **rule.pop("items", {})}, **rule}
        else:
            schema = {**one, **rule}
        if text := self._comments.get(field.full_name):
            schema = {**schema, "description": text}
        return schema

    def example(self, fields: Iterable[FieldDescriptor]) -> dict[str, Any]:
        """Return an example of a body."""
        return {field.name: self._example(field) for field in fields if self._example(field) is not None}

    def _one(self, field: FieldDescriptor) -> dict[str, Any]:
        if field.enum_type:
            return {"type": "string", "enum": list(enum_names(field.enum_type))}
        if field.message_type:
            if field.message_type.full_name == Timestamp.DESCRIPTOR.full_name:
                return {"type": "string", "format": "date-time"}
            return self.of(field.message_type)
        if field.type == _F.TYPE_BYTES:
            base64 = {"type": "string", "contentEncoding": "base64", "pattern": "^([A-Za-z0-9+/]{4})*(..==|...=)?$"}
            if "SignalBatch." not in field.full_name or field.name not in COLUMNS:
                return base64
            return {"anyOf": [base64, {"type": "array", "items": {"type": "integer", "minimum": 0}}]}
        return dict(_SCALARS[field.cpp_type])

    def _example(self, field: FieldDescriptor) -> Any:
        if field.name in _EXAMPLES:
            return _EXAMPLES[field.name]
        if field.name.endswith("_id") and field.cpp_type == _F.CPPTYPE_STRING:
            return _UUID
        if field.enum_type and not field.is_repeated:
            return list(enum_names(field.enum_type))[1]
        inner = field.message_type
        if inner and inner.full_name != Timestamp.DESCRIPTOR.full_name and field.containing_oneof is None:
            one = {one.name: self._example(one) for one in inner.fields if self._example(one) is not None}
            return ([one] if field.is_repeated else one) if one else None
        return None
