"""What the protos and their comments say about public events is what the services publish."""

import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from showfloor.messaging.public import subject_of
from showfloor.messaging.unpublished import TYPE as STAND_IN
from showfloor.service.publishing import Contract

ROOT = Path(__file__).parents[3]
SUBJECT = re.compile(r"Subject on NATS: ([^;,\s]+)")
TYPE = re.compile(r"\bshowfloor\.(?:\w+\.)*[A-Z]\w*")


@pytest.fixture(scope="module")
def tool() -> Any:
    sys.path.insert(0, str(ROOT / "tools"))
    yield runpy.run_path(str(ROOT / "tools/asyncapi.py"))
    sys.path.remove(str(ROOT / "tools"))


@pytest.fixture(scope="module")
def contracts(tool: Any) -> list[Contract]:
    return tool["contracts"]()  # type: ignore[no-any-return]


def comments(text: str) -> Iterator[str]:
    """Yield each comment of a file, its lines joined."""
    for found in re.finditer(r"(?:^[ \t]*//.*\n?)+", text, re.MULTILINE):
        yield " ".join(found.group().replace("//", " ").split())


def wrong_names(text: str, subjects: set[str], types: set[str]) -> list[str]:
    """Return the subjects and types that comments name and nobody publishes."""
    said = " ".join(comments(text))
    return [name for name in SUBJECT.findall(said) if name not in subjects] + [
        name for name in TYPE.findall(said) if name not in types
    ]


def declared(contracts: list[Contract]) -> tuple[set[str], set[str]]:
    subjects = {subject_of(contract.service) for contract in contracts}
    return subjects, {m.DESCRIPTOR.full_name for contract in contracts for m in contract.messages} | {STAND_IN}


def test_the_comments_of_the_protos_name_what_is_published(contracts: list[Contract]) -> None:
    subjects, types = declared(contracts)
    files = sorted((ROOT / "protos").rglob("*.proto"))
    assert {str(file): wrong for file in files if (wrong := wrong_names(file.read_text(), subjects, types))} == {}
    said = " ".join(" ".join(comments(file.read_text())) for file in files)
    assert set(SUBJECT.findall(said)) == subjects, "each service's events name their subject"
    assert TYPE.findall(said), "a comment gives an example of a type"


@pytest.mark.parametrize(
    "text",
    ["// Subject on NATS: showfloor.session.<shard>; more.", "message A {\n  // Such as\n  // showfloor.x.v1.Paid.\n}"],
)
def test_a_wrong_name_in_a_comment_is_found(contracts: list[Contract], text: str) -> None:
    assert wrong_names(text, *declared(contracts))


def test_every_message_in_a_file_of_events_is_published(contracts: list[Contract]) -> None:
    files = {str(file.relative_to(ROOT / "protos")) for file in (ROOT / "protos").rglob("*_events.proto")}
    published = {message.DESCRIPTOR for contract in contracts for message in contract.messages}
    assert {descriptor.file.name for descriptor in published} == files
    for descriptor in published:
        assert set(descriptor.file.message_types_by_name.values()) <= published


def test_each_contract_has_its_channel(tool: Any, contracts: list[Contract]) -> None:
    document = tool["catalogue"]()
    assert {channel["address"] for channel in document["channels"].values()} == declared(contracts)[0]
    assert {message["name"] for message in document["components"]["messages"].values()} == declared(contracts)[1]


def test_each_service_has_a_test_that_receives_its_events(contracts: list[Contract]) -> None:
    for contract in contracts:
        test = ROOT / f"tests/integration/{contract.service}/test_public_events.py"
        assert f'"{contract.service}"' in test.read_text(), test
