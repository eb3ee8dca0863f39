"""One-time sign-in links, and `showfloor token`. The operator key in the data folder proves who may ask."""

from http import HTTPStatus
from typing import Annotated
from uuid import uuid4

import httpx
from cyclopts import Parameter

from showfloor.cli.terminal import DEFAULT_FOLDER, Data, console, running_folder
from showfloor.embedded.folder import DataFolder
from showfloor.platform.startup_error import StartupError

TIMEOUT = 10.0  # seconds


def token(
    *,
    data: Data = DEFAULT_FOLDER,
    api: Annotated[bool, Parameter(negative="", help="Print a bearer token for the API instead.")] = False,
) -> None:
    """Print a one-time sign-in link for the console."""
    folder = running_folder(data)
    console.print(api_token(folder) if api else link(folder))


def link(folder: DataFolder) -> str:
    """Return a link that signs its first user in as this system's own operator account. Raises StartupError."""
    return str(_new_link(folder)["url"])


def api_token(folder: DataFolder, user_id: str = "") -> str:
    """Return a bearer token for the REST API, by using a one-time link at once. Raises StartupError."""
    once = str(_new_link(folder, user_id)["code"])
    return str(_post(folder, "/v1/sign-in/link", {"token": once})["token"])


def own_shop(folder: DataFolder, name: str, currency: str) -> tuple[str, str]:
    """Return a user and a shop of the system's own, made when they are not there. Raises StartupError.

    Nobody else sees them, and nobody can have the user's address (RFC 2606).
    """
    body = {"name": name, "email": f"{name.lower()}@showfloor.invalid"}
    user = str(_post(folder, "/v1/users", body, _operator(folder, key=f"own-user-{name}"))["user_id"])
    body = {"name": name, "currency": currency, "owner_user_id": user}
    return user, str(_post(folder, "/v1/shops", body, _operator(folder, key=f"own-shop-{name}"))["shop_id"])


def _new_link(folder: DataFolder, user_id: str = "") -> dict[str, object]:
    wanted = {"user_id": user_id} if user_id else {}
    return _post(folder, "/v1/operator/sign-in-links", wanted, _operator(folder, key=str(uuid4())))


def _operator(folder: DataFolder, key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {folder.secret(folder.operator_key)}", "Idempotency-Key": key}


def _post(
    folder: DataFolder, path: str, body: dict[str, str], headers: dict[str, str] | None = None
) -> dict[str, object]:
    url = f"{folder.state()['url']}{path}"
    answer = httpx.post(url, json=body, headers=headers, timeout=TIMEOUT)
    if answer.is_success:
        return dict(answer.json())
    raise StartupError(
        f"the gateway refused with {answer.status_code}: {_said(answer)}",
        place=url,
        next_step="see `showfloor doctor`, then run the command again: nothing was done"
        if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        else "see `showfloor logs gateway`; a changed operator.key needs a restart",
    )


def _said(answer: httpx.Response) -> str:
    """Return a refusal's own words; of what is no refusal of ours, the beginning."""
    try:
        problem = answer.json()
        return f"{problem['detail']} ({problem['code']}, request {problem['request_id']})"
    except (ValueError, KeyError, TypeError):
        return answer.text[:300]
