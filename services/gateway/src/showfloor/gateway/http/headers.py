"""The security headers of every answer."""

import re
from urllib.parse import urlsplit

# Hashes of the two <style> elements that react-aria puts into the page: touch on buttons, and, on iOS,
# the page that stands still behind a dialog. A text that a new version changes is refused by the browser, and
# tests/e2e/console fails on every refusal. What the console sets itself goes through CSSOM, which no policy forbids.
_STYLES = (
    "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='",
    "'sha256-gYiS/BvZvRcK27JIXTuwhZ3hs2+VJ1X+2gUlE+farlg='",
)
_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "style-src": f"'self' {' '.join(_STYLES)}",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
CONTENT = "Content-Security-Policy"
# As the session service lets them in: nothing that could end a directive and begin another.
_ORIGIN = re.compile(r"https://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")


def content_policy(stream: str = "", poster: str = "") -> str:
    """Return the content security policy of a page that may also load a stream and a picture from these addresses."""
    policy = dict(_POLICY)
    if origin := _origin(stream):
        policy["media-src"] = f"'self' blob: {origin}"  # a player hands pieces of a stream on as blobs
        policy["connect-src"] = f"'self' {origin}"
    if origin := _origin(poster):
        policy["img-src"] += f" {origin}"
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def _origin(address: str) -> str:
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc.lower()}"
    return origin if _ORIGIN.fullmatch(origin) else ""


SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    CONTENT: content_policy(),
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (  # the console's own screens capture the show; nothing else may, and nothing else is needed
        "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=(), serial=(), "
        "midi=(), browsing-topics=()"
    ),
}
HSTS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
