"""The security headers of every answer."""

# Hashes of the two <style> elements that react-aria puts into the page: touch on buttons, and, on iOS,
# the page that stands still behind a dialog. A text that a new version changes is refused by the browser, and
# tests/e2e/console fails on every refusal. What the console sets itself goes through CSSOM, which no policy forbids.
_STYLES = (
    "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='",
    "'sha256-gYiS/BvZvRcK27JIXTuwhZ3hs2+VJ1X+2gUlE+farlg='",
)
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        f"default-src 'self'; img-src 'self' data:; style-src 'self' {' '.join(_STYLES)}; object-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (  # the console's own screens capture the show; nothing else may, and nothing else is needed
        "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=(), serial=(), "
        "bluetooth=(), midi=(), browsing-topics=()"
    ),
}
HSTS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
