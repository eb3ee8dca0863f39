"""The page docs/refusals.md, made from the error enums in protos/. Part of `make generate`."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VALUE = re.compile(r"(?P<comment>(?:^  // .*\n)+)^  (?P<name>[A-Z_]+) = (?P<number>\d+);", re.MULTILINE)
HEAD = """# Refusals

Written by `make generate` from the error enums in `protos/`. Do not edit.

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
