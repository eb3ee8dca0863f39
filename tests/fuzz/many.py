"""Try very many inputs of every parser: good ones with places overwritten, and noise. `make fuzz N=200000` runs it.

Prints one row a parser, and the first input that is a defect. The seed is fixed: a run can be repeated.
"""

import random
import sys
import time
import traceback

from parsers import PIECES, Parser, all_parsers, edited, run

SEED = 20_260_101
NOISE = 0.1  # the share of inputs that have nothing of a good one


def made(rng: random.Random, parser: Parser) -> bytes:
    """Return one input."""
    if rng.random() < NOISE:
        return rng.randbytes(rng.randrange(200))
    changes = []
    for _ in range(rng.randrange(1, 5)):
        piece = rng.choice(PIECES) if rng.random() < 0.4 else rng.randbytes(rng.randrange(4))
        changes.append((rng.randrange(len(parser.seed) + 1), rng.randrange(5), piece))
    return edited(parser.seed, changes)


def main(inputs: int, only: str = "") -> int:
    """Try `inputs` of each, or of the one named; return how many parsers have a defect."""
    defects = 0
    sys.stdout.write("| parser | inputs | read | refused | µs each |\n|---|---|---|---|---|\n")
    for parser in (one for one in all_parsers() if only in ("", one.name)):
        rng, taken, started = random.Random(SEED), 0, time.perf_counter()
        for number in range(inputs):
            data = made(rng, parser)
            try:
                taken += run(parser, data)
            except Exception:
                traceback.print_exc()
                sys.stdout.write(f"{parser.name}: defect at input {number}: {data!r}\n")
                defects += 1
                break
        else:
            each = (time.perf_counter() - started) / inputs * 1e6
            sys.stdout.write(f"| {parser.name} | {inputs:,} | {taken:,} | {inputs - taken:,} | {each:.0f} |\n")
        sys.stdout.flush()
    return defects


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), *sys.argv[2:]))
