"""Whatever two sides do in whatever order: nobody is bound without an offer and the other side's yes."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from showfloor.gateway.directory.domain.binding import Binding as State
from showfloor.gateway.directory.domain.binding import (
    BindingEnded,
    BindingOffered,
    evolve,
)
from showfloor.gateway.directory.domain.binding_rules import (
    AcceptBinding,
    EndBinding,
    OfferBinding,
    accept_binding,
    end_binding,
    offer_binding,
)
from showfloor.kernel.refusal import Refusal

ABOUT: Any = {
    "now": datetime(2026, 6, 1, tzinfo=UTC),
    "binding_id": UUID(int=1),
    "shop_id": UUID(int=2),
    "creator_id": UUID(int=3),
}
STEPS = st.tuples(st.sampled_from(["offer", "accept", "end"]), st.sampled_from(["shop", "creator"]))


def done(state: State, step: str, by: Any) -> list[Any]:
    """Return what a step does; nothing when it is refused."""
    try:
        if step == "offer":
            return list(offer_binding(state, OfferBinding(offered_by=by, **ABOUT)))
        if step == "accept":
            return list(accept_binding(state, AcceptBinding(accepted_by=by, **ABOUT)))
        return list(end_binding(state, EndBinding(**ABOUT)))
    except Refusal:
        return []


@given(st.lists(STEPS, max_size=30))
def test_both_sides_said_yes_since_the_last_end(steps: list[tuple[str, str]]) -> None:
    state, yes = State(), set[str]()
    for step, by in steps:
        for event in done(state, step, by):
            state = evolve(state, event)
            if isinstance(event, BindingEnded):
                yes.clear()
            else:
                yes.add(event.offered_by if isinstance(event, BindingOffered) else event.accepted_by)
        assert (state.status == "active") == (yes == {"shop", "creator"})
        assert len(yes) <= {"none": 0, "offered": 1, "active": 2, "ended": 0}[state.status]
