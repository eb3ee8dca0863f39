"""Generate the contracts from protos/: `python libs/contracts/generate.py [OUT]`. Run by `make protos`."""

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
    subprocess.run(command, check=True, cwd=PROTOS)  # noqa: S603
    for folder in (out / PACKAGE).rglob("*"):
        # Without __init__.py import-linter would silently see nothing here.
        if folder.is_dir() and folder.name != "__pycache__":
            (folder / "__init__.py").touch()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "libs/contracts/src"
    target.mkdir(parents=True, exist_ok=True)
    generate(target)
