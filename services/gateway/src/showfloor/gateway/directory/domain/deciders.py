"""Every kind of stream that the directory writes."""

from showfloor.gateway.directory.domain import (
    account,
    binding,
    checkout,
    connector,
    creator,
    grant,
    partner,
    shop,
    user,
)
from showfloor.kernel.erasure import ERASURE

DIRECTORY = (
    user.USER,
    shop.SHOP,
    account.ACCOUNT,
    creator.CREATOR,
    partner.PARTNER,
    binding.BINDING,
    grant.GRANT,
    connector.CONNECTOR,
)
DECIDERS = (*DIRECTORY, checkout.CHECKOUT, ERASURE)
