"""Native routes that erase people. What they did still counts, under their ids."""

from uuid import UUID

from showfloor.gateway.directory.domain import user, user_rules
from showfloor.gateway.directory.edges.change import change
from showfloor.gateway.http.gateway import Gateway, NativeRequest
from showfloor.gateway.http.native import rights, shapes
from showfloor.gateway.http.native.fields import path_id
from showfloor.kernel.erasure import ERASURE, Erase, Kind, erase


async def erase_user(gateway: Gateway, request: NativeRequest) -> shapes.Done:
    """For operators: end all sign-ins of a user, and make their name, address and replies unreadable for ever, in
    backups too; the id stays in facts. Safe to say again."""
    await rights.anywhere(request.caller, "EraseUser")
    user_id = path_id(request, "user_id")
    command = user_rules.EraseUser(user_id=user_id, now=gateway.clock())
    await change(gateway.runtime, user.USER, user_id, user_rules.erase_user, command, request.meta)
    await gateway.access.people.erase(user_id)
    await gateway.access.sign_ins.end_all(user_id)  # last: nobody can sign in as them by now
    await gateway.idempotency.forget()
    return shapes.Done()


async def erase_creator(gateway: Gateway, request: NativeRequest) -> shapes.Done:
    """Make a creator's stage name, and the names of the accounts that belong to them, unreadable for ever, in backups
    too. The creator and the accounts stay, without a name. Safe to say again."""
    creator_id = path_id(request, "creator_id")
    await rights.creator_for(gateway.runtime, request.caller, creator_id, "EraseCreator")
    await _record(gateway, request, "creator", creator_id)
    await gateway.runtime.sealing.destroy(subjects=[str(creator_id)])
    await gateway.idempotency.forget()
    return shapes.Done()


async def erase_account_name(gateway: Gateway, request: NativeRequest) -> shapes.Done:
    """Make the name of an account, which may be its host's, unreadable for ever, in backups too. The account stays,
    without a name. Safe to say again."""
    account_id = path_id(request, "account_id")
    await rights.account_for(gateway.runtime, request.caller, account_id, "EraseAccountName")
    await _record(gateway, request, "account_name", account_id)
    await gateway.runtime.sealing.destroy(scope=str(account_id))
    await gateway.idempotency.forget()
    return shapes.Done()


async def _record(gateway: Gateway, request: NativeRequest, kind: Kind, erased: UUID) -> None:
    """Record an erasure before it is done: one that stops half-way is known, and said again."""
    command = Erase(kind=kind, erased=str(erased), now=gateway.clock())
    await gateway.runtime.store.execute(ERASURE, command.erasure_id, erase, command, request.meta)
