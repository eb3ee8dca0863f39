"""Refusals that tests expect."""

from collections.abc import Awaitable

import pytest

from showfloor.kernel.refusal import Refusal


async def refusal_of(awaitable: Awaitable[object]) -> Refusal:
    """Return what was refused. Fails when nothing was."""
    with pytest.raises(Refusal) as refused:
        await awaitable
    return refused.value
