"""Which texts are addresses, when two are the same, and what is shown of one."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from showfloor.events.invitations.domain.address import BadAddress, checked_address, masked, same_as


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ana@example.com", "ana@example.com"),
        ("  Ana.B+live@Example.COM\n", "Ana.B+live@example.com"),
        ("o'neil@sub.example.co.uk", "o'neil@sub.example.co.uk"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_an_address_has_one_spelling(text: str, kept: str) -> None:
    assert checked_address(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "", "ana", "@example.com", "ana@", "ana@localhost", "ana@127.0.0.1", "ana@[127.0.0.1]", "ana@@example.com",
        "ana..b@example.com", ".ana@example.com", "ana @example.com", "ana@exa mple.com", "ana@-example.com",
        "ana@example.com\r\nBcc: bob@example.com", "ana@example.com,bob@example.com", "ana@example.123",
        '"ana b"@example.com', "Ana <ana@example.com>", "an\u00e4@example.com", "a" * 65 + "@example.com",
        "ana@" + "a" * 64 + ".com", "ana@" + "a." * 130 + "com", "ana\0@example.com", "ana@example..com",
    ],
)  # fmt: skip
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadAddress):
        checked_address(text)


@given(st.one_of(st.text(max_size=300), st.emails(), st.text("ab.@-é\u3002\0\n ", max_size=40)))
@example("a@" + "\u00df" * 63 + ".com")
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = checked_address(text)
    except BadAddress as bad:
        assert text.strip() not in str(bad) or len(text.strip()) < 4
        return
    assert checked_address(address) == address
    assert address.isascii() and address.isprintable() and len(address) <= 254 and " " not in address
    assert not set(address) & set('<>,;:"()[]\\')
    shown = masked(address)
    assert address not in shown and len(shown) <= 8 + len(address.rpartition(".")[2])


def test_one_mailbox_is_one_however_it_is_written() -> None:
    assert same_as(checked_address("Ana@Example.com")) == same_as(checked_address("ana@example.COM"))


def test_little_of_an_address_is_shown() -> None:
    assert masked("ana@example.com") == "a…@e….com"
    assert masked("") == ""
