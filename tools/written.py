"""Files written from the code: the tools write them, or with `--check` say whether the committed ones are fresh."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def write_or_check(name: str, text: str, command: str) -> int:
    """Write `text` to a file of the repository; with `--check` compare instead. Returns the exit code."""
    file = ROOT / name
    if "--check" not in sys.argv[1:]:
        file.write_text(text)
        return 0
    if file.exists() and file.read_text() == text:
        return 0
    sys.stderr.write(f"{name} is stale: run `{command}` and commit.\n")
    return 1
