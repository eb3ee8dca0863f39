"""Board, trend, channels, products, audience, comparison, recap and list, all over one hand-made LIVE."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from showfloor.testing.hosts import (
    CLICK,
    ENTER,
    FEED,
    FOLLOWING,
    IMPRESSION,
    LEAVE,
    LIKE,
    PROMOTED,
    SHARE,
    SHOWN,
    falling,
)
from showfloor.testing.system import soon

FEMALE_ADULT_FOLLOWER, MALE_ADULT = 1 | 2 << 2 | 2 << 5, 2 | 2 << 2 | 1 << 5
STAR, EXPLAIN, SHOW, REPLACE = range(4)


@pytest.fixture(scope="module")
def told(new_host: Any) -> Any:
    """A LIVE of 20 minutes: 8 views of 8 viewers, four products that read differently, three orders."""
    host = new_host()
    earlier = host.recorded("Earlier", minutes=90, products=1)
    order = earlier.order(earlier.products[0], 1, 1000, "old", 60)
    earlier.record({"paid_order": {"order": {"request_id": "e", **order}}})
    earlier.post("end", {"end_time": earlier.at(600)})
    live = host.recorded("The LIVE that is told", minutes=40, products=4)
    signals = [(0.0, IMPRESSION, n, 0, FEED) for n in range(8)] * 2
    ways = (FEED, FEED, FEED, FEED, PROMOTED, PROMOTED, FOLLOWING, 0)
    signals += [(60.0 * n + 5, ENTER, n, 0, way) for n, way in enumerate(ways)]
    signals += [(605.0, LEAVE, 0, 0, FEED), (700.0, LIKE, 1, 0, FEED)]
    signals += [(701.0, LIKE, 1, 0, FEED), (702.0, SHARE, 2, 0, FEED)]
    for product, (shown, clicks) in enumerate(((10, 5), (10, 5), (10, 1), (10, 1))):
        signals += [(720.0 + n // 8 * 60, SHOWN, n % 8, product + 1, FEED) for n in range(shown)]
        signals += [(730.0, CLICK, n % 8, product + 1, FEED) for n in range(clicks)]
    live.signals(signals, [FEMALE_ADULT_FOLLOWER if n < 3 else MALE_ADULT for n in range(8)])
    buys = [(STAR, 2, 1000, "v1", 780), (STAR, 1, 1000, "v2", 790), (SHOW, 1, 500, "v1", 900)]
    traits = {"gender": "female", "age_band": "25-34", "follower": True}
    facts: list[dict[str, Any]] = []
    for number, (product, quantity, price, viewer, time) in enumerate(buys):
        order = live.order(live.products[product], quantity, price, viewer, time)
        order["viewer"]["traits"] = traits
        facts.append({"paid_order": {"order": {"request_id": f"o{number}", **order}}})
    facts.append({"comment": {"request_id": "c", "viewer": {"viewer_ref": "v3"}, "text": "Nice", "time": live.at(800)}})
    facts.append({"follow": {"request_id": "f", "viewer": {"viewer_ref": "v3"}, "time": live.at(810)}})
    live.put(f"bag/{live.products[STAR]}/pin", {"time": live.at(600)})
    live.record(*facts)
    live.post("end", {"end_time": live.at(1200)})
    live.wait(views=8, likes=2, product_clicks=12, gmv=3500)
    return live


@pytest.mark.requirement("R118", "R121", "R125", "R149", "D3", "D11", "D12")
def test_the_board_adds_up(told: Any) -> None:
    numbers = told.numbers()
    wanted = {
        "gmv": 3500, "direct_gmv": 3500, "affiliate_gmv": 3500, "orders": 3, "sku_orders": 3, "units_sold": 4,
        "buyers": 2, "first_time_buyers": 2, "impressions": 16, "views": 8, "unique_viewers": 8, "entry_rate": 0.5,
        "likes": 2, "shares": 1, "comments": 1, "new_followers": 1, "product_impressions": 40, "product_clicks": 12,
        "ctr": 0.3, "ctor": 0.25, "products": 4, "pcu": 8, "viewers_now": 0, "duration": 1200, "gpm": 437500,
    }  # fmt: skip
    assert {name: numbers.get(name) for name in wanted} == pytest.approx(wanted)
    money = next(one for one in told.get("board")["core"] if one["metric"] == "gmv")
    assert money["currency"] == "EUR"


@pytest.mark.requirement("R127")
def test_traffic_is_told_by_channel(told: Any) -> None:
    channels = {one["channel"]: (one["views"], one["share"]) for one in told.get("board")["channels"]}
    assert channels["feed"] == (4, 0.5)
    assert channels["promoted"] == (2, 0.25)
    assert channels["following"] == (1, 0.125)
    assert sum(views for views, _ in channels.values()) == 8


@pytest.mark.requirement("R126", "R128", "R129")
def test_any_metrics_over_any_interval(told: Any) -> None:
    whole = told.get("trend", metrics=["views", "gmv", "product_clicks"], step_minutes=1)
    assert [one["metric"] for one in whole["series"]] == ["views", "gmv", "product_clicks"]
    views, gmv, clicks = ([point.get("value") for point in one["points"]] for one in whole["series"])
    assert len(whole["times"]) == len(views) == 20
    assert views[:9] == [1] * 8 + [0]
    assert (sum(views), sum(gmv), sum(clicks)) == (8, 3500, 12)
    assert (gmv[13], gmv[15]) == (3000, 500)
    assert [pin["product_id"] for pin in whole["pins"]] == [told.products[STAR]]
    part = {"from": told.at(120), "until": told.at(300), "step_minutes": 1}
    assert [point["value"] for point in told.get("trend", metrics="views", **part)["series"][0]["points"]] == [1, 1, 1]


@pytest.fixture(scope="module")
def crowded(new_host: Any) -> Any:
    """A LIVE of 150 viewers and four products, each with numbers that say enough for a verdict."""
    live = new_host().recorded("The LIVE of many", minutes=40, products=4)
    counts = ((90, 40), (90, 2), (20, 14), (30, 0))  # clicks and orders of 150 impressions each
    signals = [(60.0, ENTER, n, 0, FEED) for n in range(150)]
    facts = []
    for product, (clicks, orders) in enumerate(counts):
        signals += [(120.0, SHOWN, n, product + 1, FEED) for n in range(150)]
        signals += [(125.0, CLICK, n, product + 1, FEED) for n in range(clicks)]
        for n in range(orders):
            order = live.order(live.products[product], 1, 500, f"v{n}", 180)
            facts.append({"paid_order": {"order": {"request_id": f"o{product}-{n}", **order}}})
    live.signals(signals, [MALE_ADULT] * 150)
    live.record(*facts)
    live.wait(product_clicks=230, sku_orders=56)
    return live


@pytest.mark.requirement("R133", "R134", "R135", "D3")
def test_each_product_has_its_quadrant_and_advice(crowded: Any) -> None:
    products = {one["product_id"]: one for one in crowded.get("products")["products"]}
    read = {number: products[product]["quadrant"] for number, product in enumerate(crowded.products)}
    assert read == {STAR: "star", EXPLAIN: "explain", SHOW: "show", REPLACE: "replace"}
    assert "show it longer" in products[crowded.products[STAR]]["advice"]
    assert "giveaway" in products[crowded.products[EXPLAIN]]["advice"]


@pytest.mark.requirement("R133", "D3")
def test_few_numbers_are_no_verdict(told: Any, known: Any) -> None:
    answer = told.get("products")
    products = {one["product_id"]: one for one in answer["products"]}
    assert {one["quadrant"] for one in products.values()} == {"unspecified"}
    assert not any(one["advice"] for one in products.values())
    numbers = known(products[told.products[STAR]]["readings"])
    assert (numbers["ctr"], numbers["ctor"], numbers["gmv"]) == (0.5, 0.4, 3000)
    assert answer["products"][0]["product_id"] == told.products[STAR]
    assert answer["ctr_threshold"] == pytest.approx(0.3)


@pytest.mark.requirement("R142")
def test_the_audience_tells_viewers_from_buyers(told: Any) -> None:
    audience = told.get("audience")
    assert (audience["viewers"], audience["buyers"], audience["first_time_buyers"]) == (8, 2, 2)
    slices = {(one["dimension"], one["value"]): (one["viewers"], one["buyers"]) for one in audience["slices"]}
    assert slices["follower", "yes"] == (3, 2)
    assert slices["follower", "no"] == (5, 0)
    assert slices["gender", "female"] == (3, 2)
    assert slices["age_band", "25-34"] == (8, 2)


@pytest.mark.requirement("R150")
def test_a_session_is_compared_with_the_average_of_the_others(told: Any) -> None:
    answer = told.get("comparison", metrics=["gmv", "views", "orders"])
    assert answer["sessions"] == 1
    lines = {one["reading"]["metric"]: one for one in answer["comparisons"]}
    assert (lines["gmv"]["reading"]["value"], lines["gmv"]["average"]["value"]) == (3500, 1000)
    assert lines["gmv"]["difference"] == pytest.approx(2.5)
    assert "value" not in lines["views"]["average"]
    assert "difference" not in lines["views"]


@pytest.mark.requirement("D9")
def test_the_recap_tells_what_it_came_to(told: Any, known: Any) -> None:
    recap = told.get("recap")
    numbers = known(recap["readings"])
    assert (numbers["gmv"], numbers["views"], recap["duration_s"], recap["products_featured"]) == (3500, 8, 1200, 1)
    assert numbers == known(told.get("board")["core"])
    assert recap["top_products"][0]["product_id"] == told.products[STAR]
    end = datetime.fromisoformat(recap["session"]["end_time"])
    assert datetime.fromisoformat(recap["replay_expire_time"]) == end + timedelta(days=30)
    assert datetime.fromisoformat(recap["detail_expire_time"]) > end + timedelta(days=89)


@pytest.mark.requirement("D14")
def test_missing_is_not_zero(host: Any) -> None:
    session = host.live()
    assert session.wait(gmv=0)["gmv"] == 0
    core = {one["metric"]: one for one in session.get("board")["core"]}
    assert "value" not in core["views"]
    assert core["views"]["missing"] == "not_yet"
    assert "value" not in core["ctor"]
    session.post("end")
    core = {one["metric"]: one for one in session.get("recap")["readings"]}
    assert core["views"]["missing"] == "not_known"


@pytest.mark.requirement("D14")
def test_every_answer_tells_how_far_it_goes(told: Any) -> None:
    for path, query in (
        ("board", {}),
        ("trend", {"metrics": "gmv"}),
        ("products", {}),
        ("audience", {}),
        ("recap", {}),
        ("activity", {}),
    ):
        mark = told.get(path, **query)["watermark"]
        assert mark["position"] > 0, path
    mark = datetime.fromisoformat(told.get("board")["watermark"]["signals_time"])
    assert told.start < mark <= datetime.now(UTC)


@pytest.mark.requirement("R122", "R123", "R124")
def test_the_list_has_a_time_range_chosen_columns_and_search(host: Any, known: Any) -> None:
    early = host.recorded("Green tea hour", 600)
    early.post("end", {"end_time": early.at(300)})
    late = host.recorded("Black tea hour", 60)
    last = late.post("end", {"end_time": late.at(300)})["position"]

    def listed(**query: Any) -> list[str]:
        page = host.api.get("/sessions", account_ids=host.account, min_position=last, **query)
        return [row["session"]["title"] for row in page["sessions"]]

    assert listed() == ["Black tea hour", "Green tea hour"]
    assert listed(query="green TEA") == ["Green tea hour"]
    assert listed(start_from=late.at(0)) == ["Black tea hour"]
    assert listed(start_until=late.at(0)) == ["Green tea hour"]
    assert listed(states="live") == []
    (row, _) = host.api.get("/sessions", account_ids=host.account, metrics=["units_sold", "gmv"])["sessions"]
    assert [one["metric"] for one in row["readings"]] == ["units_sold", "gmv"]
    (row, _) = host.api.get("/sessions", account_ids=host.account)["sessions"]
    assert [one["metric"] for one in row["readings"]] == ["gmv", "direct_gmv", "ctr", "ctor", "units_sold"]
    assert row["session"]["start_time"]
    assert row["session"]["simulated"] is True


def test_pages_of_the_list_have_no_gap_and_no_repeat(host: Any) -> None:
    answers = [host.api.post("/sessions", {"account_id": host.account, "title": f"Number {n}"}) for n in range(7)]
    query = {"account_ids": host.account, "page_size": 2, "min_position": answers[-1]["position"]}
    pages = [host.api.get("/sessions", **query)]
    while token := pages[-1]["next_page_token"]:
        pages.append(host.api.get("/sessions", page_token=token, **query))
    assert [len(page["sessions"]) for page in pages] == [2, 2, 2, 1]
    seen = [row["session"]["session_id"] for page in pages for row in page["sessions"]]
    assert seen == [answer["session"]["session_id"] for answer in reversed(answers)]


@pytest.mark.requirement("R151", "R173")
def test_simulated_numbers_are_labelled(told: Any) -> None:
    for path in ("", "board", "recap"):
        assert told.get(path)["session"]["simulated"] is True


@pytest.mark.requirement("R86", "R130", "R131")
def test_falling_sales_and_a_weak_feature_are_told_during_a_live(new_host: Any) -> None:
    live = falling(new_host())
    found = soon(lambda: live.get("suggestions")["suggestions"], lambda found: len(found) == 3)
    assert live.get()["session"]["state"] == "live"
    assert [(one["rule"], one["metrics"]) for one in found] == [
        ("gmv_fell", ["gmv", "views"]),
        ("ctr_fell", ["ctr", "views"]),
        ("feature_fell", ["gmv"]),
    ]
    for one in found:
        assert (one["product_id"], one["change"]) == (live.products[0], -1)
        assert one["advice"]
        assert datetime.fromisoformat(one["until_time"]) == live.start + timedelta(minutes=24)  # the last whole minute


def ended(host: Any, days: int) -> Any:
    """A LIVE with one paid order that ended so many days ago."""
    live = host.recorded(f"{days} days ago", minutes=days * 24 * 60 + 10, products=1)
    order = live.order(live.products[0], 1, 700, "v", 60)
    live.record({"paid_order": {"order": {"request_id": "o", **order}}})
    live.post("end", {"end_time": live.at(600)})
    return live


@pytest.mark.requirement("R172", "D9")
def test_a_replay_is_gone_thirty_days_after_the_end(host: Any) -> None:
    kept, gone = ended(host, 29), ended(host, 31)
    url = {"url": "https://video.example/1"}
    kept.put("replay", url)
    assert kept.get("replay")["url"] == url["url"]
    host.api.refused(404, "REPLAY_EXPIRED", "PUT", gone.path("replay"), url)
    host.api.refused(404, "REPLAY_EXPIRED", "GET", gone.path("replay"))
