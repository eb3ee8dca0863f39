"""Everything that reads what comes from outside."""

from functools import cache

import inside
import invitations
import operators
import tables
import tokens
import web
from inputs import Parser


@cache
def all_parsers() -> tuple[Parser, ...]:
    """Return every parser with a good example of what it reads."""
    return (
        *web.parsers(),
        *tokens.parsers(),
        *inside.parsers(),
        *operators.parsers(),
        *tables.parsers(),
        *invitations.parsers(),
    )
