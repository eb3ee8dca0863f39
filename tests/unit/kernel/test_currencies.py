"""Amounts become minor units by the standard's exponent, exactly, and come back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showfloor.kernel.currencies import EXPONENTS, decimals_of, to_amount, to_minor


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
        ("15000", "IDR", 1500000),
        ("99.5", "HUF", 9950),
    ],
)
def test_an_amount_in_minor_units(amount: str, currency: str, minor: int) -> None:
    assert to_minor(Decimal(amount), currency) == minor


@pytest.mark.parametrize(("amount", "currency"), [("0.5", "JPY"), ("1.2555", "KWD"), ("19.999", "EUR")])
def test_more_decimals_than_the_currency_has_are_refused(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match=f"{currency} has {decimals_of(currency)}"):
        to_minor(Decimal(amount), currency)


@given(st.integers(min_value=0, max_value=2**53), st.sampled_from(sorted(EXPONENTS)))
def test_there_and_back_is_the_same(minor: int, currency: str) -> None:
    assert to_minor(to_amount(minor, currency), currency) == minor


def test_the_table_is_whole() -> None:
    assert len(EXPONENTS) == 154
    odd = {code: digits for code, digits in EXPONENTS.items() if digits != 2}
    assert len(odd) == 23
    assert [odd[code] for code in ("JPY", "VND", "ISK", "UGX", "KWD", "TND", "OMR")] == [0, 0, 0, 0, 3, 3, 3]
    assert {"IDR", "HUF", "PKR", "COP", "RSD", "MGA"} <= EXPONENTS.keys() - odd.keys()
