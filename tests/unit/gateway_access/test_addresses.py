"""Addresses of people are compared without case, outer spaces and the form of Unicode."""

import pytest

from showfloor.gateway.access.people import address_key, checked_email
from showfloor.kernel.refusal import Refusal


@pytest.mark.parametrize("written", ["Zo\u00eb@example.com", " zoe\u0308@EXAMPLE.com\n", "ZOE\u0308@example.com"])
def test_one_address_has_one_form(written: str) -> None:
    assert checked_email(written) == address_key(written) == "zo\u00eb@example.com"


@pytest.mark.parametrize(
    "written", ["", "a", "a@b", "@example.com", "a b@example.com", "a\u202e@example.com", "a\0@b.c"]
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(Refusal):
        checked_email(written)
