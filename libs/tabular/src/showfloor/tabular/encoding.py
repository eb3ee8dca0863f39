"""From bytes to text: UTF-8, or UTF-16 and UTF-32 with their mark; others are refused with the line and the way out."""

import codecs

from showfloor.tabular.model import BadFile

_MARKED = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the other
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAVE = "save it as UTF-8 (in Excel: Save As, CSV UTF-8)"


def decoded(data: bytes) -> str:
    """Return the text of a file. Raises BadFile when it is in no encoding that can be told for certain."""
    mark, encoding = next(((m, e) for m, e in _MARKED if data.startswith(m)), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise BadFile(f"is broken {encoding.upper()}", _SAVE) from None
        raise _not_utf8(data, len(mark) + error.start) from None
    if "\x00" in text:
        line = _line(text[: text.index("\x00")])
        if not mark and 4 * data[:200].count(0) > len(data[:200]):
            raise BadFile("looks like UTF-16 without its mark", _SAVE)
        raise BadFile("holds a NUL character: it is damaged, or no text", "export it again", line)
    return text


def _not_utf8(data: bytes, at: int) -> BadFile:
    line = _line(data[:at].decode("utf-8", "replace"))
    guess = data[max(0, data.rfind(b"\n", 0, at) + 1) : at + 20].split(b"\n")[0].decode("cp1252", "replace")[-30:]
    return BadFile(f"is not UTF-8: {guess!r} is in another encoding, such as Windows-1252", _SAVE, line)


def _line(before: str) -> int:
    return before.count("\n") + before.replace("\r\n", "").count("\r") + 1
