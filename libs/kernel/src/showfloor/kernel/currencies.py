"""The currencies that a shop can keep its books in, and how many decimals each has.

Source: ISO 4217, list one (active codes), as of 2026-01. The exponent is the standard's, not what shops or browsers
show: browsers leave out the decimals of IDR, HUF and 15 more.
"""

from decimal import Decimal
from types import MappingProxyType

_TWO = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK
DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD
KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP
PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH
USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG
"""
_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"

EXPONENTS = MappingProxyType(
    {code: digits for digits, codes in ((2, _TWO), (0, _NONE), (3, _THREE)) for code in codes.split()}
)
"""Currency code -> number of decimals: an amount of the currency is `minor / 10 ** exponent`."""


def to_amount(minor: int, currency: str) -> Decimal:
    """Return minor units as an amount with all the decimals of its currency: 1500 JPY is 1500, 1500 KWD is 1.500."""
    return Decimal(minor).scaleb(-EXPONENTS[currency])
