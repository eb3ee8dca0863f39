"""Process metrics share one prefix and one registry."""

import pytest

from showfloor.observability import metrics


def test_names_are_prefixed_and_exposed():
    metrics.counter("unit_calls", "Calls.", ["method"]).labels("A").inc()
    metrics.gauge("unit_depth", "Depth.").set(4)
    metrics.histogram("unit_seconds", "Time.").observe(0.2)
    text = metrics.exposition().decode()
    assert 'showfloor_unit_calls_total{method="A"} 1.0' in text
    assert "showfloor_unit_depth 4.0" in text
    assert 'showfloor_unit_seconds_bucket{le="0.25"} 1.0' in text


def test_a_metric_asked_for_again_is_the_same_one():
    assert metrics.gauge("unit_same", "x") is metrics.gauge("unit_same", "x")
    with pytest.raises(ValueError, match="already a Gauge"):
        metrics.counter("unit_same", "x")
