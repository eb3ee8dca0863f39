import pytest

from showfloor.api.session.v1 import session_pb2, signal_service_pb2
from showfloor.metrics.compute import compute, difference, mean, percentile, ratio
from showfloor.metrics.docs import page
from showfloor.metrics.model import NO_DENOMINATOR, NOT_KNOWN, NOT_YET, Value
from showfloor.metrics.registry import GROUPS, METRICS, REGISTRY, operands
from showfloor.metrics.vocabulary import Channel, Kind


def test_every_name_is_in_the_registry_once() -> None:
    assert len(REGISTRY) == len(METRICS)


@pytest.mark.parametrize("row", METRICS, ids=lambda row: row.name)
def test_every_row_is_complete(row) -> None:  # type: ignore[no-untyped-def]
    assert row.title
    assert row.definition.endswith(".")
    assert row.formula
    assert row.group in GROUPS
    assert row.derived == bool(row.numerator and row.denominator)
    for part in filter(None, (row.numerator, row.denominator)):
        assert set(row.scopes) <= {*REGISTRY[part].scopes, "session"}


@pytest.mark.requirement("R121")
def test_metrics_come_in_four_groups() -> None:
    assert GROUPS == ("sales", "traffic", "engagement", "products")
    assert {row.group for row in METRICS} == set(GROUPS)


def test_the_vocabulary_is_the_one_of_the_protos() -> None:
    kinds = {name.removeprefix("SIGNAL_KIND_"): number for name, number in signal_service_pb2.SignalKind.items()}
    channels = {name.removeprefix("CHANNEL_"): number for name, number in session_pb2.Channel.items()}
    assert kinds.pop("UNSPECIFIED") == 0
    assert kinds == {kind.name: kind.value for kind in Kind}
    assert channels.pop("UNSPECIFIED") == Channel.UNKNOWN
    assert channels == {c.name: c.value for c in Channel if c is not Channel.UNKNOWN}


@pytest.mark.requirement("D14")
def test_a_ratio_says_why_it_is_missing() -> None:
    assert ratio(Value(1.0), Value(4.0)) == Value(0.25)
    assert ratio(Value(1.0), Value(0.0)) == NO_DENOMINATOR
    assert ratio(NOT_YET, Value(0.0)) == NOT_YET
    assert ratio(Value(1.0), NOT_KNOWN) == NOT_KNOWN
    assert difference(Value(5.0), NOT_KNOWN) == NOT_KNOWN


@pytest.mark.requirement("D3")
def test_the_decided_ratios() -> None:
    counted = {
        "gmv": Value(50_000.0), "views": Value(2_000.0), "impressions": Value(8_000.0),
        "product_clicks": Value(40.0), "product_impressions": Value(400.0), "sku_orders": Value(10.0),
    }  # fmt: skip
    assert compute("ctr", counted) == Value(0.1)
    assert compute("ctor", counted) == Value(0.25)
    assert compute("entry_rate", counted) == Value(0.25)
    assert compute("gpm", counted) == Value(25_000.0)


@pytest.mark.requirement("D11")
def test_refunds_change_net_gmv_only() -> None:
    counted = {"gmv": Value(1_000.0), "refunded": Value(300.0)}
    assert compute("gmv", counted) == Value(1_000.0)
    assert compute("net_gmv", counted) == Value(700.0)


@pytest.mark.requirement("D13")
def test_an_imported_total_wins_over_the_formula() -> None:
    counted = {"average_stay": Value(115.0), "views": Value(10.0), "watch_time": NOT_KNOWN}
    assert compute("average_stay", counted) == Value(115.0)
    assert compute("acu", counted, absent="not_known") == NOT_KNOWN


def test_operands_are_the_counted_metrics_below() -> None:
    assert operands(["gpm", "net_gmv"]) == {"gmv", "views", "refunded"}
    with pytest.raises(KeyError):
        operands(["nonsense"])


def test_mean_leaves_out_what_is_missing() -> None:
    assert mean([Value(1.0), NOT_YET, Value(3.0)]) == Value(2.0)
    assert mean([NOT_YET]) == NOT_KNOWN


def test_percentile_is_linear_and_inclusive() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.25) == 1.75
    assert percentile([1.0, 2.0, 3.0, 4.0], 0.0) == 1.0
    assert percentile([1.0, 2.0, 3.0, 4.0], 1.0) == 4.0
    assert percentile([7.0], 0.5) == 7.0
    for values, share in (([], 0.5), ([1.0], 1.5)):
        with pytest.raises(ValueError, match=r"percentile|share"):
            percentile(values, share)


def test_the_page_names_every_metric() -> None:
    text = page()
    assert all(f"`{row.name}`" in text for row in METRICS)
