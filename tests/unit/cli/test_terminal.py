"""What strangers wrote is printed as they wrote it, and commands nothing."""

import io
from pathlib import Path

import pytest
from rich.table import Table as Printed

from showfloor.cli import files, terminal
from showfloor.cli.terminal import PlainConsole, commands, marked, shown
from showfloor.platform.startup_error import StartupError
from showfloor.tabular.product_files import read_products
from showfloor.tabular.reading import USUAL


@pytest.fixture
def console() -> PlainConsole:
    return PlainConsole(
        file=io.StringIO(), soft_wrap=True, highlight=False, markup=False, emoji=False, force_terminal=True, width=200
    )


def printed(console: PlainConsole) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_markup_and_names_of_emoji_are_text(console: PlainConsole) -> None:
    table = Printed("title", title="[bold]T")
    table.add_row("[red]x[/red] :cook:")
    console.print("[bold]x[/bold] [/] :cook: [link=http://a]")
    console.print(table)
    assert "[bold]x[/bold] [/] :cook: [link=http://a]" in printed(console)
    assert "[red]x[/red] :cook:" in printed(console) and "[bold]T" in printed(console)


def test_a_status_line_is_text(console: PlainConsole) -> None:
    with console.status("Reading [/] [bold]x\x1b]0;t\x07.csv") as line:
        assert str(line.renderable.text) == r"Reading [/] [bold]x\x1b]0;t\x07.csv"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\x9b31mb", r"a\x9b31mb"),
        ("a\x1b]0;title\x07b", r"a\x1b]0;title\x07b"),
        ("a\rb\x08c\x7f", r"a\rb\x08c\x7f"),
        ("a\u202eb\u2069", r"a\u202eb\u2069"),
        ("a\udcffb", r"a\udcffb"),
        ("👩‍🍳 می‌خواهم \u200fع\nb\tc", "👩‍🍳 می‌خواهم \u200fع\nb\tc"),
    ],
)
def test_commands_to_the_terminal_are_written_out(console: PlainConsole, text: str, seen: str) -> None:
    table = Printed("title")
    table.add_row(text)
    console.print(text)
    console.print(table)
    console.print(marked((text, "bold")))
    assert shown(text) == seen
    assert text == seen or text not in printed(console)
    printed(console).encode()


def test_refused_cells_print_line_column_value_and_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal.problems, "_width", 200)  # made when the module was read, as wide as it was then
    file = tmp_path / "list.csv"
    file.write_text("product,title,price_usd,colour\np1,[bold]\x1b[31mx,1,red\np2,y,many,red\n")
    _, _, table, *_ = files.read(file, USUAL, lambda content: read_products(content, file.name, currency="USD"))
    with pytest.raises(StartupError) as error:
        files.refuse(file, table)
    assert error.value.cause == "2 problems; nothing was made"
    told = capsys.readouterr().err
    assert "list.csv, line 1, column colour: is not a column that is read here; it was left out" in told
    for part in ("[bold]", r"\x1b[31mx", "must not hold control characters (U+001B)", "take out", "'many'"[1:-1]):
        assert part in told
    assert "\x1b[31mx" not in told


def test_a_file_that_cannot_be_read_is_told_with_the_way_out(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b"product,price_usd\nCh\xe9,1\n")
    with pytest.raises(StartupError) as error:
        files.read(file, USUAL, lambda content: read_products(content, file.name, currency="USD"))
    assert error.value.cause.startswith("line 2: is not UTF-8") and "save it as UTF-8" in error.value.next_step
    with pytest.raises(StartupError, match="No such file"):
        files.read(tmp_path / "gone.csv", USUAL, len)


def test_a_command_told_to_people_names_its_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(terminal, "_named", [Path("/srv/my data")])
    told = "see `showfloor status`; `showfloor logs session`; `make install`; `showfloor record`; run it again"
    assert commands(told) == (
        "see `showfloor status --data '/srv/my data'`; `showfloor logs session --data '/srv/my data'`;"
        " `make install`; `showfloor record`; run it again"
    )
    assert commands("`showfloor up --data X`") == "`showfloor up --data X`"
    monkeypatch.setattr(terminal, "_named", [])
    assert commands(told) == told
