"""Write docs/requirements.md: for each requirement whether the last test run proved it. Run by `make requirements`.

Reads docs/requirements.tsv (id, section, text) and test-results/requirements.json, which the tests write from their
`@pytest.mark.requirement(...)` markers. Proven: at least one test, and every test passed. Failing: a test failed.
Missing: no test ran (a skipped test proves nothing).
"""

import csv
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "docs/requirements.tsv"
RECORD = ROOT / "test-results/requirements.json"
OUT = ROOT / "docs/requirements.md"


def status(outcomes: dict[str, str]) -> str:
    """Return "proven", "failing" or "missing" for one requirement's test outcomes."""
    ran = [outcome for outcome in outcomes.values() if outcome != "skipped"]
    if not ran:
        return "missing"
    return "proven" if all(outcome == "passed" for outcome in ran) else "failing"


def render(rows: list[dict[str, str]], record: dict[str, dict[str, str]]) -> str:
    """Return the page."""
    states = {row["id"]: status(record.get(row["id"], {})) for row in rows}
    counts = {state: list(states.values()).count(state) for state in ("proven", "failing", "missing")}
    lines = [
        "# Requirements",
        "",
        "Written by `make requirements` from the markers in the tests and the outcomes of the last run of `make test`.",
        "Do not edit. Missing means that no test proves it yet: most of these belong to services still to come.",
        "",
        f"**{counts['proven']} proven, {counts['failing']} failing, {counts['missing']} missing** of {len(rows)}.",
    ]
    section = ""
    for row in rows:
        if row["section"] != section:
            section = row["section"]
            lines += ["", f"## {section}", "", "| id | requirement | status | tests |", "|---|---|---|---|"]
        tests = sorted({name.split("::")[0] for name in record.get(row["id"], {})})
        more = [f"and {len(tests) - 3} more"] if len(tests) > 3 else []
        links = "<br>".join([*(f"`{name}`" for name in tests[:3]), *more])
        lines.append(f"| {row['id']} | {row['text'].replace('|', chr(92) + '|')} | {states[row['id']]} | {links} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page; 1 when there is no record of a run."""
    if not RECORD.exists():
        print(f"{RECORD.relative_to(ROOT)} is missing: run `make test` first.", file=sys.stderr)  # noqa: T201
        return 1
    with LIST.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    known = {row["id"] for row in rows}
    record = json.loads(RECORD.read_text())
    unknown = sorted(set(record) - known)
    if unknown:
        print(f"tests name requirements that do not exist: {', '.join(unknown)}", file=sys.stderr)  # noqa: T201
        return 1
    OUT.write_text(render(rows, record))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
