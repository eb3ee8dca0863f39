"""Write docs/requirements.md: whether the last full test run proved each requirement. Run by `make requirements`.

Reads docs/requirements.tsv (id, section, text, missing) and test-results/requirements.json, which a run of every test
writes: for each requirement the tests that name it, how each ended, and what it ran against
(`showfloor.testing.requirements`).

Failing: a test failed. Missing: no test ran (a skipped test proves nothing). Partial: `missing` in the list names what
is not there yet, or no test ran against the running system; tests of parts and on stand-ins support a proof, they are
none. Proven: at least one test passed against the running system, and nothing is named as missing.
"""

import csv
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "docs/requirements.tsv"
RECORD = ROOT / "test-results/requirements.json"
OUT = ROOT / "docs/requirements.md"
STATES = ("proven", "partial", "failing", "missing")
SHOWN = 3  # tests named in a row
UNPROVEN = {
    "parts": "proven by rules only: no test against the running system",
    "stub": "shown on a stand-in only: no test against the running system",
}

Tests = dict[str, dict[str, str]]  # by test: outcome, against


def status(tests: Tests, missing: str) -> tuple[str, str]:
    """Return the state of one requirement, and for a partial one what is missing. `missing`: what the list names."""
    ran = [test for test in tests.values() if test["outcome"] != "skipped"]
    if not ran:
        return "missing", ""
    if any(test["outcome"] != "passed" for test in ran):
        return "failing", ""
    against = {test["against"] for test in ran}
    if missing:
        return "partial", missing
    if "system" not in against:
        return "partial", UNPROVEN["parts" if "parts" in against else "stub"]
    return "proven", ""


def links(tests: Tests) -> str:
    """Return the files of the tests; those that ran against the running system come first."""
    ranks: dict[str, bool] = {}
    for name, test in tests.items():
        file = name.split("::")[0]
        ranks[file] = ranks.get(file, True) and test["against"] != "system"
    files = sorted(ranks, key=lambda file: (ranks[file], file))
    more = [f"and {len(files) - SHOWN} more"] if len(files) > SHOWN else []
    return "<br>".join([*(f"`{file}`" for file in files[:SHOWN]), *more])


def render(rows: list[dict[str, str]], record: dict[str, Tests]) -> str:
    """Return the page."""
    states = {row["id"]: status(record.get(row["id"], {}), row["missing"]) for row in rows}
    counts = {state: sum(found == state for found, _ in states.values()) for state in STATES}
    lines = [
        "# Requirements",
        "",
        "Written by `make requirements` from the markers in the tests and the outcomes of the last full `make test`.",
        "Do not edit: what is missing of a partial requirement stands in `docs/requirements.tsv`.",
        "",
        "Proven: a test against the running system passed, through its gateway or in a browser on it. Partial: a part",
        "of it is there; what is missing is named. Missing: no test shows any of it. Most of these belong to services",
        "still to come.",
        "",
        f"**{', '.join(f'{counts[state]} {state}' for state in STATES)}** of {len(rows)}.",
    ]
    section = ""
    for row in rows:
        if row["section"] != section:
            section = row["section"]
            lines += ["", f"## {section}", "", "| id | requirement | status | tests |", "|---|---|---|---|"]
        state, why = states[row["id"]]
        cells = [row["id"], row["text"], f"{state}: {why}" if why else state, links(record.get(row["id"], {}))]
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page; 1 when there is no record of a run."""
    if not RECORD.exists():
        print(f"{RECORD.relative_to(ROOT)} is missing: run `make test` first.", file=sys.stderr)  # noqa: T201
        return 1
    with LIST.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, restval=""))
    record = json.loads(RECORD.read_text())
    unknown = sorted(set(record) - {row["id"] for row in rows})
    if unknown:
        print(f"tests name requirements that do not exist: {', '.join(unknown)}", file=sys.stderr)  # noqa: T201
        return 1
    OUT.write_text(render(rows, record))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
