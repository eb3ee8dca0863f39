"""A small domain for tests and benchmarks of the engine: accounts that take amounts until they are closed.

Beside them lists of words, another kind of stream.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from showfloor.eventstore.statements import Append, Statement
from showfloor.eventstore.view import View
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Recorded
from showfloor.kernel.refusal import Refusal, RefusalKind

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Deposited(Event, frozen=True, kw_only=True):
    """An amount came in."""

    TOPIC = "ledger.deposited"
    VERSION = 2

    amount: int
    note: str = ""

    @staticmethod
    def upcast_v1_v2(data: dict[str, object]) -> dict[str, object]:
        """Version 1 called the amount `value`."""
        return {**data, "amount": data.pop("value")}


class Closed(Event, frozen=True, kw_only=True):
    """Nothing comes in any more."""

    TOPIC = "ledger.closed"


class Account(msgspec.Struct, frozen=True):
    """The sum of an account, how many amounts made it, and whether it is closed."""

    total: int = 0
    count: int = 0
    closed: bool = False


def evolve(state: Account, event: Event) -> Account:
    """Add amounts up."""
    match event:
        case Deposited(amount=amount):
            return Account(state.total + amount, state.count + 1, state.closed)
        case Closed():
            return Account(state.total, state.count, True)
        case _:
            return state


LEDGER = Decider("ledger", Account, Account, evolve, (Deposited, Closed))


def deposit(state: Account, amount: int) -> list[Event]:
    """Take an amount; 0 changes nothing, a negative one is a defect of the caller."""
    if state.closed:
        raise Refusal(RefusalKind.WRONG_STATE, "ACCOUNT_CLOSED", "the account is closed")
    if amount < 0:
        raise ArithmeticError(f"negative amount {amount}")
    return [Deposited(at=AT, amount=amount)] if amount else []


def close(state: Account, _facts: None) -> list[Event]:
    """Close the account; closed already changes nothing."""
    return [] if state.closed else [Closed(at=AT)]


class WordAdded(Event, frozen=True, kw_only=True):
    """A word was added to a list."""

    TOPIC = "words.added"

    word: str


class Words(msgspec.Struct, frozen=True):
    """A list of words."""

    words: tuple[str, ...] = ()


def _evolve_words(state: Words, event: Event) -> Words:
    assert isinstance(event, WordAdded), "a list of words never meets the events of an account"
    return Words((*state.words, event.word))


WORDS = Decider("words", Words, Words, _evolve_words, (WordAdded,))


def add_word(state: Words, word: str) -> list[Event]:
    """Add a word, once: a list begins with its first."""
    return [] if word in state.words else [WordAdded(at=AT, word=word)]


def add_to_list(state: Words, word: str) -> list[Event]:
    """Add a word to a list that is there."""
    if not state.words:
        raise Refusal(RefusalKind.NOT_FOUND, "NO_SUCH_LIST", "there is no such list")
    return add_word(state, word)


def look(_state: Words | Account, _facts: None) -> list[Event]:
    """Change nothing."""
    return []


def _evolve_balances(page: Sequence[Recorded]) -> Iterable[Statement]:
    sums: dict[object, tuple[int, int]] = {}
    for recorded in page:
        if isinstance(recorded.event, Deposited):
            total, count = sums.get(recorded.stream, (0, 0))
            sums[recorded.stream] = (total + recorded.event.amount, count + 1)
    if sums:
        yield Statement(
            "INSERT INTO balance SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[])"
            " ON CONFLICT (account) DO UPDATE SET total = balance.total + EXCLUDED.total,"
            " count = balance.count + EXCLUDED.count",
            columns=(list(sums), [s[0] for s in sums.values()], [s[1] for s in sums.values()]),
        )


BALANCES = View(
    "balances",
    "CREATE TABLE balance (account uuid PRIMARY KEY, total bigint NOT NULL, count bigint NOT NULL)",
    (Deposited,),
    _evolve_balances,
)


def _evolve_journal(page: Sequence[Recorded]) -> Iterable[Append]:
    lines = [(r.position, r.stream, r.version, getattr(r.event, "amount", None)) for r in page]
    yield Append("journal", ("bigint", "uuid", "bigint", "bigint"), lines)


JOURNAL = View(
    "journal",
    "CREATE TABLE journal (position bigint PRIMARY KEY, account uuid NOT NULL, nr bigint NOT NULL, amount bigint)",
    (Deposited, Closed),
    _evolve_journal,
)
