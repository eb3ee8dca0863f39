"""What a browser loads before a page can be used, as the built files import each other."""

import gzip
import re
from functools import cache
from pathlib import Path

MOST_KB = 250
STATIC_IMPORT = re.compile(r"""(?:^|[;}\s])(?:import|export)\s*(?:[\w$*{},\s]*?from\s*)?["']\./([\w.-]+\.js)["']""")
LAZY_IMPORT = re.compile(r"""import\(\s*[`"']\./([\w.-]+\.js)[`"']""")
# Nobody comes to these by a path of the console alone: the parts' own page, and what only a language asks for.
ASIDE = re.compile(r"^(Design|pseudo|overlays)-")


class Files:
    """The scripts of a build: what each imports, and what they weigh when compressed."""

    def __init__(self, static: Path) -> None:
        self.static, self.folder = static, static / "assets"
        self.text = cache(lambda name: (self.folder / name).read_text())

    def first(self, page: str) -> set[str]:
        """Return what a page loads by itself."""
        names = re.findall(r'(?:src|href)="\./assets/([\w.-]+\.js)"', (self.static / page).read_text())
        return self.whole(names)

    def whole(self, names: list[str]) -> set[str]:
        """Return files with all that they import."""
        known: set[str] = set()
        wanted = list(names)
        while wanted:
            name = wanted.pop()
            if name not in known:
                known.add(name)
                wanted += STATIC_IMPORT.findall(self.text(name))
        return known

    def later(self, names: set[str]) -> list[str]:
        """Return what files load only when it is asked for."""
        return sorted({one for name in names for one in LAZY_IMPORT.findall(self.text(name))})

    def kilobytes(self, names: set[str]) -> float:
        return round(sum(len(gzip.compress(self.text(name).encode(), 9)) for name in names) / 1000, 1)


def test_no_page_of_the_console_is_too_heavy(built: Path) -> None:
    files = Files(built)
    frame = files.first("index.html")
    screens = [name for name in files.later(frame) if not ASIDE.match(name)]
    assert len(screens) > 5  # the graph was read
    weights = {name.split("-")[0]: files.kilobytes(frame | files.whole([name])) for name in screens}
    assert {name: weight for name, weight in weights.items() if weight > MOST_KB} == {}
