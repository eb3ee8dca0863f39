"""Minor units become amounts by the standard's exponent, exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showfloor.kernel.currencies import EXPONENTS, to_amount


@pytest.mark.requirement("D12")
@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("1500", "JPY", 1500),
        ("1299000", "VND", 1299000),
        ("75000000000", "VND", 75000000000),
        ("1.250", "KWD", 1250),
        ("1.255", "KWD", 1255),
        ("19.99", "EUR", 1999),
        ("15000.00", "IDR", 1500000),
        ("99.50", "HUF", 9950),
    ],
)
def test_minor_units_as_an_amount(amount: str, currency: str, minor: int) -> None:
    assert str(to_amount(minor, currency)) == amount


@given(st.integers(min_value=0, max_value=2**53), st.sampled_from(sorted(EXPONENTS)))
def test_no_minor_unit_is_lost(minor: int, currency: str) -> None:
    assert to_amount(minor, currency) * 10 ** EXPONENTS[currency] == minor


def test_the_table_is_whole() -> None:
    assert len(EXPONENTS) == 154
    odd = {code: digits for code, digits in EXPONENTS.items() if digits != 2}
    assert len(odd) == 23
    assert [odd[code] for code in ("JPY", "VND", "ISK", "UGX", "KWD", "TND", "OMR")] == [0, 0, 0, 0, 3, 3, 3]
    assert {"IDR", "HUF", "PKR", "COP", "RSD", "MGA"} <= EXPONENTS.keys() - odd.keys()
