"""Finds the route of a path: literal segments come before {names}."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from showfloor.gateway.http.routes import PREFIX, Route

_Routes = dict[str, tuple[Route, tuple[str, ...]]]


@dataclass
class _Node:
    words: dict[str, "_Node"] = field(default_factory=dict)
    named: "_Node | None" = None
    routes: _Routes = field(default_factory=dict)


class Matcher:
    """A tree of path segments. Raises ValueError when two routes mean the same."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            node, names = self._root, []
            for part in (PREFIX + route.path).strip("/").split("/"):
                if part.startswith("{"):
                    names.append(part[1:-1])
                    node.named = node.named or _Node()
                    node = node.named
                else:
                    node = node.words.setdefault(part, _Node())
            if route.method in node.routes:
                raise ValueError(f"two routes for {route.method} {route.path}")
            node.routes[route.method] = (route, tuple(names))

    def find(self, raw_path: bytes, method: str) -> tuple[Route, dict[str, str]] | tuple[str, ...] | None:
        """Return the route and its path values; the methods there are when it is another; None for no such path."""
        parts = raw_path.decode("latin-1").strip("/").split("/")
        values: list[str] = []
        routes = _walk(self._root, parts, 0, values)
        if routes is None:
            return None
        chosen = routes.get(method) or (routes.get("GET") if method == "HEAD" else None)
        if chosen is None:
            return tuple(sorted(routes))
        return chosen[0], dict(zip(chosen[1], values, strict=True))


def _walk(node: _Node, parts: list[str], at: int, values: list[str]) -> _Routes | None:
    """Return the routes at the end of the path, and fill in its values: words count before names."""
    if at == len(parts):
        return node.routes or None
    part = parts[at]
    word = node.words.get(part)
    if word is not None and (found := _walk(word, parts, at + 1, values)):
        return found
    if node.named is None or not part:
        return None
    values.append(unquote(part) if "%" in part else part)
    if found := _walk(node.named, parts, at + 1, values):
        return found
    values.pop()
    return None
