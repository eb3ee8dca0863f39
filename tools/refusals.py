"""Write docs/refusals.md from the error enums in protos/; `--check` compares instead."""

import re
from pathlib import Path

from written import ROOT, write_or_check

VALUE = re.compile(r"(?P<comment>(?:^  // .*\n)+)^  (?P<name>[A-Z_]+) = (?P<number>\d+);", re.MULTILINE)
HEAD = """# Refusals

Written by `make refusals` from the error enums in `protos/`. Do not edit.

A refusal changes nothing. Over gRPC it is a `google.rpc.Status` with an `ErrorInfo` whose `reason` is the code below;
over REST an `application/problem+json` with the same `code`, the `request_id` to quote, and the metadata.
"""


def table(path: Path) -> str:
    """Return the codes of one enum as a Markdown table."""
    text = path.read_text()
    service = path.parent.parent.name
    prefix = f"{service.upper()}_ERROR_REASON_"
    rows = []
    for match in VALUE.finditer(text):
        meaning = " ".join(re.sub(r"^  // ", "", match["comment"], flags=re.MULTILINE).split())
        if int(match["number"]):
            rows.append(f"| `{match['name'].removeprefix(prefix)}` | {meaning} |")
    return "\n".join([f"\n## {service}\n", "| code | meaning |", "|---|---|", *rows]) + "\n"


def page() -> str:
    """Return the page."""
    return HEAD + "".join(table(path) for path in sorted((ROOT / "protos").rglob("*_errors.proto")))


if __name__ == "__main__":
    raise SystemExit(write_or_check("docs/refusals.md", page(), "make refusals"))
