"""The ring of a session's last lines, from which a client that reconnects resumes."""

from collections import deque

from showfloor.gateway.live.frames import Lines

MAX_FRAMES = 2_000
MAX_BYTES = 1024 * 1024


class Ring:
    """Frames in order of position, numbered from 0; the oldest fall out.

    Every line after `base`, up to `last`, is in the ring; none at or before `base` is.
    """

    def __init__(self, base: int, max_frames: int = MAX_FRAMES, max_bytes: int = MAX_BYTES) -> None:
        self.base = self.last = base
        self.oldest = 0  # number of the oldest frame kept
        self._frames: deque[Lines] = deque()
        self._max_frames, self._max_bytes, self._bytes = max_frames, max_bytes, 0

    @property
    def next(self) -> int:
        """The number that the next frame will have."""
        return self.oldest + len(self._frames)

    def append(self, lines: Lines) -> None:
        """Add the next lines. The newest frame stays, however large it is."""
        assert lines.first > self.last, "lines come in order, each once"
        self._frames.append(lines)
        self._bytes += lines.size
        self.last = lines.last
        while len(self._frames) > 1 and (len(self._frames) > self._max_frames or self._bytes > self._max_bytes):
            gone = self._frames.popleft()
            self._bytes -= gone.size
            self.oldest += 1
            self.base = gone.last

    def pass_over(self, position: int) -> None:
        """Note that no line lies between the last one and `position`."""
        if not self._frames:
            self.base = max(self.base, position)
        self.last = max(self.last, position)

    def number_after(self, position: int) -> int:
        """Return the number of the first frame that holds a line after `position`."""
        number = self.next
        for lines in reversed(self._frames):  # most clients that reconnect have missed little
            if lines.last <= position:
                break
            number -= 1
        return number

    def get(self, number: int) -> Lines | None:
        """Return a frame; None when it is not there yet. Raises KeyError when it has fallen out."""
        if number < self.oldest:
            raise KeyError(number)
        return self._frames[number - self.oldest] if number < self.next else None
