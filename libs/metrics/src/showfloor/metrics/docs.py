"""The registry as a page: docs/metrics.md. Written by `make generate`."""

from showfloor.metrics.model import Metric
from showfloor.metrics.registry import GROUPS, METRICS

_HEAD = """# Metrics

Written from the registry (`libs/metrics`) by `make generate`; do not edit.

- Missing is not zero. A value that is not there says why: `not_yet` (no data so far), `not_known` (the source
  does not tell), `no_denominator` (a ratio would divide by zero) or `expired` (three months after a session's end
  only the totals of its day are kept).
- Money is in minor units (cents) of the shop's currency and is never converted. Time is in seconds. A rate is a
  share: 0.25 is 25 %.
- Percentiles are inclusive with linear interpolation: rank = share x (n - 1) of the sorted values.
- A reporting day is UTC-8 all year. A session counts for the day on which it started.
- Signals are counted by the minute they happened in, facts by the minute they were recorded for.
- Presence (viewers now, peak, watch time, and what follows from them) rests on evidence wherever viewers are seen:
  everything that a viewer does in the room is a sign of life, the page gives one every 20 seconds, and whoever gives
  none for 75 seconds is gone. Repeats, reloads, crashes and lost leaves change nothing; a leave ends the presence of
  its own viewer alone. A source that only tells enters and leaves, such as a recording, is taken as such, and imported
  history as it counts. Board and recap say which (`presence_source`).
"""


def page() -> str:
    """Return the registry as Markdown, one table per group."""
    parts = [_HEAD]
    for group in GROUPS:
        parts.append(f"## {group.capitalize()}\n")
        parts.append("| name | title | unit | adds up | definition | formula | for | version |")
        parts.append("|---|---|---|---|---|---|---|---|")
        parts += [_row(metric) for metric in METRICS if metric.group == group]
        parts.append("")
    return "\n".join(parts)


def _row(metric: Metric) -> str:
    adds = "yes" if metric.additive else "no"
    cells = (
        f"`{metric.name}`", metric.title, metric.unit, adds, metric.definition, metric.formula,
        ", ".join(metric.scopes), str(metric.version),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"
