"""Whatever comes in, a parser answers with a value or with its own refusal, never with another exception.

Hypothesis makes a defect's input small. `make fuzz N=200000` tries very many more: see many.py.
"""

from random import Random

import pytest
from changes import PIECES, edited
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from inputs import Parser, run
from many import DOCS, document
from parsers import all_parsers

INPUTS = 60

edits = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 4), st.sampled_from(PIECES) | st.binary(max_size=3)),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize("parser", all_parsers(), ids=lambda parser: parser.name)
def test_any_input_is_read_or_refused(parser: Parser) -> None:
    @settings(
        max_examples=INPUTS,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        edits.map(lambda changes: edited(parser.seed, changes))
        | st.binary(max_size=200)
        | st.randoms(use_true_random=True).map(lambda rng: parser.change(rng, parser.seed))
    )
    def tried(data: bytes) -> None:
        run(parser, data)

    tried()


@pytest.mark.parametrize("parser", all_parsers(), ids=lambda parser: parser.name)
def test_the_good_example_is_good(parser: Parser) -> None:
    assert run(parser, parser.seed)


@pytest.mark.parametrize("parser", all_parsers(), ids=lambda parser: parser.name)
def test_changed_inputs_are_read_and_not_refused_at_once(parser: Parser) -> None:
    """Else nothing behind the first look is tried: as when a form has changed, and its changes here have not."""
    rng = Random(1)
    assert any(run(parser, parser.change(rng, parser.seed)) for _ in range(40))


def test_the_counts_of_a_run_go_into_the_page() -> None:
    page = document(DOCS.read_text(), 3, ["| path | 3 | 2 | 1 | 9 | 0.1 |\n"])
    head = "1 parsers, 3 inputs each, without a defect left:\n\n| parser | read | refused |\n|---|---|---|\n"
    assert f"{head}| path | 2 | 1 |\n\n" in page and len(page) < len(DOCS.read_text())
