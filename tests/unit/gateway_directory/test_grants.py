"""Who is given a look into an account, for how long, and until when it holds."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from showfloor.gateway.directory.domain.grant import (
    GRANT,
    GrantGiven,
    GrantRevoked,
)
from showfloor.gateway.directory.domain.grant_rules import (
    MAX_DAYS,
    GiveGrant,
    RevokeGrant,
    give_grant,
    revoke_grant,
)
from showfloor.testing.scenario import given

pytestmark = pytest.mark.requirement("D5")
AT = datetime(2026, 6, 1, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
GRANT_ID, ACCOUNT, ANA, BEN, AGENCY = (UUID(int=n) for n in range(1, 6))
ABOUT: Any = {"grant_id": GRANT_ID, "account_id": ACCOUNT, "scope": "moderate", "given_by": ANA}
REVOKED = GrantRevoked(at=AT, grant_id=GRANT_ID, account_id=ACCOUNT)
REVOKE = RevokeGrant(now=AT, grant_id=GRANT_ID, account_id=ACCOUNT)


def give(until: datetime = AT + DAY, **more: Any) -> GiveGrant:
    return GiveGrant(now=AT, until=until, **ABOUT, **(more or {"user_id": BEN}))


def gave(until: datetime = AT + DAY, **more: Any) -> GrantGiven:
    return GrantGiven(at=AT, until=until, **ABOUT, **(more or {"user_id": BEN}))


def test_a_user_is_given_a_scope_until_a_time() -> None:
    given(GRANT).when(give_grant, give()).then(gave())


def test_a_partner_that_is_bound_is_given_one_and_another_is_not() -> None:
    given(GRANT).when(give_grant, give(partner_id=AGENCY, bound=True)).then(gave(partner_id=AGENCY))
    given(GRANT).when(give_grant, give(partner_id=AGENCY)).refused("PARTNER_NOT_BOUND")


def test_nobody_keeps_a_right_beyond_their_role_by_a_grant() -> None:
    given(GRANT).when(give_grant, give(user_id=ANA)).refused("INVALID_FIELD")


@pytest.mark.parametrize("until", [AT - SECOND, AT, AT + MAX_DAYS * DAY + SECOND])
def test_a_grant_ends_later_than_now_and_within_90_days(until: datetime) -> None:
    given(GRANT).when(give_grant, give(until)).refused("GRANT_PERIOD")


@pytest.mark.parametrize("until", [AT + SECOND, AT + MAX_DAYS * DAY])
def test_a_second_and_90_days_are_allowed(until: datetime) -> None:
    given(GRANT).when(give_grant, give(until)).then(gave(until))


def test_a_grant_is_revoked_once_and_not_given_again() -> None:
    given(GRANT, gave()).when(revoke_grant, REVOKE).then(REVOKED)
    given(GRANT, gave(), REVOKED).when(revoke_grant, REVOKE).then()
    given(GRANT, gave(), REVOKED).when(give_grant, give()).then()
    given(GRANT).when(revoke_grant, REVOKE).refused("GRANT_NOT_FOUND")
