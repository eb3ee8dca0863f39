"""One table of what a search finds. The lists of sessions, catalogue and bag are asked the same in
`tests/integration/session_views/test_searches.py`."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from showfloor.kernel.fold import fold

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("searches.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_search_finds_what_the_table_says(case: dict[str, Any]) -> None:
    for form in ("NFC", "NFD", "NFKC"):
        kept = unicodedata.normalize(form, case["kept"])  # type: ignore[arg-type]
        assert (fold(case["asked"]) in fold(kept)) is case["found"], (fold(case["asked"]), fold(kept))
