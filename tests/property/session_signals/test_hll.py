"""Registers form a semilattice; the estimate stays within its error; small sets are exact."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showfloor.session.signals.domain import hll, sketch

VALUES = st.lists(st.integers(0, 2**64 - 1), max_size=200).map(lambda v: np.unique(np.array(v, dtype=np.uint64)))


def registers(values: hll.Values) -> hll.Registers:
    return hll.observe(hll.empty(), values)


@settings(deadline=None)  # a busy machine is no defect
@given(VALUES, VALUES, VALUES)
def test_merge_is_associative_commutative_idempotent(a: hll.Values, b: hll.Values, c: hll.Values) -> None:
    x, y, z = registers(a), registers(b), registers(c)
    assert np.array_equal(hll.merge(x, y), hll.merge(y, x))
    assert np.array_equal(hll.merge(hll.merge(x, y), z), hll.merge(x, hll.merge(y, z)))
    assert np.array_equal(hll.merge(x, x), x)
    assert np.array_equal(hll.merge(x, y), registers(np.union1d(a, b)))


@settings(deadline=None)  # a busy machine is no defect
@given(st.integers(0, 2**32), st.sampled_from([4_097, 8_000, 10_240, 25_000, 100_000, 1_000_000]))
def test_the_estimate_stays_within_five_standard_errors(seed: int, size: int) -> None:
    values = np.arange(size, dtype=np.uint64) + np.uint64(seed)  # as badly spread as numbers can be
    assert abs(hll.estimate(registers(values)) - size) <= 5 * 1.04 / 64 * size


@pytest.mark.parametrize("size", [0, 1, 4_096])
def test_a_small_set_is_exact(size: int) -> None:
    assert sketch.of(np.arange(size, dtype=np.uint64)).estimate == size


@settings(deadline=None)  # a busy machine is no defect
@given(st.lists(st.integers(1, 3_000), min_size=1, max_size=6), st.randoms())
def test_a_sketch_is_a_function_of_the_set(sizes: list[int], random: object) -> None:
    parts = [np.arange(size, dtype=np.uint64) * np.uint64(at + 1) for at, size in enumerate(sizes)]
    whole = sketch.of(np.unique(np.concatenate(parts)))
    random.shuffle(parts)  # type: ignore[attr-defined]
    added = sketch.EMPTY
    for part in parts:
        added = added.with_values(part)
    merged = sketch.union(sketch.of(part) for part in reversed(parts))
    assert added.to_bytes() == whole.to_bytes() == merged.to_bytes()
    assert sketch.from_bytes(whole.to_bytes()).estimate == whole.estimate


def test_with_values_tells_by_identity_that_nothing_changed() -> None:
    for size in (10, 5_000):
        held = sketch.of(np.arange(size, dtype=np.uint64))
        assert held.with_values(np.arange(5, dtype=np.uint64)) is held


@pytest.mark.parametrize("stored", [b"", b"X", b"H123"])
def test_other_bytes_are_no_sketch(stored: bytes) -> None:
    with pytest.raises(ValueError, match="sketch"):
        sketch.from_bytes(stored)
