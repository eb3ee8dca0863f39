"""Page tokens come back whole; anything else is refused."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.rpc.cursors import decode, encode


class After(msgspec.Struct, frozen=True):
    start: datetime
    session: UUID
    title: str = ""


class Other(msgspec.Struct, frozen=True):
    start: datetime
    session: UUID
    title: str = ""


cursors = st.builds(
    After,
    st.datetimes(timezones=st.just(UTC)),
    st.uuids(),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=80),
)
ONE = After(datetime(2026, 1, 1, tzinfo=UTC), UUID(int=1), "mug")


def refused(token: str, kind: type = After, filters: str = "") -> None:
    with pytest.raises(Refusal) as caught:
        decode(token, kind, filters)
    assert (caught.value.kind, caught.value.metadata) == (RefusalKind.INVALID, {"field": "page_token"})


@given(cursors, st.text())
def test_a_token_comes_back(cursor, filters):
    assert decode(encode(cursor, filters), After, filters) == cursor


def test_no_token_is_the_first_page():
    assert decode("", After) is None


@given(st.text(min_size=1) | st.binary(min_size=1).map(lambda b: b.hex()))
def test_other_texts_are_refused(token):
    refused(token)


@given(st.data())
def test_one_changed_character_is_noticed(data):
    token = encode(ONE)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda c: c != token[at]))
    refused(token[:at] + other + token[at + 1 :])
    if at:
        refused(token[:at])
    refused(token + "A")


def test_a_token_belongs_to_one_list_and_its_filters():
    refused(encode(ONE), Other)
    refused(encode(ONE, "q=mug"), After, "q=cup")
    refused("A" * 10_000_000)
