"""A refusal survives the wire whole, and never outgrows gRPC metadata."""

import grpc
import pytest
from google.rpc.error_details_pb2 import BadRequest
from google.rpc.status_pb2 import Status
from grpc.aio import AioRpcError, Metadata
from hypothesis import given
from hypothesis import strategies as st

from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.rpc import errors

MAX_BYTES = 30_000  # well under the 64 KiB that servers and channels accept, in base64 too

words = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
refusals = st.builds(
    Refusal,
    st.sampled_from(RefusalKind),
    st.from_regex(r"[A-Z][A-Z_]{0,40}", fullmatch=True),
    words,
    st.dictionaries(words, words, max_size=errors.MAX_ENTRIES),
)
anything = st.builds(Refusal, st.sampled_from(RefusalKind), st.text(), st.text(), st.dictionaries(st.text(), st.text()))


def seen(refusal: Refusal | None) -> tuple:
    assert refusal is not None
    return refusal.kind, refusal.reason, refusal.message, refusal.metadata


def failed(status: Status, code: grpc.StatusCode | None = None) -> AioRpcError:
    trailing = Metadata((errors.DETAILS_KEY, status.SerializeToString()))
    return AioRpcError(code or errors.code_of(status), Metadata(), trailing, status.message)


@given(refusals)
def test_there_and_back_changes_nothing(refusal):
    wire = Status.FromString(errors.to_status(refusal).SerializeToString())
    assert seen(errors.from_status(wire)) == seen(refusal)
    assert seen(errors.from_rpc_error(failed(wire))) == seen(refusal)


@given(anything)
def test_any_text_at_all_becomes_a_status_that_fits(refusal):
    status = errors.to_status(refusal)
    assert len(status.SerializeToString()) <= MAX_BYTES
    back = errors.from_status(status)
    assert back.kind is refusal.kind
    assert len(back.message) <= errors.MAX_MESSAGE and len(back.metadata) <= errors.MAX_ENTRIES


def test_the_largest_refusal_fits():
    metadata = {str(n) + "\U0001f6cd" * 100: "\U0001f6cd" * 10_000 for n in range(100)}
    huge = Refusal(RefusalKind.LIMIT, "X" * 1_000, "\U0001f6cd" * 10_000, metadata)
    assert len(errors.to_status(huge).SerializeToString()) <= MAX_BYTES


def test_every_kind_has_a_code_of_its_own():
    codes = {errors.code_of(errors.to_status(Refusal(kind, "R", "m"))) for kind in RefusalKind}
    assert len(codes) == len(RefusalKind)


def test_a_bad_field_is_named_as_google_does():
    status = errors.to_status(invalid("bag.number", "must be 1 to 100"))
    bad = BadRequest()
    assert any(detail.Unpack(bad) for detail in status.details)
    assert bad.field_violations[0].field == "bag.number"


@given(st.binary(max_size=200), st.sampled_from(grpc.StatusCode))
def test_foreign_errors_never_break_the_reader(junk, code):
    error = AioRpcError(code, Metadata(), Metadata((errors.DETAILS_KEY, junk)), "text")
    assert isinstance(errors.from_rpc_error(error), Refusal | errors.RemoteDefect)


@pytest.mark.parametrize("code", list(grpc.StatusCode))
def test_a_bare_code_is_unavailable_limit_or_defect(code):
    met = errors.from_rpc_error(AioRpcError(code, Metadata(), Metadata(), "text"))
    expected = {
        grpc.StatusCode.UNAVAILABLE: RefusalKind.UNAVAILABLE,
        grpc.StatusCode.CANCELLED: RefusalKind.UNAVAILABLE,
        grpc.StatusCode.DEADLINE_EXCEEDED: RefusalKind.UNAVAILABLE,
        grpc.StatusCode.RESOURCE_EXHAUSTED: RefusalKind.LIMIT,
    }
    assert getattr(met, "kind", None) == expected.get(code)


def test_a_refusal_of_another_domain_is_not_ours():
    status = errors.to_status(Refusal(RefusalKind.LIMIT, "R", "m"))
    status.details[0].value = status.details[0].value.replace(b"showfloor", b"elsewhere")
    assert errors.from_status(status) is None


def test_a_defect_is_not_a_refusal():
    assert isinstance(errors.from_rpc_error(failed(errors.internal("abc"))), errors.RemoteDefect)
