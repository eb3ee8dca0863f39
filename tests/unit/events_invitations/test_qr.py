"""The QR code, read back by a decoder that other people wrote."""

import io

import pytest
import zxingcpp
from PIL import Image

from showfloor.events.invitations.edges.qr import qr_code

PAGE = "https://live.example.com/e/018f4e2a-9b1c-7def-8123-456789abcdef"


@pytest.mark.requirement("R102")
def test_a_phone_reads_the_address_also_off_a_dirty_print() -> None:
    picture = Image.open(io.BytesIO(qr_code(PAGE, "png"))).convert("L")
    assert [one.text for one in zxingcpp.read_barcodes(picture)] == [PAGE]
    side = picture.width // 5
    picture.paste(128, (picture.width // 2, picture.height // 2, picture.width // 2 + side, picture.height // 2 + side))
    assert [one.text for one in zxingcpp.read_barcodes(picture)] == [PAGE]


def test_the_drawing_is_plain_svg() -> None:
    drawing = qr_code(PAGE, "svg").decode()
    assert "<svg" in drawing and "<script" not in drawing and "href" not in drawing
