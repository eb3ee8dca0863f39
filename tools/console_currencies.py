"""Write the console's table of currencies from the kernel's; `--check` compares instead."""

from written import write_or_check

from showfloor.kernel.currencies import EXPONENTS

HEAD = """// Written by `make console-currencies` from showfloor.kernel.currencies. Do not edit.

/** Decimals of the currencies that do not have two, by ISO 4217. A browser's own differ in 17 currencies. */
"""


def module() -> str:
    """Return the module."""
    odd = {code: digits for code, digits in sorted(EXPONENTS.items()) if digits != 2}
    rows = "".join(f"  {code}: {digits},\n" for code, digits in odd.items())
    return f"{HEAD}export const EXPONENTS: Readonly<Record<string, number>> = {{\n{rows}}};\n"


if __name__ == "__main__":
    raise SystemExit(
        write_or_check("services/gateway/console/src/lib/currencies.ts", module(), "make console-currencies")
    )
