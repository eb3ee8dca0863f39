"""A picture of a stranger: harmless afterwards, or refused."""

import io
import random
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from showfloor.blobs import MAX_BYTES, WIDTHS, BadPicture, make_picture
from showfloor.blobs import confined as picture_process

RED, BLUE = (255, 0, 0), (0, 0, 255)


def file(image: Image.Image, kind: str = "JPEG", **more: Any) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **more)
    return written.getvalue()


def two_colours() -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (400, 100), RED)
    image.paste(BLUE, (200, 0, 400, 100))
    return image


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *, pixels: bytes = b"", extra: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def shown(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert image.format == "WEBP"
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_comes_in_every_width(kind: str) -> None:
    picture = make_picture(file(Image.new("RGB", (2_400, 1_200), RED), kind))
    assert {width: shown(data).size for width, data in picture.sizes.items()} == {
        96: (96, 48), 480: (480, 240), 1_200: (1_200, 600),
    }  # fmt: skip
    assert picture.bytes == sum(map(len, picture.sizes.values()))


def test_a_small_picture_stays_small_and_a_tall_one_is_narrow() -> None:
    small = make_picture(file(Image.new("RGB", (50, 40), RED)))
    assert {shown(data).size for data in small.sizes.values()} == {(50, 40)}
    tall = make_picture(file(Image.new("RGB", (100, 20_000), RED), "PNG"))
    assert shown(tall.sizes[1_200]).size == (12, 2_400)


def test_it_stands_upright_and_nothing_came_along() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned: show it by a quarter to the right
    exif[0x010E] = "where and who"
    picture = make_picture(file(two_colours(), exif=exif, comment=b"somebody", icc_profile=b"profile"))
    for data in picture.sizes.values():
        image = shown(data)
        image.load()
        assert image.height > image.width
        assert {"exif", "icc_profile", "xmp", "comment"}.isdisjoint(image.info)
        assert b"where and who" not in data and b"somebody" not in data
    upright = shown(picture.sizes[480]).convert("RGB")
    top, bottom = upright.getpixel((50, 20)), upright.getpixel((50, 380))
    assert isinstance(top, tuple) and isinstance(bottom, tuple)
    assert top[0] > 200 and bottom[2] > 200


def test_what_is_clear_stays_clear() -> None:
    picture = make_picture(file(Image.new("RGBA", (200, 200), (0, 0, 0, 0)), "PNG"))
    assert shown(picture.sizes[96]).convert("RGBA").getpixel((5, 5)) == (0, 0, 0, 0)


def test_what_hides_behind_a_picture_does_not_come_through() -> None:
    script = b"<script>alert(1)</script>" + b"PK\x03\x04" + b"<?php"
    for data in make_picture(file(two_colours()) + script).sizes.values():
        assert b"script" not in data and b"PK\x03\x04" not in data and b"<?php" not in data
    hidden = png(1, 1, pixels=zlib.compress(b"\0\xff\0\0"), extra=chunk(b"tEXt", b"Comment\0<script>"))
    assert all(b"script" not in data for data in make_picture(hidden).sizes.values())


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF = file(two_colours(), "GIF")
HOSTILE = {
    "empty": b"",
    "text": b"not a picture",
    "svg": SVG,
    "gif": GIF,
    "tiff": file(two_colours(), "TIFF"),
    "bmp": file(two_colours(), "BMP"),
    "a page": b"<!doctype html><img src=x onerror=alert(1)>",
    "gif behind a png's first bytes": b"\x89PNG\r\n\x1a\n" + GIF,
    "svg behind a jpeg's first bytes": b"\xff\xd8\xff" + SVG,
    "another riff": b"RIFF\x24\0\0\0WAVEfmt " + bytes(32),
    "first bytes alone": b"\x89PNG\r\n\x1a\n",
    "half a jpeg": file(two_colours())[:400],
    "half a png": file(Image.effect_noise((300, 300), 90), "PNG")[:30_000],
    "a png of bad sums": png(2, 2, pixels=b"\xff" * 40),
    "a png of fewer pixels than it says": png(500, 500, pixels=zlib.compress(b"\0" * 10)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_picture_is_refused(name: str) -> None:
    with pytest.raises(BadPicture) as refused:
        make_picture(HOSTILE[name])
    assert refused.value.why == "unknown"


def test_what_is_too_large_is_refused_before_it_is_decoded() -> None:
    bombs = {
        "pixels": png(5_001, 5_000),  # nothing is in it: who decodes it finds it damaged
        "very many pixels": png(60_000, 60_000),
        "a side": png(2**31 - 1, 1),
        "bytes": b"\xff\xd8\xff" + bytes(MAX_BYTES),
    }
    for name, data in bombs.items():
        with pytest.raises(BadPicture) as refused:
            make_picture(data)
        assert refused.value.why == "large", name


def test_a_picture_of_the_most_pixels_is_taken() -> None:
    rows = zlib.compress(b"\0" * (1 + 3 * 5_000) * 5_000)
    assert set(make_picture(png(5_000, 5_000, pixels=rows)).sizes) == set(WIDTHS)


def test_a_text_that_unpacks_without_end_is_refused() -> None:
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 200_000_000))
    with pytest.raises(BadPicture):
        make_picture(png(1, 1, pixels=zlib.compress(b"\0\xff\0\0"), extra=text))


def test_one_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_process.sys, "executable", "/bin/false")
    with pytest.raises(BadPicture) as refused:
        make_picture(file(two_colours()))
    assert refused.value.why == "large"


def test_flipped_bytes_are_taken_or_refused_and_nothing_else() -> None:
    rng = random.Random(7)
    for kind in ("PNG", "JPEG", "WEBP"):
        for _ in range(6):
            data = bytearray(file(two_colours(), kind))
            for _ in range(8):
                data[rng.randrange(16, len(data))] = rng.randrange(256)
            try:
                assert set(make_picture(bytes(data)).sizes) == set(WIDTHS)
            except BadPicture as bad:
                assert bad.problem
