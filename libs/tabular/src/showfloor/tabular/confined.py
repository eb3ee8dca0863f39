"""Opens spreadsheets and archives in a process of their own, with limits on memory, time and answer.

What a stranger's file does to the reader it does there. The process gets the bytes on its standard input and answers in
MessagePack; it opens no file for writing and is killed when its time is over. `opening` is what runs inside.
"""

import subprocess
import sys
import threading
from collections.abc import Iterator

import msgspec

from showfloor.tabular.model import BadFile, Limits
from showfloor.tabular.numbers import PlainNumber

WALL_S = 60.0
ANSWER_BYTES = 128 * 2**20
_SAVE = "save the sheet as CSV (UTF-8)"


class Cell(msgspec.Struct, array_like=True, frozen=True):
    """A cell of a sheet: its text, and whether the spreadsheet holds it as a number."""

    text: str
    number: bool = False


class Task(msgspec.Struct, frozen=True):
    """What to open: limits, and the sheet or None."""

    rows: int
    columns: int
    cell: int
    bytes: int
    sheet: str | None = None
    usual_sheet: str = ""  # read where several have content and none is named
    memory: int = 768 * 2**20
    processor_s: int = 30


class Opened(msgspec.Struct, frozen=True):
    """What was found: the cells of a sheet, the bytes of a text file, or why not."""

    sheet: str = ""
    first: int = 1  # the line of the first row
    rows: list[list[Cell]] = []
    data: bytes | None = None
    problem: str = ""
    mend: str = ""

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield every row that is not blank with its number in the sheet."""
        for line, row in enumerate(self.rows, start=self.first):
            if any(cell.text.strip() for cell in row):
                cells = [PlainNumber(cell.text) if cell.number else cell.text for cell in row]
                yield line, cells


def opened(
    data: bytes, limits: Limits, sheet: str | None = None, wall_s: float = WALL_S, usual_sheet: str = ""
) -> Opened:
    """Return the sheet of a spreadsheet, or the one text file of an archive (`data`). Raises BadFile."""
    task = Task(
        rows=limits.rows, columns=limits.columns, cell=limits.cell, bytes=limits.bytes, sheet=sheet,
        usual_sheet=usual_sheet,
    )  # fmt: skip
    answer = run(task, data, wall_s)
    if answer.problem:
        raise BadFile(answer.problem, answer.mend)
    return answer


def run(task: Task, data: bytes, wall_s: float = WALL_S) -> Opened:
    """Run the task in its own process. Raises BadFile when the process passes a limit or breaks."""
    command = [sys.executable, "-I", "-m", "showfloor.tabular.opening"]
    with subprocess.Popen(  # noqa: S603  (our own module, no shell)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
    ) as process:
        clock = threading.Timer(wall_s, process.kill)
        feeder = threading.Thread(target=_feed, args=(process, msgspec.msgpack.encode(task), data), daemon=True)
        clock.start()
        feeder.start()
        assert process.stdout
        answer = process.stdout.read(ANSWER_BYTES + 1)
        process.kill()  # it has said all that we read
        in_time = clock.is_alive()
        clock.cancel()
        feeder.join()
    if not in_time:
        raise BadFile("takes too long to open", _SAVE)
    try:
        return msgspec.msgpack.decode(answer, type=Opened)
    except msgspec.DecodeError:
        raise BadFile("needs too much memory or time to open, or is damaged", _SAVE) from None


def _feed(process: "subprocess.Popen[bytes]", task: bytes, data: bytes) -> None:
    """Hand over the task and the file. A process that ended takes no more."""
    assert process.stdin
    try:
        process.stdin.write(len(task).to_bytes(4, "big") + task)
        process.stdin.write(data)
        process.stdin.close()
    except BrokenPipeError:
        pass
