"""The cast of the access tests."""

import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from showfloor.testing.system import Rest

sys.path.insert(0, str(Path(__file__).parent))

from access_cast import Cast


@pytest.fixture(scope="module")
def cast(system: Any, new_host: Any, api: Rest) -> Cast:
    """Two shops of different people, and tokens for everybody. What one file's tests make of them, no other's meet."""
    operator = Rest(system.url, system.folder.operator_key.read_text().strip())
    user = operator.post("/users", {"name": "Another", "email": f"{uuid4().hex}@example.com"})["user_id"]
    code = operator.post("/operator/sign-in-links", {"user_id": user})["code"]
    theirs = Rest(system.url, Rest(system.url).post("/sign-in", {"code": code})["token"])
    shop = {"name": "Another shop", "currency": "EUR", "owner_user_id": user}
    operator.post("/shops", shop)
    return Cast(system, new_host(), type(new_host())(theirs))
