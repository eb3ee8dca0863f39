"""The walk through every page knows every route."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "tests/e2e/console"))
from visits import REDIRECTS, VISITS  # noqa: E402 - a neighbour of other tests, found only now

ROUTER = ROOT / "services/gateway/console/src/app/router.tsx"
BUYERS = {"/watch", "/watch/$sessionId"}  # a bundle of their own, whose two addresses buyers/paths.ts reads
NOWHERE = {"/no/such/page"}


def test_every_route_is_visited_and_every_visit_has_a_route() -> None:
    routes = set(re.findall(r'createRoute\(\{[^}]*?path: "([^"]+)"', ROUTER.read_text()))
    assert len(routes) == ROUTER.read_text().count("createRoute({")
    visited = {visit.route for visit in VISITS}
    assert visited - BUYERS - NOWHERE == routes - REDIRECTS


def test_no_two_visits_have_one_name() -> None:
    names = [visit.name for visit in VISITS]
    assert len(names) == len(set(names))
