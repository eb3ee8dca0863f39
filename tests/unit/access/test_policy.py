"""Policies are checked when they are loaded."""

import pytest

from showfloor.access.actor import Actor, ActorKind, Role
from showfloor.access.membership.relations import NOTHING, Relations
from showfloor.access.policy import Policies, absent, decide, loaded
from showfloor.access.resources import Account, Session, Shop, System
from showfloor.kernel.refusal import Refusal

SCHEMA = 'entity U; entity T; action "Do", "Idle" appliesTo { principal: [U], resource: [T] };'


def test_a_policy_must_fit_the_schema():
    with pytest.raises(ValueError, match="do not fit"):
        Policies('permit (principal, action == Action::"Fly", resource);', SCHEMA)
    with pytest.raises(ValueError, match="do not fit"):
        Policies("permit (principal, action, resource) when { resource.colour == 1 };", SCHEMA)
    with pytest.raises(ValueError):
        Policies("permit everything", SCHEMA)


def test_an_action_permitted_to_nobody_is_found():
    policies = Policies('permit (principal, action == Action::"Do", resource);', SCHEMA)
    assert policies.without_policy(["Do", "Idle", "Fly", 'x"y']) == ["Idle", "Fly", 'x"y']


def test_a_question_outside_the_schema_is_a_defect():
    actor = Actor(subject="u", kind=ActorKind.USER)
    with pytest.raises(ValueError, match="not declared"):
        decide(actor, NOTHING, "LaunchRocket", System())
    with pytest.raises(ValueError):
        decide(actor, NOTHING, "GoLive", Account(id="a"))


@pytest.mark.parametrize("name", ['a"b', "a\nb", "购物", "\x00", "__entity", "a\\"])
def test_strange_ids_are_only_ids(name):
    actor, host = Actor(subject=name, kind=ActorKind.USER), Relations(account=(Role.HOST,))
    decide(actor, host, "GoLive", Session(id=name, account=name, shop=name))


def test_what_is_foreign_and_what_is_not_there_answer_the_same():
    actor = Actor(subject="u", kind=ActorKind.USER)
    with pytest.raises(Refusal) as caught:
        decide(actor, NOTHING, "SaveProductSet", Shop(id="s"), "product set")
    assert repr(caught.value) == repr(absent("product set"))
    assert caught.value.reason == "PRODUCT_SET_NOT_FOUND"


def test_policies_are_parsed_once():
    assert loaded() is loaded()


def test_a_service_brings_its_own_policies(tmp_path, monkeypatch):
    bring(tmp_path / "first/showfloor/moon", "LaunchRocket")
    bring(tmp_path / "second/showfloor/moon", "LandRocket")  # never imported: the first of its name is
    monkeypatch.syspath_prepend(tmp_path / "second")
    monkeypatch.syspath_prepend(tmp_path / "first")
    assert loaded.__wrapped__().without_policy(["GoLive", "LaunchRocket", "LandRocket"]) == ["LandRocket"]


def bring(package, action):
    (package / "policies").mkdir(parents=True)
    schema = f'action "{action}" appliesTo {{ principal: [Operator], resource: [System] }};'
    (package / "policies/moon.cedarschema").write_text(schema)
    policy = f'permit (principal is Operator, action == Action::"{action}", resource is System);'
    (package / "policies/moon.cedar").write_text(policy)
