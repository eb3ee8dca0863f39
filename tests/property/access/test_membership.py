"""Whatever happens in a directory, the tables say of everybody what a plain model of it says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from showfloor.access.actor import Role
from showfloor.access.membership.lists import FEW, GRANTS, SCOPE, Scope, scope_of, visible
from showfloor.access.membership.relations import About, Relations, relations_of
from showfloor.access.membership.tables import RELATIONS, SCHEMA, statements_of, subject_of
from showfloor.api.gateway.v1 import gateway_events_pb2 as pb
from showfloor.eventstore.statements import run
from showfloor.testing.members import write_members

SHOPS, CREATORS, PARTNERS, USERS = ([str(UUID(int=kind + n)) for n in (1, 2)] for kind in (10, 20, 30, 40))
OF_SHOP, OF_CREATOR = str(UUID(int=51)), str(UUID(int=52))
ACCOUNTS = {OF_SHOP: (SHOPS[0], CREATORS[0]), OF_CREATOR: ("", CREATORS[0])}  # its shop, its creator
THINGS = {"shop": SHOPS, "account": list(ACCOUNTS), "creator": CREATORS, "partner": PARTNERS}
GIVEN = {kind: getattr(pb, f"{kind.title()}RoleAssigned") for kind in THINGS}
TAKEN = {kind: getattr(pb, f"{kind.title()}RoleRevoked") for kind in THINGS}
ROLES = {
    "shop": ("owner", "staff"),
    "account": ("host", "assistant", "moderator", "analyst"),
    "creator": ("owner", "staff"),
    "partner": ("owner", "staff"),
}
NOW = datetime.now(UTC)
SIDES = [
    *({"partner_id": partner, "shop_id": shop} for partner, shop in product(PARTNERS, SHOPS)),
    *({"partner_id": partner, "creator_id": creator} for partner, creator in product(PARTNERS, CREATORS)),
    {"shop_id": SHOPS[0], "creator_id": CREATORS[1]},
]


def of_role(kind: str) -> st.SearchStrategy[Any]:
    about = {"subject_id": st.sampled_from(THINGS[kind]), "user_id": st.sampled_from(USERS)}
    roles = st.sampled_from([pb.DirectoryRole.Value(f"DIRECTORY_ROLE_{role.upper()}") for role in ROLES[kind]])
    return st.builds(GIVEN[kind], role=roles, **about) | st.builds(TAKEN[kind], **about)


def binding(at: int, kind: Any) -> Any:
    return kind(subject_id=str(UUID(int=60 + at)), **SIDES[at])


@st.composite
def granting(draw: st.DrawFn) -> Any:
    whom = draw(st.sampled_from([*({"user_id": one} for one in USERS), *({"partner_id": one} for one in PARTNERS)]))
    given = pb.GrantGiven(
        subject_id=str(UUID(int=draw(st.integers(80, 83)))),
        account_id=draw(st.sampled_from(list(ACCOUNTS))),
        scope=draw(st.sampled_from([pb.GRANT_SCOPE_READ, pb.GRANT_SCOPE_MODERATE])),
        **whom,
    )
    given.until_time.FromDatetime(NOW + timedelta(days=draw(st.sampled_from([-1, 1]))))
    return given


CHANGES = (
    st.sampled_from(list(THINGS)).flatmap(of_role)
    | st.builds(binding, st.integers(0, len(SIDES) - 1), st.sampled_from([pb.BindingAccepted, pb.BindingEnded]))
    | granting()
    | st.builds(pb.GrantRevoked, subject_id=st.integers(80, 83).map(lambda n: str(UUID(int=n))))
    | st.builds(pb.UserCreated, subject_id=st.sampled_from(USERS))
)


class Model:
    """The directory in dictionaries, as the gateway resolved an actor from it before tokens lost their rights."""

    def __init__(self) -> None:
        self.roles: dict[tuple[str, str, str], str] = {}
        self.bound: dict[str, Any] = {}
        self.grants: dict[str, Any] = {}

    def take(self, event: Any) -> None:
        name = type(event).__name__
        if name.endswith("RoleAssigned"):
            kind = name.removesuffix("RoleAssigned").lower()
            self.roles[subject_of(event.user_id), kind, event.subject_id] = pb.DirectoryRole.Name(event.role)[
                15:
            ].lower()
        elif name.endswith("RoleRevoked"):
            self.roles.pop(
                (subject_of(event.user_id), name.removesuffix("RoleRevoked").lower(), event.subject_id), None
            )
        elif name == "BindingAccepted":
            self.bound[event.subject_id] = event
        elif name == "BindingEnded":
            self.bound.pop(event.subject_id, None)
            for grant_id, grant in list(self.grants.items()):
                if (
                    grant.partner_id
                    and grant.partner_id == event.partner_id
                    and self.same_side(event, grant.account_id)
                ):
                    del self.grants[grant_id]
        elif name == "GrantGiven" and event.subject_id not in self.grants:
            if not event.partner_id or self.is_bound(event.partner_id, event.account_id):
                self.grants[event.subject_id] = event
        elif name == "GrantRevoked":
            self.grants.pop(event.subject_id, None)

    @staticmethod
    def same_side(sides: Any, account: str) -> bool:
        shop, creator = ACCOUNTS[account]
        return bool(sides.shop_id == shop if shop else sides.creator_id == creator)

    def is_bound(self, partner: str, account: str) -> bool:
        return any(one.partner_id == partner and self.same_side(one, account) for one in self.bound.values())

    def role(self, me: str, kind: str, thing: str) -> Role | None:
        found = self.roles.get((me, kind, thing))
        return Role(found) if found else None

    def partners(self, me: str) -> list[str]:
        return [thing for (who, kind, thing) in self.roles if (who, kind) == (me, "partner")]

    def on_account(self, me: str, account: str) -> tuple[Role, ...]:
        shop, creator = ACCOUNTS[account]
        own = self.role(me, "account", account)
        hers = None if shop else self.role(me, "creator", creator)
        if hers is Role.OWNER:
            return (Role.OWNER,)
        if own or hers:
            return (own or Role.ASSISTANT,)
        return (Role.READER,) if any(self.is_bound(one, account) for one in self.partners(me)) else ()

    def on_shop(self, me: str, shop: str) -> Role | None:
        works = any(self.role(me, "account", account) for account, (of, _) in ACCOUNTS.items() if of == shop)
        return self.role(me, "shop", shop) or (Role.MEMBER if works else None)

    def granted(self, me: str, account: str) -> dict[str, Role]:
        mine = {
            grant_id: grant
            for grant_id, grant in self.grants.items()
            if grant.account_id == account
            and (subject_of(grant.user_id) == me if grant.user_id else grant.partner_id in self.partners(me))
        }
        roles = {pb.GRANT_SCOPE_READ: Role.READER, pb.GRANT_SCOPE_MODERATE: Role.MODERATOR}
        return {grant_id: roles[grant.scope] for grant_id, grant in mine.items()}

    def sees(self, me: str, account: str) -> bool:
        shop, _ = ACCOUNTS[account]
        now = any(self.holds(one) for one in self.granted(me, account))
        return bool(self.on_account(me, account) or (shop and self.role(me, "shop", shop)) or now)

    def holds(self, grant: str) -> bool:
        return bool(self.grants[grant].until_time.ToDatetime(tzinfo=UTC) > NOW)


@pytest.fixture
def tables(database: str) -> Iterator[psycopg.Connection[Any]]:
    write_members(database, [])
    with psycopg.connect(database, options=f"-c search_path={SCHEMA}", row_factory=dict_row) as connection:
        tell(connection, pb.ShopCreated(subject_id=SHOPS[0], currency="EUR"))
        for account, (shop, creator) in ACCOUNTS.items():
            more = {"currency": "" if shop else "JPY", "kind": pb.ACCOUNT_KIND_CREATOR}
            tell(connection, pb.AccountCreated(subject_id=account, shop_id=shop, creator_id=creator, **more))
        connection.commit()
        yield connection


def tell(connection: psycopg.Connection[Any], event: Any) -> None:
    run(connection, statements_of(event.DESCRIPTOR.full_name, event.SerializeToString()))


def relations(connection: psycopg.Connection[Any], me: str, about: About) -> Relations:
    asked = {name: value or None for name, value in about._asdict().items()}
    row = connection.execute(RELATIONS, {"subject": me, **asked}).fetchone()
    assert row is not None
    return relations_of(row)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(CHANGES, max_size=25))
def test_the_tables_say_what_a_plain_model_says(tables: psycopg.Connection[Any], history: list[Any]) -> None:
    model = Model()
    for event in history:
        model.take(event)
        tell(tables, event)
    for me in map(subject_of, USERS):
        for account, (shop, creator) in ACCOUNTS.items():
            found = relations(tables, me, About(account=account))
            assert found.account == model.on_account(me, account)
            assert {one.grant_id: one.role for one in found.grants} == model.granted(me, account)
            assert found.home is not None and (found.home.shop, found.home.creator) == (shop, creator)
            assert found.home.currency == ("EUR" if shop else "JPY")
            assert found.shop is (model.role(me, "shop", shop) if shop else None)
        for shop in SHOPS:
            assert relations(tables, me, About(shop=shop)).shop is model.on_shop(me, shop)
        for creator, partner in zip(CREATORS, PARTNERS, strict=True):
            found = relations(tables, me, About(creator=creator, partner=partner))
            assert found.creator is model.role(me, "creator", creator)
            assert found.partner is model.role(me, "partner", partner)
        owned = [key for key, role in model.roles.items() if key[:2] == (me, "shop") and role == "owner"]
        assert relations(tables, me, About()).owns is bool(owned)
        lists(tables, model, me)
    tables.rollback()


def lists(tables: psycopg.Connection[Any], model: Model, me: str) -> None:
    """Both ways to list see the accounts that the model shows."""
    scope = scope_for(tables, me)
    named, shops = {str(one) for one in scope.accounts()}, {str(one) for one in scope.shops()}
    sql = f"SELECT account_id FROM directory_account t WHERE {visible('t.account_id', 't.shop_id')}"
    seen = {str(row["account_id"]) for row in tables.execute(sql, scope.values())}
    for account, (shop, _) in ACCOUNTS.items():
        assert (account in named or shop in shops) == (account in seen) == model.sees(me, account)
        belongs = model.on_account(me, account) or (shop and model.role(me, "shop", shop))
        by_grant = [] if belongs else [one for one in model.granted(me, account) if model.holds(one)]
        assert scope.by_grant().get(account) == min(by_grant, default=None)


def scope_for(tables: psycopg.Connection[Any], me: str) -> Scope:
    rows, grants = (tables.execute(sql, {"subject": me}).fetchall() for sql in (SCOPE, GRANTS))
    return scope_of(me, rows, grants)


def test_very_many_grants_of_one_account_are_one_owner(tables: psycopg.Connection[Any]) -> None:
    me = subject_of(USERS[0])
    for number in range(FEW + 1):
        given = pb.GrantGiven(subject_id=str(UUID(int=1_000 + number)), account_id=OF_SHOP, user_id=USERS[0])
        given.scope = pb.GRANT_SCOPE_READ
        given.until_time.FromDatetime(NOW + timedelta(days=1))
        tell(tables, given)
    scope = scope_for(tables, me)
    assert (scope.many, scope.accounts()) == (False, [UUID(OF_SHOP)])
    assert scope.by_grant() == {OF_SHOP: str(UUID(int=1_000))}
    tables.rollback()
