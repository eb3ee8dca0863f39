"""The given / when / then helper tells right from wrong."""

import pytest

from showfloor.testing.ledger import AT, LEDGER, Closed, Deposited, close, deposit
from showfloor.testing.scenario import given


def test_events_follow():
    given(LEDGER, Deposited(at=AT, amount=1)).when(deposit, 2).then(Deposited(at=AT, amount=2))
    given(LEDGER, Closed(at=AT)).when(close, None).then()


def test_refusals_follow():
    refusal = given(LEDGER, Closed(at=AT)).when(deposit, 2).refused("ACCOUNT_CLOSED")
    assert "closed" in refusal.message


def test_a_wrong_expectation_fails():
    with pytest.raises(AssertionError):
        given(LEDGER).when(deposit, 2).then()
    with pytest.raises(AssertionError, match="refused"):
        given(LEDGER, Closed(at=AT)).when(deposit, 2).then()
    with pytest.raises(AssertionError, match="not refused"):
        given(LEDGER).when(deposit, 2).refused("ACCOUNT_CLOSED")
