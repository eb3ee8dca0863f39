"""An import contract for import-linter: services, and the command line, know libraries and nobody else.

A library is what has a folder in libs/, so a new service is a stranger to the others without being named here.
"""

from pathlib import Path

import grimp
from importlinter import Contract, ContractCheck, output

ROOT = Path(__file__).resolve().parents[1]
NAMESPACE = "showfloor"


def libraries() -> set[str]:
    """Return the names of the packages in libs/."""
    return {folder.name for folder in ROOT.glob(f"libs/*/src/{NAMESPACE}/*") if folder.is_dir()}


def package(module: str) -> str:
    """Return the package of ours that a module belongs to: `showfloor.session.edges` -> `session`; "" if to none."""
    first, *rest = module.split(".")
    return rest[0] if first == NAMESPACE and rest else ""


class Strangers(Contract):
    """Nobody imports a package that is no library, but itself."""

    type_name = "strangers"

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every import from one package of ours to another."""
        shared = libraries()
        found = [
            f"{importer} -> {imported}"
            for imported in sorted(graph.modules)
            if (owner := package(imported)) and owner not in shared
            for importer in sorted(graph.find_modules_that_directly_import(imported))
            if package(importer) != owner
        ]
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say which imports these are."""
        for line in check.metadata["found"]:
            output.print_error(line, bold=False)
