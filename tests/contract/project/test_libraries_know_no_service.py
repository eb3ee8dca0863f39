"""The command line lists the services; no library knows one by its name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from showfloor.cli.services import services

LIBS = Path(__file__).parents[3] / "libs"
# Where "session" is a LIVE, not a service: the words of rights, of metrics, of tables and of fixtures.
OF_THE_FIELD = {"access", "contracts", "metrics", "tabular", "testing"}


def texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("service", services(), ids=lambda service: service.name)
def test_no_library_names_a_service(service) -> None:
    known = [
        f"{path.relative_to(LIBS)}: {text!r}"
        for path in LIBS.rglob("src/**/*.py")
        if path.relative_to(LIBS).parts[0] not in OF_THE_FIELD
        for text in texts(path)
        if text == service.name or re.search(rf"\b{re.escape(service.module)}\b", text)
    ]
    assert known == []


def test_the_test_finds_a_name(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text('KNOWN = ("session", "showfloor.session")\n')
    assert list(texts(tmp_path / "module.py")) == ["session", "showfloor.session"]
