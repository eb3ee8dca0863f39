"""The store equals a dictionary, whatever is sent to it in whichever bursts, by one replica or two.

Much of what is sent takes a stream for one of another kind.
"""

import asyncio
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from showfloor.eventstore.store import Store
from showfloor.kernel.decider import Decider
from showfloor.kernel.refusal import Refusal
from showfloor.testing.ledger import LEDGER, WORDS, Account, Words, add_word, close, deposit
from showfloor.testing.memory_log import MemoryLog

STREAMS = [UUID(int=n) for n in range(4)]
KINDS = (LEDGER, WORDS)

commands = st.tuples(
    st.sampled_from(STREAMS),
    # An amount to deposit (negative: a defect), a word to add, or close.
    st.one_of(st.integers(-2, 5), st.sampled_from(["lamp", "sofa"]), st.none()),
    st.booleans(),  # taken to be new
)

Model = tuple[Decider[Any], Account | Words]  # the kind of a stream that is there, and its state


def decider_of(asked: int | str | None) -> Decider[Any]:
    return WORDS if isinstance(asked, str) else LEDGER


def expected(model: Model | None, asked: int | str | None) -> tuple[Model | None, Account | Words, str]:
    """Say what a command does to a stream, what its caller sees of it, and how the caller hears of it."""
    kind = decider_of(asked)
    other = model is not None and model[0] is not kind
    state = kind.initial() if model is None or other else model[1]
    if isinstance(state, Words):
        after: Account | Words = state if asked in state.words else Words((*state.words, str(asked)))
    elif asked is None:
        after = Account(state.total, state.count, closed=True)
    elif state.closed:
        return model, state, "ACCOUNT_CLOSED"
    elif asked < 0:
        return model, state, "defect"
    else:
        after = Account(state.total + asked, state.count + 1) if asked else state
    if after == state:
        return model, state, "done"
    if other:
        return model, state, "REQUEST_ID_REUSED"
    return (kind, after), after, "done"


class StoreMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.loop = asyncio.new_event_loop()
        self.log = MemoryLog()
        self.model: dict[UUID, Model | None] = dict.fromkeys(STREAMS)
        self.acknowledged: set[int] = set()
        self.stores = [self.open(), self.open()]

    def open(self) -> Store:
        return Store(self.log, KINDS, cache_limit=3)

    def run(self, coroutine):
        return self.loop.run_until_complete(coroutine)

    @rule(burst=st.lists(commands, min_size=1, max_size=12), replica=st.integers(0, 1))
    def burst(self, burst, replica):
        store = self.stores[replica]

        def call(stream, asked, new):
            rule_of = add_word if isinstance(asked, str) else close if asked is None else deposit
            return store.execute(decider_of(asked), stream, rule_of, asked, new=new)

        async def send():
            return await asyncio.gather(*(call(*one) for one in burst), return_exceptions=True)

        for (stream, asked, _), answer in zip(burst, self.run(send()), strict=True):
            self.model[stream], seen, heard = expected(self.model[stream], asked)
            match heard:
                case "done":
                    assert answer.state == seen
                    new = {answer.position} if answer.events else set()
                    assert not new & self.acknowledged
                    self.acknowledged |= new
                case "defect":
                    assert isinstance(answer, ArithmeticError)
                case reason:
                    assert isinstance(answer, Refusal)
                    assert answer.reason == reason

    @rule(replica=st.integers(0, 1))
    def restart(self, replica):
        old = self.stores[replica]
        self.stores[replica] = self.open()
        self.run(old.close())

    @rule(stream=st.sampled_from(STREAMS), kind=st.sampled_from(KINDS), replica=st.integers(0, 1))
    def load(self, stream, kind, replica):
        loaded = self.run(self.stores[replica].load(kind, stream))
        model = self.model[stream]
        there = model is not None and model[0] is kind
        assert loaded.state == (model[1] if there else kind.initial())
        assert (loaded.version > 0, loaded.position > 0) == (there, there)

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
