"""The QR code of an event's page."""

from io import BytesIO
from typing import Final, Literal

import segno

SCALE: Final = 16  # pixels of each square: good for print
QUIET: Final = 4  # squares of margin, as the standard wants

Format = Literal["png", "svg"]


def qr_code(text: str, form: Format) -> bytes:
    """Return a picture by which phones open a text. A quarter of it may be dirty: it is stuck onto parcels."""
    output = BytesIO()
    segno.make(text, error="q", micro=False, boost_error=False).save(output, kind=form, scale=SCALE, border=QUIET)
    return output.getvalue()
