"""Every "no" of Home."""

from showfloor.kernel.refusal import Refusal, RefusalKind


def guide_not_found(slug: str) -> Refusal:
    text = "There is no such guide: GetHome lists them."
    return Refusal(RefusalKind.NOT_FOUND, "GUIDE_NOT_FOUND", text, {"slug": slug})
