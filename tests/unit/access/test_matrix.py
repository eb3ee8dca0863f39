"""Every action x every caller x own, foreign: the table in matrix.txt says what each gets, and each cell is asked."""

import asyncio
from pathlib import Path

import pytest

from showfloor.access.actor import Actor, ActorKind, Role, ViewerScope
from showfloor.access.policy import authorize, require_policies
from showfloor.access.resources import Account, Binding, Creator, Mode, Order, Partner, Resource, Session, Shop, System
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.testing.members import Members, Somebody, somebody

ANSWERS = {RefusalKind.NOT_FOUND: "-", RefusalKind.DENIED: "no"}


def user(account: Role | None = None, shop: Role | None = None) -> Somebody:
    return somebody("user:1", accounts={"a": account} if account else {}, shops={"s": shop} if shop else {})


def viewer(session: str = "l", ref: str = "v") -> Somebody:
    scope = ViewerScope(session_id=session, viewer_ref=ref)
    return Somebody(actor=Actor(subject="viewer:v", kind=ActorKind.VIEWER, viewer=scope))


CALLERS = {
    "owner": user(Role.OWNER),
    "host": user(Role.HOST),
    "assist": user(Role.ASSISTANT),
    "moder": user(Role.MODERATOR),
    "analyst": user(Role.ANALYST),
    "shopown": user(shop=Role.OWNER),
    "staff": user(shop=Role.STAFF),
    "member": user(shop=Role.MEMBER),
    "creator": somebody("user:1", creators={"c": Role.OWNER}),
    "partner": somebody("user:1", partners={"p": Role.OWNER}),
    "nobody": user(),
    "viewer": viewer(),
    "connect": somebody("service:c", ActorKind.SERVICE, ("ingest",), accounts={"a": Role.CONNECTOR}),
    "service": somebody("service:x", ActorKind.SERVICE, ("events",)),
    "operator": somebody("user:op", ActorKind.OPERATOR),
}


def own(kind: str) -> Resource:
    return {
        "Session": Session(id="l", account="a", shop="s"),
        "Account": Account(id="a", shop="s", creator="c"),
        "Shop": Shop(id="s"),
        "Creator": Creator(id="c"),
        "Partner": Partner(id="p"),
        "Binding": Binding(id="b", partner="p", shop="s", awaits="shop"),
        "Order": Order(id="o", account="a", shop="s", viewer="v"),
        "System": System(),
    }[kind]


def foreign(kind: str) -> Resource:
    return {
        "Session": Session(id="l2", account="a2", shop="s2"),
        "Account": Account(id="a2", shop="s2"),
        "Shop": Shop(id="s2"),
        "Creator": Creator(id="c2", shop="s2"),
        "Partner": Partner(id="p2"),
        "Binding": Binding(id="b2", partner="p2", shop="s2", awaits="shop"),
        "Order": Order(id="o", account="a2", shop="s2", viewer="v2"),
        "System": System(),
    }[kind]


def answer(who: Somebody, action: str, resource: Resource) -> str:
    try:
        asyncio.run(authorize(who.actor, action, resource, Members(who)))
    except Refusal as refusal:
        assert refusal.reason == ("PERMISSION" if refusal.kind is RefusalKind.DENIED else _absent(resource))
        return ANSWERS[refusal.kind]
    return "yes"


def _absent(resource: Resource) -> str:
    return f"{type(resource).__name__.upper()}_NOT_FOUND"


def table() -> tuple[list[str], dict[tuple[str, str], list[str]]]:
    lines = (Path(__file__).parent / "matrix.txt").read_text().splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return rows[0][2:], {(action, kind): cells for action, kind, *cells in rows[1:]}


COLUMNS, EXPECTED = table()
PUBLIC = {("WatchSession", "Session"), ("GetViewers", "Session"), ("WatchProduct", "Session")}


@pytest.mark.requirement("R4")
@pytest.mark.parametrize(("action", "kind"), EXPECTED)
def test_own(action, kind):
    got = {name: answer(CALLERS[name], action, own(kind)) for name in COLUMNS}
    assert got == dict(zip(COLUMNS, EXPECTED[action, kind], strict=True))


@pytest.mark.parametrize(("action", "kind"), [row for row in EXPECTED if row[1] != "System" and row not in PUBLIC])
def test_a_foreign_thing_is_not_there_for_anybody(action, kind):
    kept = ("Shop", "Account", "Creator", "Partner", "Binding")
    keepers = {"operator"} if kind in kept else set()  # they keep the directory: nothing in it is foreign to them
    assert {answer(CALLERS[name], action, foreign(kind)) for name in CALLERS.keys() - keepers} == {"-"}


@pytest.mark.parametrize(
    ("action", "kind"), [row for row in EXPECTED if row[1] in ("Session", "Account", "Order") and row not in PUBLIC]
)
def test_without_a_shop_nothing_is_shared_with_shops(action, kind):
    thing = {
        "Session": Session(id="l", account="a"),
        "Account": Account(id="a"),
        "Order": Order(id="o", account="a"),
    }[kind]
    assert {answer(CALLERS[name], action, thing) for name in ("shopown", "staff", "member")} == {"-"}


def test_a_shop_names_the_first_people_of_its_creator():
    kept = Creator(id="c", shop="s")
    for action in ("ListCreatorMembers", "AssignCreatorRole", "RevokeCreatorRole"):
        assert answer(CALLERS["shopown"], action, kept) == "yes"
        assert answer(CALLERS["staff"], action, kept) == "no"
    for action in ("CreateCreatorAccount", "OfferCollabToShop"):
        assert answer(CALLERS["shopown"], action, kept) == "no"


@pytest.mark.parametrize("awaits", ["shop", "creator"])
def test_the_side_that_is_asked_accepts_and_either_ends(awaits):
    collab = Binding(id="b", shop="s", creator="c", awaits=awaits)
    sides = {"shop": "shopown", "creator": "creator"}
    for side, who in sides.items():
        assert answer(CALLERS[who], "AcceptBinding", collab) == ("yes" if side == awaits else "no")
        assert answer(CALLERS[who], "EndBinding", collab) == "yes"
    assert answer(CALLERS["partner"], "EndBinding", collab) == "-"


@pytest.mark.parametrize(("action", "kind"), [row for row in EXPECTED if row[1] == "Session"])
def test_practice_is_invisible_to_viewers_in_every_call(action, kind):
    practice = Session(id="l", account="a", shop="s", mode=Mode.PRACTICE)
    assert answer(viewer(), action, practice) == "-"
    assert answer(CALLERS["host"], action, practice) == EXPECTED[action, kind][COLUMNS.index("host")]


def test_everybody_may_watch_a_live_and_no_other_practice():
    assert {answer(one, "WatchSession", foreign("Session")) for one in CALLERS.values()} == {"yes"}
    practice = Session(id="l2", account="a2", shop="s2", mode=Mode.PRACTICE)
    assert {answer(one, "WatchSession", practice) for one in CALLERS.values()} == {"-"}


def test_a_viewer_has_no_part_in_other_sessions_or_orders():
    assert answer(viewer(), "PostComment", Session(id="l9", account="a", shop="s")) == "-"
    for action in ("PayInTestCheckout", "CancelOrder"):
        assert answer(viewer(ref="v9"), action, own("Order")) == "-"
        assert answer(viewer(ref=""), action, Order(id="o", account="a", viewer="")) == "-"


@pytest.mark.requirement("D16")
@pytest.mark.parametrize("scope", ["checkout", "payments"])
def test_saying_that_something_was_paid_is_a_right_of_its_own(scope):
    """Neither does it come with the right to place orders, nor does it give that."""

    def service(*scopes: str) -> Somebody:
        return somebody("service:c", ActorKind.SERVICE, scopes, accounts={"a": Role.CONNECTOR})

    assert answer(service(scope), "PayOrder", own("Order")) == "yes"
    assert answer(service(scope), "PayOrder", foreign("Order")) == "-"
    assert answer(service(scope), "PlaceOrder", own("Session")) == "no"
    assert answer(service("ingest"), "PayOrder", own("Order")) == "no"
    assert answer(service("ingest"), "PlaceOrder", own("Session")) == "yes"


def test_kinds_do_not_borrow_each_others_relations():
    """A viewer, a service or an operator who has roles gains nothing by them."""
    for kind in (ActorKind.VIEWER, ActorKind.SERVICE, ActorKind.OPERATOR):
        one = somebody("x", kind, accounts={"a": Role.OWNER}, shops={"s": Role.OWNER})
        assert answer(one, "GoLive", own("Session")) == "-"
    mixed = somebody("x", scopes=("events", "ingest"), accounts={"a": Role.CONNECTOR})
    assert answer(mixed, "RecordActivity", own("Session")) == "-"
    assert answer(mixed, "ReadEvents", System()) == "no"


def test_a_connector_needs_its_scope():
    one = somebody("service:c", ActorKind.SERVICE, accounts={"a": Role.CONNECTOR})
    assert answer(one, "RecordActivity", own("Session")) == "-"


def test_all_actions_of_the_table_have_a_policy():
    require_policies(action for action, _ in EXPECTED)


def test_a_reader_reads_what_happens_and_not_who_works_there():
    reader = user(Role.READER)
    assert answer(reader, "GetBoard", own("Session")) == answer(reader, "ListComments", own("Session")) == "yes"
    assert answer(reader, "ListAccountMembers", own("Account")) == answer(reader, "GoLive", own("Session")) == "no"


def test_the_gateway_hands_on_what_happens_in_any_live():
    feeds = somebody("service:gateway", ActorKind.SERVICE, ("feeds",))
    assert answer(feeds, "ListActivity", foreign("Session")) == "yes"
    assert answer(feeds, "GetBoard", own("Session")) == "-"
    assert answer(CALLERS["service"], "ListActivity", own("Session")) == "-"
