"""Whatever comes in, a parser answers with a value or with its own refusal, never with another exception.

Hypothesis makes a defect's input small. `make fuzz N=200000` tries very many more: see many.py.
"""

import pytest
from changes import PIECES, edited
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from inputs import Parser, run
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
