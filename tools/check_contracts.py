"""Gates on contracts: the committed Python must be what the protos generate. Run by `make check-contracts`."""

import filecmp
import runpy
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMITTED = ROOT / "libs/contracts/src"


def differences(fresh: Path, committed: Path) -> list[str]:
    """Return the files that differ, or exist on one side only, relative to both roots."""

    def names(root: Path) -> set[Path]:
        return {p.relative_to(root) for p in (root / "showfloor/api").rglob("*.py*") if p.suffix in {".py", ".pyi"}}

    packages = {"showfloor/api/__init__.py"}
    both = names(fresh) | names(committed)
    return sorted(
        str(name)
        for name in both
        if str(name) not in packages
        and not (
            (fresh / name).exists()
            and (committed / name).exists()
            and filecmp.cmp(fresh / name, committed / name, shallow=False)
        )
    )


def main() -> int:
    """Generate into a scratch folder and compare."""
    generate = runpy.run_path(str(ROOT / "libs/contracts/generate.py"))["generate"]
    with tempfile.TemporaryDirectory() as scratch:
        generate(Path(scratch))
        stale = differences(Path(scratch), COMMITTED)
    for name in stale:
        print(f"stale: {name}", file=sys.stderr)  # noqa: T201
    if stale:
        print("The contracts are not what protos/ generates. Run `make protos` and commit.", file=sys.stderr)  # noqa: T201
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
