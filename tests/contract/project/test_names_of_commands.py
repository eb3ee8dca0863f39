"""One action has one name: its RPC or route, its command, its rule, and its event in the past tense."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import FunctionType
from typing import Any

import msgspec
import pytest

from showfloor.cli.services import services
from showfloor.gateway.http.contracts import contracts
from showfloor.gateway.native_routes import NATIVE_ROUTES
from showfloor.kernel import erasure
from showfloor.kernel.event import Event
from showfloor.testing.held import modules

EXAMPLE = Path(__file__).parents[2] / "example/showfloor"

# What an action is called in the domain when that is not its own name, and why.
STANDS_FOR = {
    "ImportProducts": "ImportProduct",  # a list: each row is a command and an event of its own
    "ImportSessions": "ImportSession",  # a list, too
    "PayInTestCheckout": "PayOrder",  # another who says that an order is paid
    "CreateCreatorAccount": "CreateAccount",  # the same account, of a creator instead of a shop
    "OfferBindingToShop": "OfferBinding",  # who offers to whom is said by the path
    "OfferBindingToCreator": "OfferBinding",
    "OfferCollabToShop": "OfferBinding",  # a collab is the binding of a shop and a creator
    "OfferCollabToCreator": "OfferBinding",
    "EraseViewer": "Erase",  # one record of what was erased, which says its kind
    "EraseContact": "Erase",
    "EraseCreator": "Erase",
    "EraseAccountName": "Erase",
}
# What records no event of its own, and why.
NO_EVENT = {
    "CreateImport": "checks a file; until it is applied it is a row of a table",
    "DiscardImport": "gives that row up",
}
# Whose event bears another name, and why.
EVENT = {"ReplyToComment": "CommentPosted"}  # a reply is a comment; its proto says so

# The past of a verb, where it is not the verb with "ed".
PAST = {
    "End": "Ended", "Give": "Given", "Go": "Went", "Move": "Moved", "Pay": "Paid", "Pin": "Pinned", "Send": "Sent",
    "Set": "Set", "Unpin": "Unpinned", "Apply": "Applied", "Cancel": "Cancelled",
}  # fmt: skip
# Verbs that take a word with them: what they say stays in this order, as in AddedToBag.
_WITH_A_WORD = re.compile(r"(Go)(Live)|(Add|Move|Remove)((?:To|In|From)\w+)")


@dataclass(frozen=True)
class Domain:
    """What the domain of a service holds under names."""

    commands: frozenset[str]
    rules: Mapping[str, str]  # by name: what the rule is asked
    events: frozenset[str]


def past_of(action: str) -> str:
    """Return an action's name in the past tense: `OpenSession` as `SessionOpened`."""
    if found := _WITH_A_WORD.fullmatch(action):
        verb, rest = (part for part in found.groups() if part)
        return past_of_verb(verb) + rest
    verb, thing = re.fullmatch(r"([A-Z][a-z]+)(\w*)", action).groups()  # type: ignore[union-attr]
    return thing + past_of_verb(verb)


def past_of_verb(verb: str) -> str:
    return PAST.get(verb, verb + ("d" if verb.endswith("e") else "ed"))


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def domain_of(package: str, deciders: tuple[Any, ...]) -> Domain:
    """Return what the modules of a package's domains hold, and what all services share."""
    commands, rules = set(), {}
    for module in (*(one for one in modules(package) if ".domain." in one.__name__), erasure):
        for name, thing in vars(module).items():
            if isinstance(thing, type) and issubclass(thing, msgspec.Struct) and not issubclass(thing, Event):
                commands.add(name)
            if isinstance(thing, FunctionType) and "command" in thing.__annotations__:
                rules[name] = getattr(thing.__annotations__["command"], "__name__", "several")
    events = {event.__name__ for decider in deciders for event in decider.events}
    return Domain(frozenset(commands), rules, frozenset(events))


def wrong(action: str, domain: Domain) -> Iterator[str]:
    """Yield what is missing for an action of a service."""
    name = STANDS_FOR.get(action, action)
    if name not in domain.commands:
        yield f"{action}: no command {name}"
    if domain.rules.get(snake(name)) != name:
        yield f"{action}: no rule {snake(name)} that is asked {name}"
    event = EVENT.get(name, past_of(name))
    if event not in domain.events:
        yield f"{action}: no event {event}"


def actions() -> Iterator[tuple[str, str]]:
    """Yield each action that changes something and answers once for it, with its service."""
    for service, described in contracts().items():
        for method in (method for one in described for method in one.methods):
            if "request_id" in method.input_type.fields_by_name:
                yield service, method.name
    for route in NATIVE_ROUTES:
        if route.keyed:
            yield "gateway", route.action


DOMAINS = {
    one.name: domain_of(one.module, tuple(import_module(f"{one.module}.service").DECIDERS)) for one in services()
}
ACTIONS = sorted(actions())


@pytest.mark.parametrize(("service", "action"), ACTIONS)
def test_an_action_has_one_name(service: str, action: str) -> None:
    if action not in NO_EVENT:
        assert list(wrong(action, DOMAINS[service])) == []


def test_no_exception_is_left_over() -> None:
    named = {action for _, action in ACTIONS}
    assert STANDS_FOR.keys() | NO_EVENT.keys() | EVENT.keys() <= named
    assert [
        one for one in NO_EVENT if past_of(one) in {event for domain in DOMAINS.values() for event in domain.events}
    ] == []


def test_the_example_keeps_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import showfloor

    monkeypatch.setattr(showfloor, "__path__", [*showfloor.__path__, str(EXAMPLE)])
    deciders = import_module("showfloor.polls.domain.poll").DECIDERS
    poll = domain_of("showfloor.polls.domain", deciders)
    proto = (EXAMPLE / "api/polls/v1/polls_service.proto").read_text()
    found = [name for name in re.findall(r"rpc (\w+)", proto) if not name.startswith("List")]
    assert found and [problem for name in found for problem in wrong(name, poll)] == []


@pytest.mark.parametrize(
    ("action", "event"),
    [
        ("OpenSession", "SessionOpened"), ("GoLive", "WentLive"), ("AddToBag", "AddedToBag"),
        ("RemoveFromBag", "RemovedFromBag"), ("SaveProductSet", "ProductSetSaved"), ("PayOrder", "OrderPaid"),
        ("AssignShopRole", "ShopRoleAssigned"), ("GiveGrant", "GrantGiven"),
    ],
)  # fmt: skip
def test_the_past_of_an_action(action: str, event: str) -> None:
    assert past_of(action) == event


def test_what_has_another_name_is_found() -> None:
    domain = Domain(frozenset({"OpenShow"}), {"open_show": "Show", "open": "OpenShow"}, frozenset({"ShowBegun"}))
    assert list(wrong("OpenShow", domain)) == [
        "OpenShow: no rule open_show that is asked OpenShow",
        "OpenShow: no event ShowOpened",
    ]
    assert next(wrong("EndShow", domain)) == "EndShow: no command EndShow"
