"""`make bench`: what is wrong fails the run and leaves its old figures alone; what was not measured again stays."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))  # `bench` is a folder of programs, not an installed package

from bench import __main__ as bench  # noqa: E402
from bench import page  # noqa: E402
from bench.harness import Result, Target, compare, rounds  # noqa: E402

FINE = """
from bench.harness import Result
def main(quick):
    return [Result("fine again", "things/s", 2.0)]
"""
WRONG = """
def main(quick):
    raise RuntimeError("counted twice")
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    programs = tmp_path / "bench"  # joins the namespace of the real folder
    programs.mkdir()
    (programs / "fine.py").write_text(FINE)
    (programs / "wrong.py").write_text(WRONG)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    monkeypatch.setattr(bench, "WORKLOADS", {name: name.title() for name in ("wrong", "fine", "other")})
    for name, path in (("RESULTS", "RESULTS.md"), ("FIGURES", "results"), ("FINDINGS", "findings")):
        monkeypatch.setattr(page, name, tmp_path / path)
    (tmp_path / "findings").mkdir()
    (tmp_path / "findings" / "other.md").write_text("Words by hand.\n")
    for name in ("wrong", "other"):
        page.keep(name, page.Measured("2020-01-01", "a machine", 1.0, [Result(f"{name} before", "ms", 1.0)]))
    return tmp_path


def test_a_wrong_workload_fails_the_run_but_not_the_others(place: Path) -> None:
    assert bench.main(["fine", "wrong"]) == 1
    written = (place / "RESULTS.md").read_text()
    assert "fine again" in written
    assert "wrong before" in written
    assert "other before" in written
    assert "Words by hand." in written


def test_a_quick_run_writes_nothing(place: Path) -> None:
    assert bench.main(["--quick", "fine"]) == 0
    assert not (place / "RESULTS.md").exists()


def test_an_unknown_workload_is_refused(place: Path) -> None:
    assert bench.main(["nonsense"]) == 2


def test_sides_take_turns_and_the_ratio_is_the_median() -> None:
    order: list[str] = []
    figures = {"ours": iter([30.0, 10.0, 40.0]), "peer": iter([10.0, 10.0, 20.0])}

    def side(name: str) -> float:
        order.append(name)
        return next(figures[name])

    found = rounds({"ours": lambda: side("ours"), "peer": lambda: side("peer")}, 3)
    assert order == ["ours", "peer", "peer", "ours", "ours", "peer"]
    result = compare("x", "things/s", found["ours"], found["peer"])
    assert (result.ours, result.peer, result.ratio, result.low, result.high) == (30.0, 10.0, 2.0, 1.0, 3.0)


@pytest.mark.parametrize(
    ("target", "ours", "ratio", "reached"),
    [
        (Target(ratio_min=15), 1.0, 15.0, True),
        (Target(ratio_min=15), 1.0, 14.9, False),
        (Target(ratio_max=3, ours_max=60), 59.0, 3.0, True),
        (Target(ratio_max=3, ours_max=60), 61.0, 3.0, False),
        (Target(ratio_max=3, ours_max=60), 59.0, 3.1, False),
        (Target(ratio_min=15), 1.0, None, None),
        (Target(ours_min=10), 11.0, None, True),
    ],
)
def test_every_bound_of_a_target_must_hold(
    target: Target, ours: float, ratio: float | None, reached: bool | None
) -> None:
    assert target.reached(ours, ratio) is reached
