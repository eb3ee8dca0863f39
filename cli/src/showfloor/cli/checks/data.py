"""Checks of the data folder, running or not."""

import os
import shlex
import stat
import time

from showfloor.access.tokens import Signer
from showfloor.cli.backup import last_backup
from showfloor.cli.checks.finding import Check, Finding, Patient, broken, good, warning
from showfloor.cli.ownership import cannot_run, foreign_owner
from showfloor.cli.terminal import age
from showfloor.embedded import condition
from showfloor.embedded.folder import SOCKET_PATH_LIMIT, read_json
from showfloor.embedded.programs import MAJOR
from showfloor.platform.startup_error import StartupError

BACKUP_EVERY = 2 * 86_400.0  # seconds: a daily backup may fail once


def data_folder(patient: Patient) -> Finding:
    """Is it there, a folder, ours, writable, and whole?"""
    root = patient.folder.root
    if (found := condition.of_folder(root)) is not None:
        raise found
    if not root.exists():
        return warning("it does not exist yet", root, "`showfloor up` makes it")
    if (owner := foreign_owner(root)) is None:
        return good(str(root))
    if (found := cannot_run(root, owner)) is not None:
        raise found
    return good(f"{root}, which `up` starts as its owner {owner.pw_name}")


def folder_privacy(patient: Patient) -> Finding:
    """Others may at most pass through."""
    root = patient.folder.root
    if not root.exists():
        return good("nothing there yet")
    mode = stat.S_IMODE(root.stat().st_mode)
    if mode & 0o066:
        return broken(f"mode {mode:o} lets others look in", root, f"chmod 700 {shlex.quote(str(root))}")
    return good(f"mode {mode:o}")


def secrets(patient: Patient) -> Finding:
    """Every secret file is readable by its owner alone."""
    folder = patient.folder
    kept = [*folder.secrets.glob("*"), *folder.keys.glob("*.key.json"), *folder.services.glob("*/*.key")]
    kept += folder.services.glob("*/*.key.json")
    files = [path for path in (folder.operator_key, *kept) if path.exists()]
    loose = [str(path) for path in files if path.stat().st_mode & 0o077]
    if loose:
        return broken(f"others can read {len(loose)} of them", ", ".join(loose), f"chmod 600 {shlex.join(loose)}")
    return good(f"{len(files)} files, all 0600")


def signing_keys(patient: Patient) -> Finding:
    """Services must know the key that the gateway signs with, or they refuse every call."""
    private, public = patient.folder.signing_key, patient.folder.public_keys
    if not private.exists() and not public.exists():
        return good("made at the first start")
    if not private.exists():
        step = f"bring it back, or delete {shlex.quote(str(public))} and restart: another key is made"
        return broken("the key that the gateway signs with is missing", private, step)
    restart = "restart: `showfloor down`, `showfloor up`: the public keys are written anew"
    try:
        known = {key["kid"] for key in read_json(public)["keys"]}
        signs_with = Signer(private).jwks()["keys"][0]["kid"]
    except (StartupError, LookupError, ValueError, TypeError) as error:
        return broken(f"they cannot be read: {type(error).__name__}", f"{private}, {public}", restart)
    if signs_with not in known:
        return broken("the gateway signs with a key that services do not know", public, restart)
    return good(f"{len(known)} known to services, the newest signs")


def socket_path(patient: Patient) -> Finding:
    folder = patient.folder.socket_folder()
    length = len(os.fsencode(f"{folder}/.s.PGSQL.5432"))
    if length > SOCKET_PATH_LIMIT:
        return broken(f"{length} bytes, {SOCKET_PATH_LIMIT} is the limit", folder, "set TMPDIR to a shorter folder")
    return good(f"{length} of {SOCKET_PATH_LIMIT} bytes, in {folder}")


def postgres_files(patient: Patient) -> Finding:
    """Are they whole, of this version, and of the account that PostgreSQL runs under?"""
    if (found := patient.postgres.problem()) is not None:
        raise found
    made = (patient.folder.postgres / "PG_VERSION").exists()
    return good(f"whole, of version {MAJOR}" if made else "none yet")


def backup_age(patient: Patient) -> Finding:
    root = patient.folder.root
    step = "run `showfloor backup FOLDER` every day"
    last = last_backup(patient.folder)
    if not last:
        made = patient.folder.operator_key
        since = time.time() - made.stat().st_mtime if made.exists() else 0.0
        return warning("there was none", root, step) if since > BACKUP_EVERY else good("none, and none is due yet")
    seconds = time.time() - float(str(last["time"]))
    if seconds > BACKUP_EVERY:
        return warning(f"the last one is {age(seconds)} old", last["file"], step)
    return good(f"{age(seconds)} old: {last['file']}")


CHECKS: tuple[Check, ...] = (
    data_folder,
    folder_privacy,
    secrets,
    signing_keys,
    socket_path,
    postgres_files,
    backup_age,
)
