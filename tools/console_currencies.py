"""The console's table of currencies, made from the kernel's. Part of `make generate`."""

from showfloor.kernel.currencies import EXPONENTS

HEAD = """// Written by `make generate` from showfloor.kernel.currencies. Do not edit.

/** Decimals of the currencies that do not have two, by ISO 4217. A browser's own differ in 17 currencies. */
"""


def module() -> str:
    """Return the module."""
    odd = {code: digits for code, digits in sorted(EXPONENTS.items()) if digits != 2}
    rows = "".join(f"  {code}: {digits},\n" for code, digits in odd.items())
    return f"{HEAD}export const EXPONENTS: Readonly<Record<string, number>> = {{\n{rows}}};\n"
