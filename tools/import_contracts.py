"""Import contracts for import-linter that no list of modules can say: they find out what is a service and what a slice.

A library is what has a folder in libs/; every other package of ours is a service, or the command line. So a new one
needs no line anywhere.
"""

import re
from importlib.util import find_spec
from pathlib import Path

import grimp
from importlinter import Contract, ContractCheck, output

ROOT = Path(__file__).resolve().parents[1]
NAMESPACE = "showfloor"
ROOMS = {"commands", "domain", "edges", "processes", "views"}
_ORDER = re.compile(r"^Slices\b[^:]*:(?P<order>.*)$", re.MULTILINE)


def libraries() -> set[str]:
    """Return the names of the packages in libs/."""
    return {folder.name for folder in ROOT.glob(f"libs/*/src/{NAMESPACE}/*") if folder.is_dir()}


def package(module: str) -> str:
    """Return the package of ours that a module belongs to: `showfloor.session.edges` -> `session`; "" if to none."""
    first, *rest = module.split(".")
    return rest[0] if first == NAMESPACE and rest else ""


def strangers(graph: grimp.ImportGraph) -> list[str]:
    """Return the imports from one package of ours to another that is no library."""
    shared = libraries()
    return [
        f"{importer} -> {imported}"
        for imported in sorted(graph.modules)
        if (owner := package(imported)) and owner not in shared
        for importer in sorted(graph.find_modules_that_directly_import(imported))
        if package(importer) != owner
    ]


def misplaced(graph: grimp.ImportGraph) -> list[str]:
    """Return the slices that import upward, and those that have no place in the order of their service."""
    services = {package(module) for module in graph.modules} - libraries() - {""}
    return [line for service in sorted(services) for line in _misplaced_in(graph, f"{NAMESPACE}.{service}")]


def _misplaced_in(graph: grimp.ImportGraph, service: str) -> list[str]:
    order = order_of(service)
    found = {child.rpartition(".")[2] for child in graph.find_children(service) if _is_slice(graph, child)}
    if len(found) > 1 and (nowhere := sorted(found - set(order))):
        return [f"the README of {service} names no place for: {', '.join(nowhere)}"]
    upward = graph.find_illegal_dependencies_for_layers(layers=order[::-1], containers={service})
    return sorted(f"{one.importer} -> {one.imported}" for one in upward)


def _is_slice(graph: grimp.ImportGraph, module: str) -> bool:
    return any(child.rpartition(".")[2] in ROOMS for child in graph.find_children(module))


def order_of(service: str) -> list[str]:
    """Return the slices of a service as its README names them: `Slices, lowest first: `catalogue`, `show`, ...`"""
    spec = find_spec(service)
    for place in (spec.submodule_search_locations or []) if spec else []:
        readme = Path(place).parents[2] / "README.md"
        if readme.exists() and (line := _ORDER.search(readme.read_text())):
            return re.findall(r"`(\w+)`", line["order"])
    return []


class Strangers(Contract):
    """Nobody imports a package that is no library, but itself."""

    type_name = "strangers"

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every import from one package of ours to another."""
        return _checked(strangers(graph))

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say which imports these are."""
        _tell(check)


class Slices(Contract):
    """The slices of a service stand in the order that its README names, lowest first, and import downward only."""

    type_name = "slices"

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every service."""
        return _checked(misplaced(graph))

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say which slices these are."""
        _tell(check)


def _checked(lines: list[str]) -> ContractCheck:
    return ContractCheck(kept=not lines, metadata={"lines": lines})


def _tell(check: ContractCheck) -> None:
    for line in check.metadata["lines"]:
        output.print_error(line, bold=False)
