"""Every kind of stream that the session service writes."""

from typing import Any

from showfloor.kernel.decider import Decider
from showfloor.session.domain.comment import COMMENT
from showfloor.session.domain.follow import FOLLOW
from showfloor.session.domain.gift import GIFT
from showfloor.session.domain.imported_file import IMPORTED_FILE
from showfloor.session.domain.live_slot import LIVE_SLOT
from showfloor.session.domain.liveness import LIVENESS
from showfloor.session.domain.order import ORDER
from showfloor.session.domain.product import PRODUCT
from showfloor.session.domain.product_set import PRODUCT_SET
from showfloor.session.domain.report import REPORT
from showfloor.session.domain.session import SESSION

DECIDERS: tuple[Decider[Any], ...] = (
    SESSION,
    LIVE_SLOT,
    COMMENT,
    ORDER,
    FOLLOW,
    GIFT,
    PRODUCT,
    PRODUCT_SET,
    REPORT,
    IMPORTED_FILE,
    LIVENESS,
)
