"""Every kind of stream that the session service writes."""

from typing import Any

from showfloor.kernel.decider import Decider
from showfloor.session.activity.domain.comment import COMMENT
from showfloor.session.activity.domain.follow import FOLLOW
from showfloor.session.activity.domain.gift import GIFT
from showfloor.session.activity.domain.order import ORDER
from showfloor.session.analytics.domain.report import REPORT
from showfloor.session.catalogue.domain.product import PRODUCT
from showfloor.session.catalogue.domain.product_set import PRODUCT_SET
from showfloor.session.imports.domain.imported_file import IMPORTED_FILE
from showfloor.session.show.domain.live_slot import LIVE_SLOT
from showfloor.session.show.domain.liveness import LIVENESS
from showfloor.session.show.domain.session import SESSION

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
