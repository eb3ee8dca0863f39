"""The store equals a dictionary, whatever is sent to it in whichever bursts, by one replica or two."""

import asyncio
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from showfloor.eventstore.log import MemoryLog
from showfloor.eventstore.store import Store
from showfloor.kernel.refusal import Refusal
from showfloor.testing.ledger import LEDGER, Account, close, deposit

STREAMS = [UUID(int=n) for n in range(4)]

commands = st.tuples(
    st.sampled_from(STREAMS),
    st.one_of(st.integers(-2, 5), st.none()),  # an amount to deposit (negative: a defect), or close
)


def expected(account: Account, amount: int | None) -> tuple[Account, str]:
    """Say what a command does to an account, and how the caller hears of it."""
    if amount is None:
        return Account(account.total, account.count, closed=True), "done"
    if account.closed:
        return account, "refused"
    if amount < 0:
        return account, "defect"
    if amount == 0:
        return account, "done"
    return Account(account.total + amount, account.count + 1), "done"


class StoreMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.loop = asyncio.new_event_loop()
        self.log = MemoryLog()
        self.model = {stream: Account() for stream in STREAMS}
        self.acknowledged: set[int] = set()
        self.stores = [self.open(), self.open()]

    def open(self) -> Store:
        return Store(self.log, [LEDGER], cache_limit=3)

    def run(self, coroutine):
        return self.loop.run_until_complete(coroutine)

    @rule(burst=st.lists(commands, min_size=1, max_size=12), replica=st.integers(0, 1))
    def burst(self, burst, replica):
        store = self.stores[replica]

        async def send():
            calls = [
                store.execute(LEDGER, stream, close, None)
                if amount is None
                else store.execute(LEDGER, stream, deposit, amount)
                for stream, amount in burst
            ]
            return await asyncio.gather(*calls, return_exceptions=True)

        for (stream, amount), answer in zip(burst, self.run(send()), strict=True):
            state, heard = expected(self.model[stream], amount)
            self.model[stream] = state
            match heard:
                case "done":
                    assert answer.state == state
                    new = {answer.position} if answer.events else set()
                    assert not new & self.acknowledged
                    self.acknowledged |= new
                case "refused":
                    assert isinstance(answer, Refusal)
                    assert answer.reason == "ACCOUNT_CLOSED"
                case "defect":
                    assert isinstance(answer, ArithmeticError)

    @rule(replica=st.integers(0, 1))
    def restart(self, replica):
        old = self.stores[replica]
        self.stores[replica] = self.open()
        self.run(old.close())

    @rule(stream=st.sampled_from(STREAMS), replica=st.integers(0, 1))
    def load(self, stream, replica):
        loaded = self.run(self.stores[replica].load(LEDGER, stream))
        assert loaded.state == self.model[stream]

    @invariant()
    def the_log_is_what_was_acknowledged(self):
        if hasattr(self, "stores"):
            log = self.run(self.stores[0].read_log(0))
            assert {recorded.position for recorded in log} == self.acknowledged

    def teardown(self):
        if hasattr(self, "stores"):
            for store in self.stores:
                self.run(store.close())
            self.loop.close()


TestStore = StoreMachine.TestCase
TestStore.settings = settings(
    max_examples=30, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
