"""What a file is, by its first bytes: other kinds than text are named with the way out."""

from showfloor.tabular.model import BadFile

_CSV_OUT = "save it as CSV (UTF-8) or as .xlsx"
_REFUSED: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old spreadsheet (.xls) or one with a password", _CSV_OUT),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ\x00", "an xz archive", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"),
    (b"Rar!", "a rar archive", "unpack it first"),
    (b"%PDF", "a PDF", "export the table as CSV where it comes from"),
    (b"PAR1", "a Parquet file", "export it as CSV"),
    (b"SQLite format 3\x00", "a database", "export the table as CSV"),
    (b"{\\rtf", "a text document", _CSV_OUT),
    (b"\x89PNG", "a picture", "export the table as CSV where it comes from"),
    (b"\xff\xd8\xff", "a picture", "export the table as CSV where it comes from"),
)
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<head", b"<meta")


def is_zip(data: bytes) -> bool:
    """Tell a spreadsheet or archive from text. Raises BadFile for other kinds of files."""
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise BadFile("is empty", "export it again, with a line of headers")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return True
    for start, what, mend in _REFUSED:
        if data.startswith(start):
            raise BadFile(f"is {what}", mend)
    opening = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if opening.startswith(_MARKUP):
        raise BadFile("is a web page or XML, whatever its name says", "export the table as CSV or .xlsx")
    if opening.startswith((b"{", b"[{", b"[[")):
        raise BadFile("is JSON", "export it as CSV with a line of headers")
    return False
