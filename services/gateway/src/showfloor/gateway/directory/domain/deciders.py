"""Every kind of stream that the directory writes."""

from showfloor.gateway.directory.domain import account, binding, creator, grant, partner, shop, user

DECIDERS = (
    user.USER,
    shop.SHOP,
    account.ACCOUNT,
    creator.CREATOR,
    partner.PARTNER,
    binding.BINDING,
    grant.GRANT,
)
