"""The signs that may stand beside an amount. The column's header says the currency; a sign may only agree with it."""

_SIGNS = {
    "€": "EUR", "£": "GBP", "₫": "VND", "đ": "VND", "₩": "KRW", "₹": "INR", "฿": "THB", "₱": "PHP", "rp": "IDR",
    "rm": "MYR", "zł": "PLN", "₺": "TRY", "₽": "RUB", "₴": "UAH", "₪": "ILS", "₦": "NGN", "r$": "BRL", "kč": "CZK",
    "ft": "HUF", "lei": "RON", "us$": "USD", "a$": "AUD", "c$": "CAD", "s$": "SGD", "hk$": "HKD", "nz$": "NZD",
    "nt$": "TWD", "元": "CNY", "円": "JPY", "د.ك": "KWD", "﷼": "SAR",
}  # fmt: skip
_SHARED = {
    "$": {"USD", "AUD", "CAD", "SGD", "HKD", "NZD", "TWD", "MXN", "ARS", "CLP", "COP"},
    "¥": {"JPY", "CNY"},
    "￥": {"JPY", "CNY"},
    "kr": {"SEK", "NOK", "DKK", "ISK"},
}


def names(sign: str, currency: str) -> bool:
    """Return whether a sign or a code beside an amount can mean this currency."""
    key = sign.casefold().strip(" .\u00a0")
    return key == currency.casefold() or _SIGNS.get(key) == currency or currency in _SHARED.get(key, ())
