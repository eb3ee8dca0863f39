"""What a picture is here, and how large one may be."""

from typing import Final, Literal

import msgspec

MAX_BYTES: Final = 10 * 2**20  # of a file as it is sent
MAX_PIXELS: Final = 25_000_000
WIDTHS: Final = (96, 480, 1_200)  # in pixels; a smaller picture is not made larger
TALLEST: Final = 2  # times the width: a taller picture is made narrower
FORMATS: Final = ("PNG", "JPEG", "WEBP")


class Picture(msgspec.Struct, frozen=True):
    """A picture in every width, as WebP without metadata."""

    sizes: dict[int, bytes]

    @property
    def bytes(self) -> int:
        """How much it takes in all its sizes."""
        return sum(len(data) for data in self.sizes.values())


class BadPicture(Exception):
    """Why a file is not taken: `large`, it passes a limit; `unknown`, it is no PNG, JPEG or WebP, or a damaged one."""

    def __init__(self, why: Literal["large", "unknown"], problem: str) -> None:
        super().__init__(problem)
        self.why, self.problem = why, problem


class Encoded(msgspec.Struct, frozen=True):
    """What the process that opens a file answers."""

    sizes: dict[int, bytes] = {}
    why: str = ""
    problem: str = ""
