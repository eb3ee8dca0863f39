"""Quartiles at equal elapsed time: only LIVEs that were on air then count."""

import numpy as np

from showfloor.session.analytics.edges.usual import curve


def test_a_curve_ends_where_fewer_than_three_were_on_air() -> None:
    values = np.array([[1.0, 2, 3], [10, 20, 30], [100, 200, 300], [4, 5, 6]])
    on_air = np.array([[True, True, True], [True, True, False], [True, True, False], [True, False, False]])
    assert curve(values, on_air).tolist() == [[4, 3.25, 7, 32.5], [3, 11, 20, 110]]


def test_no_curve_without_three() -> None:
    assert curve(np.zeros((2, 5)), np.ones((2, 5), dtype=bool)).tolist() == []
    assert curve(np.zeros((4, 0)), np.ones((4, 0), dtype=bool)).tolist() == []
