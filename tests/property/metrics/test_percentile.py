import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from showfloor.metrics.compute import percentile

NUMBERS = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=50)


@settings(deadline=None)  # a busy machine is no defect
@given(NUMBERS, st.floats(0, 1))
def test_percentile_is_numpys_linear_method(values: list[float], share: float) -> None:
    expected = float(np.quantile(values, share, method="linear"))
    assert abs(percentile(values, share) - expected) <= 1e-6 * max(1.0, abs(expected))
