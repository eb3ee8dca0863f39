"""Try very many inputs of every parser: good ones changed, and noise. `make fuzz N=200000` runs it.

Prints one row a parser, and the first input that is a defect. The seed is fixed: a run can be repeated, but for tokens,
whose keys are new each time. With `--docs` the counts of a run without defect go into docs/security.md.
"""

import logging
import re
import sys
import time
import traceback
from multiprocessing import Pool
from pathlib import Path
from random import Random

import structlog
from inputs import made, run
from parsers import all_parsers

SEED = 20_260_101
PROCESSES = 2
SHOWN = 1_000  # bytes
DOCS = Path(__file__).parents[2] / "docs" / "security.md"
TABLE = re.compile(r"^\d+ parsers, [\d,]+ inputs each.*?\n\n(\|.*\n)+", re.MULTILINE)


def tried(asked: tuple[str, int]) -> tuple[bool, str]:
    """Try so many inputs of one parser; return whether there is no defect, and what to print."""
    logging.disable()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    name, inputs = asked
    parser = next(one for one in all_parsers() if one.name == name)
    rng, taken, longest, started = Random(SEED), 0, 0.0, time.perf_counter()
    for number in range(inputs):
        data, began = made(rng, parser), time.perf_counter()
        try:
            taken += run(parser, data)
        except Exception:
            what = f"defect at input {number} of seed {SEED}: {data[:SHOWN]!r}"
            return False, f"{traceback.format_exc(-3)}{name}: {what}\n"
        longest = max(longest, time.perf_counter() - began)
    each = (time.perf_counter() - started) / inputs * 1e6
    counts = f"{inputs:,} | {taken:,} | {inputs - taken:,} | {each:.0f} | {longest * 1e3:.1f}"
    return True, f"| {name} | {counts} |\n"


def main(inputs: int, *only: str, docs: bool = False) -> int:
    """Try `inputs` of each, or of those named; return how many parsers have a defect."""
    asked = [(one.name, inputs) for one in all_parsers() if not only or one.name in only]
    sys.stdout.write("| parser | inputs | read | refused | µs each | ms longest |\n|---|---|---|---|---|---|\n")
    defects, rows = 0, []
    with Pool(PROCESSES) as pool:
        for good, text in pool.imap(tried, asked, chunksize=1):
            defects += not good
            rows.append(text)
            sys.stdout.write(text)
            sys.stdout.flush()
    if docs and not (defects or only):
        DOCS.write_text(document(DOCS.read_text(), inputs, rows))
    return defects


def document(text: str, inputs: int, rows: list[str]) -> str:
    """Return the page with the counts of a run in place of those of an earlier one."""
    cells = [row.strip("| \n").split(" | ") for row in rows]  # name, inputs, read, refused, ...
    counts = [f"| {name} | {read} | {refused} |" for name, _, read, refused, *_ in cells]
    head = f"{len(rows)} parsers, {inputs:,} inputs each, without a defect left:"
    table = "\n".join([head, "", "| parser | read | refused |", "|---|---|---|", *counts, ""])
    page, found = TABLE.subn(lambda _: table, text)
    assert found == 1, "the page has no table of this run"
    return page


if __name__ == "__main__":
    words = [word for word in sys.argv[2:] if word != "--docs"]
    raise SystemExit(main(int(sys.argv[1]), *words, docs="--docs" in sys.argv))
