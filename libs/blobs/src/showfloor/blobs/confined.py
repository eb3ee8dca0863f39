"""Opens pictures in a process of their own, with limits on memory and time.

What a stranger's file does to the decoder it does there. The process gets the bytes on its standard input and answers
in MessagePack; it opens no file for writing and is killed when its time is over. `encoding` is what runs inside.
"""

import subprocess
import sys

import msgspec

from showfloor.blobs.model import MAX_BYTES, WIDTHS, BadPicture, Encoded, Picture

WALL_S = 30.0
_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")


def make_picture(content: bytes, wall_s: float = WALL_S) -> Picture:
    """Return a picture in every width. Blocking, for up to a second. Raises BadPicture."""
    if len(content) > MAX_BYTES:
        raise BadPicture("large", f"has {len(content):,} bytes; at most {MAX_BYTES // 2**20} MiB are taken")
    if not content.startswith(_STARTS):
        raise BadPicture("unknown", "is no PNG, JPEG or WebP picture")
    command = [sys.executable, "-I", "-m", "showfloor.blobs.encoding"]
    try:
        done = subprocess.run(  # noqa: S603  (our own module, no shell)
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=wall_s,
            check=False,
        )
        answer = msgspec.msgpack.decode(done.stdout, type=Encoded)
    except subprocess.TimeoutExpired:
        raise BadPicture("large", "takes too long to open") from None
    except msgspec.DecodeError:
        raise BadPicture("large", "needs too much memory or time to open") from None
    if answer.why or set(answer.sizes) != set(WIDTHS):
        raise BadPicture("large" if answer.why == "large" else "unknown", answer.problem)
    return Picture(answer.sizes)
