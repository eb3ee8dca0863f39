"""Pictures that people upload: made harmless first, then kept where a setting says.

    picture = await to_thread(make_picture, content)     # BadPicture: too large, no picture, or a damaged one
    blobs = open_blobs("", folder)                       # a folder; or "s3://bucket/prefix"
    await blobs.put("shop/id/480.webp", picture.sizes[480])

A stranger's file is opened in a process of its own (`confined`, `encoding`) and never kept as it came.
"""

from showfloor.blobs.confined import make_picture
from showfloor.blobs.model import MAX_BYTES, MAX_PIXELS, WIDTHS, BadPicture, Picture
from showfloor.blobs.store import Blobs, open_blobs

__all__ = ["MAX_BYTES", "MAX_PIXELS", "WIDTHS", "BadPicture", "Blobs", "Picture", "make_picture", "open_blobs"]
