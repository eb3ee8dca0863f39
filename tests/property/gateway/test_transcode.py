"""Every message of every route: to JSON and back is the same message; and nonsense is refused, never a crash."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from showfloor.gateway.http import transcode
from showfloor.gateway.http.contracts import methods
from showfloor.kernel.refusal import Refusal, RefusalKind

_F = FieldDescriptor
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
TIMES = st.builds(Timestamp, seconds=st.integers(-62_135_596_800, 253_402_300_799), nanos=st.integers(0, 999_999_999))
SCALARS: dict[int, st.SearchStrategy[Any]] = {
    _F.CPPTYPE_INT32: st.integers(-(2**31), 2**31 - 1),
    _F.CPPTYPE_UINT32: st.integers(0, 2**32 - 1),
    _F.CPPTYPE_INT64: st.integers(-(2**63), 2**63 - 1),
    # Whole numbers travel as such, so minus zero, which no figure is, comes back as zero.
    _F.CPPTYPE_DOUBLE: st.floats(allow_nan=False, allow_infinity=False).map(lambda number: number + 0.0),
    _F.CPPTYPE_BOOL: st.booleans(),
}


def everything() -> Iterator[Descriptor]:
    for method in methods().values():
        yield method.input_type
        yield method.output_type


def messages(descriptor: Descriptor) -> st.SearchStrategy[Message]:
    chosen: dict[str, list[FieldDescriptor]] = {}
    plain = []
    for field in descriptor.fields:
        real = field.containing_oneof is not None and len(field.containing_oneof.fields) > 1
        chosen.setdefault(field.containing_oneof.name, []).append(field) if real else plain.append(field)
    parts = {field.name: st.none() | value(field) for field in plain}
    ones = [
        st.sampled_from(fields).flatmap(lambda f: st.tuples(st.just(f.name), value(f))) for fields in chosen.values()
    ]
    return st.builds(
        lambda given, picked: GetMessageClass(descriptor)(
            **{name: one for name, one in given.items() if one is not None}, **dict(picked)
        ),
        st.fixed_dictionaries(parts),
        st.tuples(*ones),
    )


def value(field: FieldDescriptor) -> st.SearchStrategy[Any]:
    one = single(field)
    return st.lists(one, max_size=2) if field.is_repeated else one


def single(field: FieldDescriptor) -> st.SearchStrategy[Any]:
    if field.enum_type:
        return st.sampled_from([known.number for known in field.enum_type.values])
    if field.message_type:
        return TIMES if field.message_type.name == "Timestamp" else st.deferred(lambda: messages(field.message_type))
    if field.type == _F.TYPE_BYTES:
        return st.binary(max_size=16)
    return SCALARS.get(field.cpp_type, TEXT)


@pytest.mark.parametrize("descriptor", {d.full_name: d for d in everything()}.values(), ids=lambda d: d.name)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_message_survives_the_journey(descriptor: Descriptor, data: st.DataObject) -> None:
    message = data.draw(messages(descriptor))
    body = json.dumps(transcode.encode(message)).encode()
    back = GetMessageClass(descriptor)()
    transcode.decode(transcode.parse(body), back)
    assert back == message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "descriptor", {m.input_type.name: m.input_type for m in methods().values()}.values(), ids=lambda d: d.name
)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_nonsense_is_refused_with_its_place(descriptor: Descriptor, data: st.DataObject) -> None:
    names = st.sampled_from([field.name for field in descriptor.fields] or ["none"])
    body = data.draw(st.dictionaries(names | st.text(max_size=8), JSON, max_size=4) | JSON)
    try:
        transcode.decode(body, GetMessageClass(descriptor)())
    except Refusal as refusal:
        assert refusal.kind is RefusalKind.INVALID
        assert refusal.metadata["field"]


@given(st.binary(max_size=200))
def test_any_bytes_parse_or_are_refused(body: bytes) -> None:
    try:
        transcode.parse(body)
    except Refusal as refusal:
        assert refusal.reason == "MALFORMED_JSON"
