"""Which form of a file a browser takes: Accept-Encoding of RFC 9110."""

from collections.abc import Iterable


def chosen(accepted: str, known: Iterable[str]) -> str:
    """Return the first of the known encodings that is accepted; "" for the file as it is."""
    weights = dict(_weighed(part) for part in accepted.lower().split(",") if part.strip())
    rest = weights.get("*", 0.0)
    return next((one for one in known if one and weights.get(one, rest) > 0), "")


def _weighed(part: str) -> tuple[str, float]:
    name, _, parameters = part.partition(";")
    _, _, weight = parameters.replace(" ", "").partition("q=")
    try:
        return name.strip(), float(weight) if weight else 1.0
    except ValueError:
        return name.strip(), 0.0
