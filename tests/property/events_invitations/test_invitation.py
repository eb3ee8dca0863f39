"""An invitation, whatever happens in whatever order: no mail twice, none to who does not want it, none lost."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from showfloor.events.invitations.domain import invitation_rules as rules
from showfloor.events.invitations.domain.invitation import INVITATION, Invitation, Mail, MailSettled
from showfloor.kernel.event import Event
from showfloor.kernel.refusal import Refusal

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
WEEK, DAY = timedelta(days=7), timedelta(days=1)


class Invitations(RuleBasedStateMachine):
    """One invitation, and a log of it."""

    def __init__(self) -> None:
        super().__init__()
        self.state: Invitation = INVITATION.initial()
        self.now, self.sequence = T0, 0
        self.asked_at: datetime | None = None
        self.sent: list[tuple[str, int]] = []
        self.owed: set[tuple[str, int]] = set()

    def _apply(self, events: list[Event]) -> list[Event]:
        for event in events:
            self.state = INVITATION.evolve(self.state, event)
            left = getattr(event, "left", None)
            assert left is None or left == len(self.state.due)  # what the table of the outbox is made of
            if isinstance(event, MailSettled):
                assert (event.kind, event.number) not in self.sent
                self.sent.append((event.kind, event.number))
        return events

    @rule(email=st.sampled_from(["ana@example.com", "Ana@example.com"]))
    def ask(self, email: str) -> None:
        before = self.state
        command = rules.RequestInvitation(
            invitation_id=UUID(int=1), event_id=UUID(int=2), account_id=UUID(int=3), contact="c", email=email,
            now=self.now, confirm_within=WEEK, asking_within=DAY,
        )  # fmt: skip
        new = self._apply(rules.request_invitation(before, command))
        known = before.status == "confirmed" or (
            before.status == "asked" and before.good_until is not None and self.now < before.good_until
        )
        lately = self.asked_at is not None and self.now < self.asked_at + DAY  # whatever they said to it
        assert bool(new) is not (known or lately)
        self.asked_at = self.now if new else self.asked_at
        assert self._apply(rules.request_invitation(self.state, command)) == []

    @rule(back=st.integers(0, 2), still=st.sampled_from([True, True, False]))
    def confirm(self, back: int, still: bool) -> None:
        before = self.state
        command = rules.ConfirmInvitation(round=self.state.round - back, now=self.now, open=still)
        try:
            new = self._apply(rules.confirm_invitation(before, command))
        except Refusal as refusal:
            closed = not still and back == 0 and before.status != "none"
            assert refusal.reason == ("REGISTRATION_CLOSED" if closed else "LINK_NOT_FOUND")
            assert self.state == before
            return
        assert still and back == 0 and self.state.status == "confirmed"
        assert bool(new) is (before.status == "asked")
        assert self._apply(rules.confirm_invitation(self.state, command)) == []

    @rule()
    def decline(self) -> None:
        try:
            self._apply(rules.decline_invitation(self.state, rules.DeclineInvitation(now=self.now)))
        except Refusal:
            assert self.state.status == "none"
            return
        assert (self.state.status, self.state.due) == ("unsubscribed", ())

    @rule(kind=st.sampled_from(["moved", "starting"]), again=st.booleans())
    def tell(self, kind: str, again: bool) -> None:
        self.sequence += not again
        command = rules.QueueNotice(kind=kind, number=self.sequence, now=self.now)  # type: ignore[arg-type]
        new = self._apply(rules.queue_notice(self.state, command))
        assert not new or self.state.status == "confirmed"
        assert self._apply(rules.queue_notice(self.state, command)) == []
        if self.state.status == "confirmed":
            told = self.state.told >= self.sequence
            assert Mail(kind, self.sequence) in (*self.state.due, *self.state.noticed) or (kind == "moved" and told)  # type: ignore[arg-type]

    @rule(which=st.integers(0, 3), outcome=st.sampled_from(["sent", "sent", "refused", "dropped"]))
    def settle(self, which: int, outcome: str) -> None:
        if not self.state.due:
            return
        mail = self.state.due[which % len(self.state.due)]
        command = rules.SettleMail(
            kind=mail.kind, number=mail.number, sequence=self.sequence, outcome=outcome, now=self.now,  # type: ignore[arg-type]
        )  # fmt: skip
        assert len(self._apply(rules.settle_mail(self.state, command))) == 1
        assert self._apply(rules.settle_mail(self.state, command)) == []  # a process that died sends no second one

    @rule(hours=st.integers(1, 200))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def nobody_is_told_without_having_asked(self) -> None:
        kinds = {mail.kind for mail in self.state.due}
        if self.state.status == "asked":
            assert kinds <= {"confirm"}
        elif self.state.status != "confirmed":
            assert not kinds
        else:
            assert "confirm" not in kinds
        assert len(kinds) == len(self.state.due)


Invitations.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestInvitations = pytest.mark.requirement("R103")(Invitations.TestCase)
