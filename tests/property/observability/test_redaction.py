"""Whatever the nesting and the spelling of its key, a secret is never written."""

import json

from hypothesis import given
from hypothesis import strategies as st

from showfloor.observability.logging import HIDDEN_KEYS, redact

SECRET = "s3cr3t-Ada"
plain = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
harmless = st.text("bfgjqvxyz", max_size=6)


def spelled(word: str) -> st.SearchStrategy[str]:
    cases = st.sampled_from([str.upper, str.lower, str.title, lambda w: w.replace("_", "-")])
    return st.builds(lambda case, before, after: before + case(word) + after, cases, harmless, harmless)


hidden_keys = st.sampled_from(HIDDEN_KEYS).flatmap(spelled)
secrets = st.dictionaries(hidden_keys, st.just(SECRET) | st.just([SECRET]) | st.just({"a": SECRET}), min_size=1)
nested = st.recursive(
    secrets,
    lambda inner: (
        st.lists(inner | plain, max_size=3)
        | st.tuples(inner, plain)
        | st.dictionaries(harmless, inner | plain, max_size=3)
    ),
    max_leaves=12,
)


@given(nested)
def test_no_secret_survives(value):
    assert SECRET not in json.dumps(redact(None, "info", {"event": "x", "data": value}))


@given(st.dictionaries(harmless, plain | st.lists(plain) | st.dictionaries(harmless, plain)))
def test_plain_values_pass_unchanged(values):
    assert redact(None, "info", {"data": values})["data"] == values


def test_depth_is_bounded_and_objects_show_their_type():
    deep: object = SECRET
    for _ in range(50):
        deep = {"a": deep}
    entry = redact(None, "info", {"deep": deep, "raw": SECRET.encode(), "error": ValueError(SECRET)})
    assert SECRET not in json.dumps(entry)
    assert entry["raw"] == "<bytes>" and entry["error"] == "<ValueError>"
