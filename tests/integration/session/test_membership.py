"""The service follows the directory: what it tells counts at once, and what it does not tell any more for a while."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from conftest import ACCOUNT, SHOP

from showfloor.access.actor import Actor, ActorKind
from showfloor.access.membership.tables import SCHEMA
from showfloor.api.common.v1 import operator_service_pb2 as operator_pb
from showfloor.api.gateway.v1 import gateway_events_pb2 as directory_pb
from showfloor.api.session.v1 import session_service_pb2 as ses
from showfloor.kernel.refusal import Refusal
from showfloor.rpc.errors import RemoteDefect
from showfloor.testing.waiting import until

USER = str(UUID(int=900))
SOON_STALE = {"membership_stale_s": 3.0}


def told(directory: Any, *more: Any) -> int:
    """Tell of a shop and its account, and of what comes on top; return the position."""
    shop = directory_pb.ShopCreated(subject_id=str(SHOP), currency="JPY")
    account = directory_pb.AccountCreated(subject_id=str(ACCOUNT), shop_id=str(SHOP))
    return int(directory.tell(shop, account, *more))


def role(given: bool = True) -> Any:
    about = {"subject_id": str(ACCOUNT), "user_id": USER}
    if not given:
        return directory_pb.AccountRoleRevoked(**about)
    return directory_pb.AccountRoleAssigned(role=directory_pb.DIRECTORY_ROLE_HOST, **about)


def actor(position: int) -> Actor:
    return Actor(subject=f"user:{USER}", kind=ActorKind.USER, directory_position=position)


def opening() -> ses.OpenSessionRequest:
    return ses.OpenSessionRequest(request_id=uuid4().hex, account_id=str(ACCOUNT), title="Mugs")


async def test_a_role_counts_with_the_call_that_names_its_position(service: Any, refused: Any) -> None:
    directory = service.directory
    host = service.caller(actor(told(directory, role())))
    opened = (await host.OpenSession(opening())).session
    assert (opened.currency, opened.shop_id) == ("JPY", str(SHOP))
    get = ses.GetSessionRequest(session_id=opened.session_id)
    await host.GetSession(get)
    left = service.caller(actor(directory.tell(role(given=False))))
    await refused(left.GetSession(get), "SESSION_NOT_FOUND")
    await refused(host.OpenSession(opening()), "ACCOUNT_NOT_FOUND")  # an older token gives no older rights
    back = service.caller(actor(directory.tell(role())))
    await back.GetSession(get)


@pytest.mark.parametrize("service", [SOON_STALE], indirect=True)
async def test_without_the_directory_reading_goes_on_and_changes_end(service: Any, refused: Any) -> None:
    directory = service.directory
    position = told(directory, role())
    host = service.caller(actor(position))
    opened = (await host.OpenSession(opening())).session
    directory.away = True

    async def stale() -> bool:
        try:
            await host.OpenSession(opening())
        except Refusal as refusal:
            assert refusal.reason == "MEMBERSHIP_STALE", refusal
            return True
        return False

    await until(stale, "changes are refused")
    await host.GetSession(ses.GetSessionRequest(session_id=opened.session_id))
    viewer = service.viewer(opened.session_id)
    await refused(viewer.WatchSession(ses.WatchSessionRequest(session_id=opened.session_id)), "SESSION_NOT_FOUND")
    newer = service.caller(actor(position + 1))  # of a gateway that knows more than this service can learn
    await refused(newer.GetSession(ses.GetSessionRequest(session_id=opened.session_id)), "MEMBERSHIP_BEHIND")
    directory.away = False

    async def fresh() -> bool:
        try:
            await host.OpenSession(opening())
        except Refusal as refusal:
            assert refusal.reason == "MEMBERSHIP_STALE", refusal
            return False
        return True

    await until(fresh, "changes are taken again")


async def test_a_directory_restored_from_a_backup_is_followed_anew(service: Any, refused: Any) -> None:
    directory = service.directory
    host = service.caller(actor(told(directory, role())))
    await host.OpenSession(opening())
    kept = list(directory.events)
    directory.events = kept[:-1]  # of a moment before the role was given; now it knows less than the service
    restored = service.caller(actor(len(kept) - 1))

    async def gone() -> bool:
        try:
            await restored.OpenSession(opening())
        except Refusal as refusal:
            return refusal.reason == "ACCOUNT_NOT_FOUND"
        return False

    await until(gone, "the role that the directory does not know is no role here")
    back = service.caller(actor(directory.tell(role())))  # at a position that was used before
    await back.OpenSession(opening())


async def test_a_restored_directory_that_has_gone_on_is_followed_anew(service: Any) -> None:
    """Its log ends beyond what the service has read, so the end tells nothing."""
    directory = service.directory
    host = service.caller(actor(told(directory, role())))
    await host.OpenSession(opening())
    directory.events, directory.log_id = directory.events[:-1], "2"  # without the role, and then others wrote
    for _ in range(5):
        directory.tell()
    restored = service.caller(actor(directory.position))

    async def gone() -> bool:
        try:
            await restored.OpenSession(opening())
        except Refusal as refusal:
            return refusal.reason == "ACCOUNT_NOT_FOUND"
        return False

    await until(gone, "the role that the directory does not know is no role here")
    back = service.caller(actor(directory.tell(role())))
    await back.OpenSession(opening())


@pytest.mark.parametrize("service", [SOON_STALE], indirect=True)
async def test_what_could_not_be_handled_ends_changes(service: Any, refused: Any) -> None:
    directory = service.directory
    told(directory, role())
    broken = directory_pb.GrantRevoked(subject_id="of no form that the tables take")
    host = service.caller(actor(directory.tell(broken)))
    get = ses.GetSessionRequest(session_id=str(uuid4()))

    async def stale() -> bool:
        try:
            await host.OpenSession(opening())
        except Refusal as refusal:
            return refusal.reason == "MEMBERSHIP_STALE"
        return False

    await until(stale, "changes are refused")
    await refused(host.GetSession(get), "SESSION_NOT_FOUND")


async def test_an_operator_has_the_rights_filled_again(service: Any, database: str) -> None:
    directory, operator = service.directory, service.operator()

    async def rebuilt() -> Any:
        request = operator_pb.RebuildViewRequest(view="membership", compare=True)
        return [done async for done in operator.stream("RebuildView", request)][-1]

    host = service.caller(actor(told(directory, role())))
    await host.OpenSession(opening())
    before = await rebuilt()
    assert before.swapped and before.fingerprint == before.replaced
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"DELETE FROM {SCHEMA}.member")
    mended = await rebuilt()
    assert mended.fingerprint == before.fingerprint != mended.replaced
    await host.OpenSession(opening())
    directory.away = True
    with pytest.raises(RemoteDefect):  # as this directory fails
        await rebuilt()
    await host.OpenSession(opening())  # nothing was emptied
