"""The record of what rows of views and snapshots follow from. Part of `make generate`.

A view's tables are made anew when its definition changes, a snapshot is passed over when its shape does. Code is in
neither: it is told apart by a VERSION that somebody raises by hand. So that nobody forgets it, the record holds a
digest of the code, comments and layout left out. Code that changed under the same definition is a problem, until the
version is raised or, when no row can differ, `make generate SAME="NAME ..."` says so.
"""

import ast
import hashlib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from functools import cache, partial
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

from showfloor.cli.services import services
from showfloor.eventstore.streams import shape
from showfloor.eventstore.view import View
from showfloor.gateway.watch import subscribe
from showfloor.kernel.decider import Decider
from showfloor.session.service import SLICES
from showfloor.session.show.domain.policy import Policy
from showfloor.testing.held import held

ROOT = Path(__file__).resolve().parents[1]
FILE = "tests/contract/views.txt"
HEAD = "# Written by `make generate`. Service, kind, name, digest of the definition, digest of the code.\n"
OURS = "showfloor."
MADE_BY_POLICY = {"session": [SLICES.deadlines(Policy())]}

Recorded = Mapping[str, tuple[str, str]]
"""By "service kind name": digests of the definition and of the code."""


_Function = ast.FunctionDef | ast.AsyncFunctionDef


class SourcePart(NamedTuple):
    """A piece of code or a value that rows depend on."""

    name: str
    text: str


def now() -> dict[str, tuple[str, str]]:
    """Return what the code says."""
    found: dict[str, tuple[str, str]] = {}
    for service in services():
        for view in [*held(service.module, View), *MADE_BY_POLICY.get(service.name, [])]:
            found[f"{service.name} view {view.name}"] = view.digest, code_of(view.evolve)
        for decider in held(service.module, Decider):
            snapshot = shape(decider).rpartition(":")[2], code_of(decider.evolve)
            found[f"{service.name} snapshot {decider.name}"] = snapshot
    found["gateway subscription gateway"] = "gateway", code_of(subscribe.handle)
    return found


def recorded(text: str) -> dict[str, tuple[str, str]]:
    """Return what a record says."""
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return {" ".join(row[:3]): (row[3], row[4]) for row in rows}


def forgotten(before: Recorded, after: Recorded) -> list[str]:
    """Return the names of what has other code under the same definition."""
    return [
        name
        for name, (definition, code) in after.items()
        if name in before and before[name][0] == definition and before[name][1] != code
    ]


def problems(before: Recorded, after: Recorded) -> list[str]:
    """Say what somebody has to decide before the record may be written anew."""
    return [
        f"{name}: its code was changed and its version was not. Raise it"
        " (a view: `version`; a snapshot: SNAPSHOT_VERSION; a subscription: another name and table), or run"
        f' `make generate SAME="{name.split()[2]}"` when'
        " no row that it writes can differ"
        for name in forgotten(before, after)
    ]


def code_of(function: Callable[..., Any]) -> str:
    """Return a digest of a function and of all of ours that it calls or reads."""
    parts: dict[str, str] = {}
    waiting: list[Any] = [function]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            part, more = _taken_apart(one)
            waiting += more
            if part is not None:
                parts[part.name] = parts.get(part.name, "") + part.text
    whole = "\n".join(f"{name}\n{parts[name]}" for name in sorted(parts))
    return hashlib.blake2b(whole.encode(), digest_size=6).hexdigest()


def _taken_apart(one: Any) -> tuple[SourcePart | None, list[Any]]:
    """Return the text of a function, class or value, and what it refers to."""
    if isinstance(one, partial):
        return None, [one.func, *one.args, *one.keywords.values()]
    if not isinstance(one, FunctionType | type) and callable(inner := _inner(one)):
        return None, [inner]
    if isinstance(one, FunctionType):
        if not one.__module__.startswith(OURS) or not Path(one.__code__.co_filename).exists():  # made by a library
            return None, []
        return SourcePart(f"{one.__module__}.{one.__qualname__}", _source(one)), list(_references(one))
    if isinstance(one, type):
        return _class_taken_apart(one) if one.__module__.startswith(OURS) else (None, [])
    return None, []


def _inner(one: Any) -> Any:
    """Return the function of a method, or of what remembers its answers."""
    return one.__func__ if isinstance(one, MethodType) else getattr(one, "__wrapped__", None)


def _class_taken_apart(one: type) -> tuple[SourcePart | None, list[Any]]:
    """A class is what its methods do and what its fields are of. A field more, with a default, changes no row."""
    if issubclass(one, Enum):
        return SourcePart(f"{one.__module__}.{one.__qualname__}", repr([(e.name, e.value) for e in one])), []
    functions = [_function(value) for value in vars(one).values()]
    hints = inspect.get_annotations(one, eval_str=True).values()
    return None, [value for value in functions if value is not None] + [kind for hint in hints for kind in _kinds(hint)]


def _function(value: Any) -> Any:
    if isinstance(value, property):
        return value.fget
    if isinstance(value, staticmethod | classmethod):
        return value.__func__
    return value if isinstance(value, FunctionType) else None


def _kinds(hint: Any) -> Iterator[Any]:
    if isinstance(hint, type):
        yield hint
    for inner in getattr(hint, "__args__", ()):
        yield from _kinds(inner)


def _references(function: FunctionType) -> Iterator[Any]:
    """Yield what of ours a function names: functions and classes, and wrapped values as parts of their own."""
    names = set(_names(function.__code__))
    held = {name: function.__globals__[name] for name in names if name in function.__globals__}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        held[name] = cell.cell_contents
    held |= {f"default {n}": value for n, value in enumerate(function.__defaults__ or ())}
    for name in sorted(held):
        value = held[name]
        if isinstance(value, ModuleType):
            if value.__name__.startswith(OURS):
                yield from (vars(value)[inner] for inner in sorted(names) if callable(vars(value).get(inner)))
        elif callable(value):
            yield value
        elif isinstance(value, tuple | list | frozenset):
            yield from (inner for inner in value if callable(inner))


def _values(function: FunctionType) -> list[str]:
    """Return the constants that a function reads, such as its SQL."""
    names = set(_names(function.__code__))
    held = {name: function.__globals__[name] for name in names if name in function.__globals__}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        held[name] = cell.cell_contents
    for module in [value for value in held.values() if isinstance(value, ModuleType)]:
        if module.__name__.startswith(OURS):
            held |= {f"{module.__name__}.{name}": vars(module)[name] for name in names if name in vars(module)}
    return [f"{name} = {text}" for name in sorted(held) if (text := _constant(held[name]))]


def _constant(value: Any) -> str:
    if isinstance(value, dict):
        return repr(sorted((_constant(key), _constant(inner)) for key, inner in value.items()))
    if isinstance(value, set | frozenset):
        return repr(sorted(map(_constant, value)))
    if isinstance(value, tuple | list):
        return repr([_constant(inner) for inner in value])
    if isinstance(value, type | FunctionType):
        return value.__qualname__
    if type(value).__name__ == "Pattern":  # of re or regex
        return f"{value.pattern!r} {value.flags}"
    plain = isinstance(value, str | bytes | int | float | Enum) or type(value).__module__ in ("datetime", "uuid")
    return repr(value) if plain else ""


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _source(function: FunctionType) -> str:
    """Return a function as text without comments, layout and docstrings, and the constants that it reads."""
    code = function.__code__
    for node in ast.walk(_module(code.co_filename)):
        if isinstance(node, _Function | ast.Lambda) and _first_line(node) == code.co_firstlineno:
            name = node.name if isinstance(node, _Function) else "<lambda>"
            if name == code.co_name:
                return "\n".join([ast.unparse(node), *_values(function)])
    raise LookupError(f"no source for {function.__qualname__} at {code.co_filename}:{code.co_firstlineno}")


def _first_line(node: _Function | ast.Lambda) -> int:
    decorators = node.decorator_list if isinstance(node, _Function) else []
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


@cache
def _module(file: str) -> ast.Module:
    tree = ast.parse(Path(file).read_text())
    for node in ast.walk(tree):
        if isinstance(node, _Function | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def written(parts: Recorded) -> str:
    """Return a record."""
    return HEAD + "".join(f"{name} {definition} {code}\n" for name, (definition, code) in sorted(parts.items()))


def record(same: Iterable[str]) -> tuple[str, list[str]]:
    """Return the record of today's code, and what somebody has to decide before it may be written.

    `same`: names of views whose code was changed and that write the same rows as before.
    """
    decided, file = set(same), ROOT / FILE
    before = recorded(file.read_text()) if file.exists() else {}
    after = now()
    return written(after), problems(
        {name: one for name, one in before.items() if name.split()[2] not in decided}, after
    )
