"""Root who starts a user's data folder goes on as that user: nothing in it may become root's."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

from showfloor.cli.services import services
from showfloor.embedded.condition import name_of
from showfloor.platform.startup_error import StartupError

OF_ROOT = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME")
IMPORTED = ("showfloor.cli.hosting", *(service.module for service in services()), "showfloor.embedded.programs as p")
LOOK = f"import {', '.join(IMPORTED)}; open(p.binaries() / 'postgres').close()"


def go_on_as_owner(root: Path) -> None:
    """Run this command again as the owner of an existing data folder, when we are root and somebody else owns it.

    Returns when there is nothing to change. Raises StartupError when the owner could not run us.

    A user can put links into a folder of their own: root who wrote there would write where the links lead.
    """
    owner = foreign_owner(root)
    if owner is None:
        return
    if (found := cannot_run(root, owner)) is not None:
        raise found
    os.initgroups(owner.pw_name, owner.pw_gid)
    os.setgid(owner.pw_gid)
    os.setuid(owner.pw_uid)
    env = {name: value for name, value in os.environ.items() if name not in OF_ROOT}
    env |= {"HOME": owner.pw_dir, "USER": owner.pw_name, "LOGNAME": owner.pw_name}
    # Not a shell: the same program with the same words, in a process that never was root.
    os.execve(sys.executable, [sys.executable, "-m", "showfloor.cli", *sys.argv[1:]], env)  # noqa: S606


def foreign_owner(root: Path) -> pwd.struct_passwd | None:
    """Return who owns an existing folder, when we are root and they are not. Raises StartupError when nobody knows."""
    if os.geteuid() != 0 or not root.is_dir() or (uid := root.stat().st_uid) == 0:
        return None
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise StartupError(
            f"the data folder belongs to user {uid}, whom this machine does not know",
            place=str(root),
            next_step="give all of it to somebody: `chown -R USER: FOLDER` (with root as USER PostgreSQL's files"
            " must then belong to showfloor: `chown -R showfloor: FOLDER/postgres`)",
        ) from None


def cannot_run(root: Path, owner: pwd.struct_passwd) -> StartupError | None:
    """Return why an owner cannot run this installation on their folder; None when they can."""
    argv = [sys.executable, "-c", f"import os; os.listdir({str(root)!r}); {LOOK}"]
    groups = os.getgrouplist(owner.pw_name, owner.pw_gid)
    try:
        tried = subprocess.run(
            argv,
            user=owner.pw_uid,
            group=owner.pw_gid,
            extra_groups=groups,
            cwd="/",
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        said = tried.stderr.strip().splitlines()[-1:] if tried.returncode else []
    except OSError as error:
        said = [str(error)]
    if not said:
        return None
    return StartupError(
        f"the data folder belongs to {owner.pw_name}, who cannot run this installation: {said[0]}",
        place=f"{root}, {sys.executable}",
        next_step=f"install Showfloor where {name_of(owner.pw_uid)} may read it (such as below /opt), or name a data"
        " folder of root's with --data DIR",
    )
