"""Given how the numbers moved, when suggestions are asked for, then the host hears this and no more."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from showfloor.metrics.model import NOT_YET, Value
from showfloor.session.analytics.domain.advice import Quadrant
from showfloor.session.analytics.domain.minutes import minute_start
from showfloor.session.analytics.domain.suggestions import (
    COUNTED,
    MAX_SUGGESTIONS,
    Marker,
    Minutes,
    Products,
    Suggestion,
    suggest,
)
from showfloor.session.config import Config
from showfloor.session.show.domain.policy import SuggestionPolicy

FIRST = 29_540_000  # a Unix minute
LAMP, BAG = UUID(int=1), UUID(int=2)
POLICY = SuggestionPolicy()
STEADY = {"gmv": 100.0, "views": 50.0, "product_impressions": 200.0, "product_clicks": 40.0, "sku_orders": 10.0}


def minutes(count: int = 20, then: int = 10, **later: float | None) -> Minutes:
    """`count` minutes that are all alike, but for what differs from minute `then` on. None: not known."""

    def values(name: str) -> list[Value]:
        changed = later.get(name, STEADY[name])
        after = NOT_YET if changed is None else Value(changed)
        return [Value(STEADY[name])] * then + [after] * (count - then)

    return Minutes(FIRST, {name: values(name) for name in COUNTED})


def marker(kind: str, at: float, product: UUID = LAMP, lasts: float | None = None) -> Marker:
    start = minute_start(FIRST) + timedelta(minutes=at)
    return Marker(kind, product, start, None if lasts is None else start + timedelta(minutes=lasts))  # type: ignore[arg-type]


def rules(found: Sequence[Suggestion]) -> list[str]:
    return [one.rule for one in found]


@pytest.mark.requirement("R130")
@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ({}, []),
        ({"gmv": 80, "sku_orders": 6}, ["gmv_fell", "ctor_fell"]),
        ({"gmv": 81, "sku_orders": 6}, ["ctor_fell"]),
        ({"gmv": 0, "sku_orders": 0}, ["gmv_fell", "ctor_fell"]),
        ({"gmv": 60, "sku_orders": 6, "product_clicks": 24, "views": 45}, ["gmv_fell", "ctr_fell"]),
        ({"gmv": 60, "sku_orders": 6, "product_clicks": 24, "views": 44}, []),
        ({"gmv": 80}, []),  # as many orders as before: of smaller ones, by chance or not
        ({"gmv": 80, "sku_orders": 8}, []),  # 80 orders after 100: chance makes that, too
        ({"product_clicks": 30}, ["ctr_fell"]),
        ({"product_clicks": 38}, []),
        ({"product_clicks": 30, "views": 20}, []),
        ({"sku_orders": 8}, []),
        ({"gmv": 50, "sku_orders": 5}, ["gmv_fell", "ctor_fell"]),
        ({"gmv": 200, "sku_orders": 20}, []),
    ],
)
def test_a_fall_counts_when_viewers_keep_coming(later: dict[str, Any], expected: list[str]) -> None:
    assert rules(suggest(minutes(**later), [], POLICY)) == expected


@pytest.mark.requirement("R130")
def test_a_fall_names_its_time_its_size_and_the_product_featured() -> None:
    shown = [marker("pin", 0, LAMP, lasts=12), marker("pin", 18, BAG)]
    fallen = minutes(gmv=60, sku_orders=6, product_clicks=24, product_impressions=120)
    (found,) = suggest(fallen, shown[1:], POLICY)
    assert (found.product_id, found.metrics, found.change) == (BAG, ("gmv", "views"), -0.4)
    assert (found.start, found.until) == (minute_start(FIRST + 10), minute_start(FIRST + 20))
    assert "demonstrate" in found.advice and "feature another" in found.advice
    assert suggest(fallen, shown[:1], POLICY)[0].product_id == LAMP
    assert suggest(fallen, [marker("pin", 0, LAMP, lasts=5)], POLICY)[0].product_id is None


@pytest.mark.requirement("R130", "R131")
@pytest.mark.parametrize("known", [Products({LAMP: Quadrant.STAR}), Products(large={LAMP})])
def test_no_suggestion_contradicts_a_products_verdict(known: Products) -> None:
    fallen = minutes(count=40, then=20, gmv=50, sku_orders=5, views=20)
    assert rules(suggest(fallen, [marker("pin", 20)], POLICY)) == ["feature_fell"]
    assert suggest(fallen, [marker("pin", 20)], POLICY, known) == []
    now = minutes(gmv=50, sku_orders=5)
    for one in suggest(now, [marker("pin", 0)], POLICY, known):
        assert "another" not in one.advice


@pytest.mark.requirement("R130")
def test_nothing_is_said_without_data() -> None:
    assert suggest(minutes(gmv=0, views=None), [], POLICY) == []
    assert rules(suggest(minutes(gmv=0, sku_orders=0, product_clicks=None), [], POLICY)) == ["gmv_fell"]
    assert suggest(minutes(count=19, gmv=0), [], POLICY) == [], "no two whole windows yet"
    nothing_shown = minutes(product_impressions=0, product_clicks=0, sku_orders=10)
    assert suggest(nothing_shown, [], POLICY) == [], "a ratio without denominator did not fall"


@pytest.mark.requirement("R131")
def test_falling_gmv_after_a_feature_calls_for_other_products() -> None:
    fallen = minutes(count=40, then=21, gmv=60, sku_orders=6, views=20)
    (found,) = suggest(fallen, [marker("pin", 20.5)], POLICY)
    assert (found.rule, found.product_id, found.metrics) == ("feature_fell", LAMP, ("gmv",))
    assert (found.start, found.until) == (minute_start(FIRST + 21), minute_start(FIRST + 31))
    assert found.change == -0.4
    assert "other products" in found.advice
    assert suggest(minutes(count=40, then=20, gmv=90), [marker("pin", 20)], POLICY) == []
    assert suggest(minutes(count=40, then=20, gmv=70, sku_orders=9), [marker("pin", 20)], POLICY) == []
    assert suggest(minutes(count=40, then=20, gmv=300), [marker("pin", 20)], POLICY) == []


@pytest.mark.requirement("R131")
def test_a_feature_answers_only_for_its_own_time() -> None:
    fallen = minutes(count=40, then=20, gmv=0, sku_orders=0, views=20)
    found = suggest(fallen, [marker("pin", 12, BAG), marker("pin", 20, LAMP)], POLICY)
    assert [one.product_id for one in found] == [LAMP], "the bag's time was over when GMV fell"
    assert suggest(fallen, [marker("pin", 20, BAG), marker("pin", 22, LAMP)], POLICY)[0].product_id == LAMP
    assert suggest(fallen, [marker("pin", 31)], POLICY) == [], "not over yet"
    assert suggest(fallen, [marker("pin", 5)], POLICY) == [], "too early to compare"


@pytest.mark.requirement("R131")
def test_the_newest_feature_of_a_product_is_what_counts() -> None:
    fallen = minutes(count=60, then=20, gmv=50, sku_orders=5, views=20)
    assert suggest(fallen, [marker("pin", 20), marker("pin", 40)], POLICY) == [], "the second time it held"
    assert rules(suggest(fallen, [marker("pin", 20), marker("pin", 40, BAG)], POLICY)) == ["feature_fell"]


@pytest.mark.requirement("R132")
def test_a_giveaway_without_more_gmv_calls_for_other_products() -> None:
    flat = minutes(count=40, then=20)
    (found,) = suggest(flat, [marker("giveaway", 20, BAG, lasts=2)], POLICY)
    assert (found.rule, found.product_id, found.change) == ("giveaway_flat", BAG, 0)
    assert "different products" in found.advice
    assert suggest(minutes(count=40, then=20, gmv=101), [marker("giveaway", 20)], POLICY) == []
    assert rules(suggest(minutes(count=40, then=20, gmv=99), [marker("giveaway", 20)], POLICY)) == ["giveaway_flat"]
    few = minutes(count=40, then=20, gmv=99, sku_orders=14)
    assert suggest(few, [marker("giveaway", 20)], POLICY) == [], "it may well have brought half as many orders more"
    assert suggest(minutes(count=40, then=20, gmv=None), [marker("giveaway", 20)], POLICY) == []


@pytest.mark.requirement("R131", "R132")
def test_features_and_giveaways_do_not_cut_each_other_short() -> None:
    fallen = minutes(count=40, then=20, gmv=50, sku_orders=5, views=20)
    found = suggest(fallen, [marker("pin", 20), marker("giveaway", 21, BAG)], POLICY)
    assert rules(found) == ["giveaway_flat", "feature_fell"], "the newest first"


def test_no_more_come_back_than_can_be_read() -> None:
    many = [marker("giveaway", 10 + 3 * number, UUID(int=number)) for number in range(60)]
    assert len(suggest(minutes(count=240, then=0, sku_orders=1_000), many, POLICY)) == MAX_SUGGESTIONS


def test_the_limits_are_settings() -> None:
    fields = Config.model_fields
    defaults = SuggestionPolicy()
    assert fields["suggestion_window"].default == defaults.window
    assert fields["suggestion_fall"].default == defaults.fall
    assert fields["suggestion_steady"].default == defaults.steady
    strict = SuggestionPolicy(window=5, fall=0.5)
    halved = {"product_clicks": 20, "product_impressions": 100}
    assert suggest(minutes(count=10, then=5, gmv=60, sku_orders=5, **halved), [], strict) == []
    assert rules(suggest(minutes(count=10, then=5, gmv=50, sku_orders=4, **halved), [], strict)) == ["gmv_fell"]
