"""The files of the console: browsers ask for a page each time, and keep its hashed assets for a year."""

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from starlette.responses import Response

from showfloor.gateway.console.encodings import chosen
from showfloor.kernel.refusal import Refusal, RefusalKind

PAGE, BUYERS_PAGE = "/index.html", "/watch.html"
ASSETS = "/assets/"
_BASE = b'<base href="./" />'
_ENCODED = {".br": "br", ".gz": "gzip"}  # what the build has compressed, by the end of its name
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Showfloor</title>
<body>
<h1>The console is not built yet</h1>
<p>The gateway runs: the API answers under <code>/v1</code>, its description is at
<a href="openapi.json">openapi.json</a>.</p>
<p>Build the console with <code>make console</code>, then start the gateway again.</p></body></html>"""


@dataclass(frozen=True)
class _File:
    kind: str
    bodies: Mapping[str, bytes]  # by encoding; "" is the file as it is


class Console:
    """The built files, read once at the start."""

    def __init__(self, folder: Path | None = None) -> None:
        root = folder or Path(str(files("showfloor.gateway") / "console" / "static"))
        found: dict[str, bytes] = {}
        for file in root.rglob("*") if root.is_dir() else ():
            hidden = any(part.startswith(".") for part in file.relative_to(root).parts)  # the build's own marks
            if file.is_file() and not hidden:
                found["/" + file.relative_to(root).as_posix()] = file.read_bytes()
        self._files = {name: _file(name, found) for name in found if not _of(name, found)}

    @property
    def built(self) -> bool:
        """True when there is a console to serve."""
        return PAGE in self._files

    def answer(self, path: str, headers: Mapping[str, str], depth: int | None = None) -> Response:
        """Return a file, or the page that shows a path of the console. Raises Refusal NOT_FOUND.

        `depth`: how many folders below the console's own the browser believes to be; else as the path says.
        """
        page = _page(path, headers.get("accept", ""))
        if page and not self.built:
            return Response(_NOT_BUILT, media_type="text/html", headers={"Cache-Control": "no-cache"})
        if (page or path) not in self._files:
            raise Refusal(RefusalKind.NOT_FOUND, "NO_SUCH_PAGE", "There is no such page.")
        file = self._files[page or path]
        encoding = chosen(headers.get("accept-encoding", ""), file.bodies)
        body = file.bodies[encoding]
        if page:  # a base that is relative holds behind every prefix that a proxy takes away
            up = "../" * (path.count("/") - 1 if depth is None else depth)
            body = body.replace(_BASE, f'<base href="{up or "./"}" />'.encode(), 1)
        tag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
        cached = "public, max-age=31536000, immutable" if path.startswith(ASSETS) else "no-cache"
        told = {"Cache-Control": cached, "ETag": tag, "Vary": "Accept" if page else "Accept-Encoding"}
        if headers.get("if-none-match", "") == tag:
            return Response(status_code=304, headers=told)
        if encoding:
            told["Content-Encoding"] = encoding
        return Response(body, 200, told, media_type=file.kind)


def _page(path: str, accept: str) -> str:
    """Return the page that shows a path; "" for what no person asks for, and for what is a file."""
    if path in ("/", PAGE):
        return PAGE
    if path == BUYERS_PAGE:
        return path
    if path.startswith(ASSETS) or "." in path:
        return ""
    if path == "/watch" or path.startswith("/watch/"):  # links to it are shared: who looks ahead takes anything
        return BUYERS_PAGE if not accept or "text/html" in accept or "*/*" in accept else ""
    return PAGE if "text/html" in accept else ""


def _of(name: str, found: Mapping[str, bytes]) -> str:
    """Return the file that this one is the compressed form of; "" when it is a file of its own."""
    stem, end = name[:-3], name[-3:]
    return stem if end in _ENCODED and stem in found else ""


def _file(name: str, found: Mapping[str, bytes]) -> _File:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    forms = {encoding: found[name + end] for end, encoding in _ENCODED.items() if name + end in found}
    return _File(kind, {**forms, "": found[name]})
