"""The files of the console: browsers ask for the page each time, and keep its hashed assets for a year."""

import hashlib
import mimetypes
from importlib.resources import files
from pathlib import Path

from starlette.responses import Response

from showfloor.kernel.refusal import Refusal, RefusalKind

PAGE = "/index.html"
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Showfloor</title>
<body>
<h1>The console is not built yet</h1>
<p>The gateway runs: the API answers under <code>/v1</code>, its description is at
<a href="openapi.json">openapi.json</a>.</p>
<p>Build the console with <code>make console</code>, then start the gateway again.</p></body></html>"""


class Console:
    """The built files, read once at the start."""

    def __init__(self, folder: Path | None = None) -> None:
        root = folder or Path(str(files("showfloor.gateway") / "console" / "static"))
        self._files: dict[str, tuple[bytes, str, str]] = {}
        for file in root.rglob("*") if root.is_dir() else ():
            hidden = any(part.startswith(".") for part in file.relative_to(root).parts)  # the build's own marks
            if file.is_file() and not hidden:
                body = file.read_bytes()
                kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
                tag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
                self._files["/" + file.relative_to(root).as_posix()] = (body, kind, tag)

    @property
    def built(self) -> bool:
        """True when there is a console to serve."""
        return PAGE in self._files

    def answer(self, path: str, known: str = "") -> Response:
        """Return a file; `known` is the browser's ETag. Raises Refusal NOT_FOUND."""
        name = PAGE if path == "/" else path
        if name == PAGE and not self.built:
            return Response(_NOT_BUILT, media_type="text/html", headers={"Cache-Control": "no-cache"})
        if name not in self._files:
            raise Refusal(RefusalKind.NOT_FOUND, "NO_SUCH_PAGE", "There is no such page.")
        body, kind, tag = self._files[name]
        hashed = name.startswith("/assets/")
        cached = "public, max-age=31536000, immutable" if hashed else "no-cache"
        headers = {"Cache-Control": cached, "ETag": tag}
        return (
            Response(status_code=304, headers=headers)
            if known == tag
            else Response(body, 200, headers, media_type=kind)
        )
