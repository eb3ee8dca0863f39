"""A view made again from the log equals the live one, byte for byte; so does one that got the log in other pages."""

from typing import Any

import pytest

from showfloor.session.service import VIEWS


@pytest.mark.parametrize("seed", range(3))
async def test_rebuild_equals_live(world: Any, seed: int) -> None:
    await world.some_history(seed)
    await world.imported(__import__("uuid").UUID(int=77), views=3)
    await world.corrected(__import__("uuid").UUID(int=77), views=4, title="Right")
    await world.settle()
    for view in VIEWS:
        live = await world.runtime.views.fingerprint(view.name)
        assert live != EMPTY
        await world.runtime.views.rebuild(view.name)
        assert await world.runtime.views.fingerprint(view.name) == live, view.name


EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
