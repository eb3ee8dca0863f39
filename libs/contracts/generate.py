"""Generate the contracts from protos/: `python libs/contracts/generate.py [OUT]`. Run by `make protos`."""

import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROTOS = ROOT / "protos"
PACKAGE = "showfloor/api"


def generate(out: Path) -> None:
    """Write Python messages, stubs and types for every proto below `out`/showfloor/api."""
    sources = sorted(str(path.relative_to(PROTOS)) for path in PROTOS.rglob("*.proto"))
    includes = [f"-I{PROTOS}", f"-I{files('grpc_tools') / '_proto'}"]
    outputs = [f"--{kind}_out={out}" for kind in ("python", "grpc_python", "mypy", "mypy_grpc")]
    command = [sys.executable, "-m", "grpc_tools.protoc", *includes, *outputs, *sources]
    # protoc finds its Python plugins on the PATH: those beside this interpreter, whoever calls.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    subprocess.run(command, check=True, cwd=PROTOS, env={**os.environ, "PATH": path}, stderr=subprocess.PIPE)  # noqa: S603
    for folder in (out / PACKAGE).rglob("*"):
        # Without __init__.py import-linter would silently see nothing here.
        if folder.is_dir() and folder.name != "__pycache__":
            (folder / "__init__.py").touch()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "libs/contracts/src"
    target.mkdir(parents=True, exist_ok=True)
    generate(target)
