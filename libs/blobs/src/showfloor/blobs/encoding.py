"""What runs inside the process of `confined`: limits itself, opens one picture, encodes it anew, ends."""

import io
import resource
import sys
from contextlib import nullcontext, suppress

import msgspec
from PIL import Image, ImageOps

from showfloor.blobs.model import FORMATS, MAX_BYTES, MAX_PIXELS, TALLEST, WIDTHS, BadPicture, Encoded

_MEMORY = 768 * 2**20
_PROCESSOR_S = 20
_QUALITY = 82
_DAMAGED = "is a damaged picture"


def main() -> None:
    """Read a file from standard input, answer on standard output."""
    confine()
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    sys.stdout.buffer.write(msgspec.msgpack.encode(encoded(data)))
    sys.stdout.buffer.flush()


def confine() -> None:
    """Give up memory, processor time, files and processes beyond what a picture needs."""
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _PROCESSOR_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError) if sys.platform == "darwin" else nullcontext():  # macOS limits no memory
            resource.setrlimit(what, (most, most))


def encoded(data: bytes) -> Encoded:
    """Return a picture in every width, or why not."""
    try:
        return Encoded(sizes=_sizes(data))
    except BadPicture as bad:
        return Encoded(why=bad.why, problem=bad.problem)
    except MemoryError:
        return Encoded(why="large", problem="needs too much memory to open")
    except Exception:  # for a broken file the library raises anything; nothing of ours runs here
        return Encoded(why="unknown", problem=_DAMAGED)


def _sizes(data: bytes) -> dict[int, bytes]:
    with _opened(data) as image:
        if image.width * image.height > MAX_PIXELS:  # from the header: nothing is decoded yet
            raise BadPicture("large", f"has {image.width} x {image.height} pixels; at most {MAX_PIXELS:,} are taken")
        largest = max(WIDTHS)
        image.draft("RGB", (2 * largest, 2 * TALLEST * largest))  # of a JPEG: decode no more than is needed
        upright = ImageOps.exif_transpose(image)
    clear = "A" in upright.getbands() or "transparency" in upright.info
    shown = upright.convert("RGBA" if clear else "RGB")
    made: dict[int, bytes] = {}
    for width in sorted(WIDTHS, reverse=True):
        shown.thumbnail((width, TALLEST * width), Image.Resampling.LANCZOS)
        made[width] = _webp(shown)
    return made


def _opened(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise BadPicture("large", f"has far more than {MAX_PIXELS:,} pixels") from None
    except Exception:  # a decoder raises whatever damaged bytes lead it to
        raise BadPicture("unknown", "is no PNG, JPEG or WebP picture, or a damaged one") from None


def _webp(image: Image.Image) -> bytes:
    pixels = Image.frombytes(image.mode, image.size, image.tobytes())  # the pixels, and nothing that came along
    written = io.BytesIO()
    pixels.save(written, "WEBP", quality=_QUALITY, method=4)
    return written.getvalue()


if __name__ == "__main__":
    main()
