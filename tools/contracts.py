"""The Python contracts in libs/contracts, made from protos/. Part of `make generate`.

protos/google holds what routes are said with, copied from the package whose Python modules the contracts import.
"""

import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROTOS = ROOT / "protos"
SOURCES = ROOT / "libs/contracts/src"
PACKAGE = "showfloor/api"
ANNOTATIONS = ("annotations.proto", "http.proto")


def generate(out: Path) -> dict[str, bytes]:
    """Write messages, stubs and types for every proto below `out`, as a package that can be imported.

    Returns the content of the generated files by their path from the root of the project.
    """
    sources = sorted(str(path.relative_to(PROTOS)) for path in (PROTOS / PACKAGE).rglob("*.proto"))
    includes = [f"-I{PROTOS}", f"-I{files('grpc_tools') / '_proto'}"]
    outputs = [f"--{kind}_out={out}" for kind in ("python", "grpc_python", "mypy", "mypy_grpc")]
    command = [sys.executable, "-m", "grpc_tools.protoc", *includes, *outputs, *sources]
    # protoc finds its Python plugins on the PATH: those beside this interpreter, whoever calls.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(command, check=False, cwd=PROTOS, env={**os.environ, "PATH": path}, stderr=subprocess.PIPE)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.stderr.decode())
    for folder in (out / PACKAGE).rglob("*"):
        # Without __init__.py import-linter would silently see nothing here.
        if folder.is_dir():
            (folder / "__init__.py").touch()
    made = {_committed(path.relative_to(out)): path.read_bytes() for path in out.rglob("*.py*")}
    (out / PACKAGE / "__init__.py").touch()  # an empty one: what lies in libs/contracts must not be seen beside these
    return made


def annotations() -> dict[str, bytes]:
    """Return the protos of google.api that ours import, by their path from the root of the project."""
    return {f"protos/google/api/{name}": (files("google.api") / name).read_bytes() for name in ANNOTATIONS}


def left_over(made: dict[str, bytes]) -> list[str]:
    """Return the files of contracts whose proto is gone."""
    return sorted(
        name
        for path in (SOURCES / PACKAGE).rglob("*_pb2*.py*")
        if path.suffix in (".py", ".pyi") and (name := _committed(path.relative_to(SOURCES))) not in made
    )


def _committed(path: Path) -> str:
    return str((SOURCES / path).relative_to(ROOT))
