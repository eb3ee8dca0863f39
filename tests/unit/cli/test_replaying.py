"""What a replay says when it cannot go on."""

from typing import Any, cast

import pytest

from showfloor.cli.api import Api, ApiRefusal
from showfloor.cli.recordings import Header
from showfloor.cli.replaying import Player
from showfloor.platform.startup_error import StartupError

REFUSED = ExceptionGroup("", [ApiRefusal("POST", "/sessions/1/signals", 400, {"code": "OUTSIDE_SESSION"})])


class Showing:
    """An API that shows one session."""

    def __init__(self, state: str) -> None:
        self.state = state

    async def get(self, path: str) -> dict[str, Any]:
        return {"session": {"state": self.state}}


def player(state: str) -> Player:
    return Player(cast(Api, Showing(state)), cast(Header, None), 1.0, run="r")


async def test_a_replay_that_another_one_ended_says_so() -> None:
    with pytest.raises(StartupError, match="a newer replay"):
        await player("ended").explain(REFUSED)


async def test_any_other_refusal_is_told_as_it_is() -> None:
    with pytest.raises(ExceptionGroup) as caught:
        await player("live").explain(REFUSED)
    assert caught.value is REFUSED


class Refusing(Showing):
    """An API that ends nothing."""

    async def post(self, path: str, _body: Any, key: str) -> Any:
        raise ApiRefusal("POST", path, 409, {"code": "SESSION_NOT_LIVE"})


async def test_one_broken_off_claims_no_end_that_did_not_happen(capsys: pytest.CaptureFixture[str]) -> None:
    broken = Player(cast(Api, Refusing("prepared")), cast(Header, None), 1.0, run="r")
    await broken.break_off()
    assert "before anything was played" in capsys.readouterr().out
    broken.session_id = "s1"
    await broken.break_off()
    assert "session s1 could not be ended" in " ".join(capsys.readouterr().out.split())
