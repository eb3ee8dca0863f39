"""One reader for every table we take: bytes in, a table with all its problems out.

    table = read_table(data, "sessions.csv", COLUMNS)   # BadFile when it cannot be read as such a table at all
    for row in table.rows:
        title = row.text("title", 120, default="")       # cells by the column's name, whatever the file calls it
        views = row.whole("views")                       # None: not known
    table.problems                                       # every problem of the whole file, by line and column
    table.warnings                                       # what was left out, such as columns that nobody reads

Encoding, delimiter, spreadsheet or archive are recognised, or named with the way out. Nothing is guessed: what can be
read in two ways is refused. Reading a cell never raises; it notes a `Problem` in the table and goes on, so that one run
shows them all.

`history`, `product_files` and `chat` are the files that the product takes. Spreadsheets and archives are opened in a
process of their own with limits (`confined`). Nothing here prints, asks or keeps anything.
"""

from showfloor.tabular.model import BadFile, Column, Columns, Limits, Problem
from showfloor.tabular.reading import read_table
from showfloor.tabular.row import Row
from showfloor.tabular.table import Table

__all__ = ["BadFile", "Column", "Columns", "Limits", "Problem", "Row", "Table", "read_table"]
