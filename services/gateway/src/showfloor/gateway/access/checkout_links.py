"""Links that send a buyer to the shop's own checkout: an order, signed with the checkout's key, good for a while.

The form is a compact JWS (RFC 7515), so that a shop verifies it with whatever JWT library it has.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import OctKey

from showfloor.gateway.access.secrets import new_secret
from showfloor.gateway.directory.domain.checkout import Key

ALGORITHM: Final = "HS256"
TYPE: Final = "showfloor-order+jwt"
MARK: Final = "sfk_"  # so that a key that was published by mistake can be found
PARAMETER: Final = "order"


def new_key() -> str:
    """Return a new key: 256 random bits behind a mark."""
    return MARK + new_secret()


def link(address: str, key: Key, claims: Mapping[str, Any], *, now: datetime, expires: datetime) -> str:
    """Return the address of a checkout with an order for it.

    The address alone says where it leads: nothing that a buyer sends becomes a part of it.
    """
    header = {"alg": ALGORITHM, "kid": str(key.key_id), "typ": TYPE}
    about = {"iss": "showfloor", "aud": address, "iat": int(now.timestamp()), "exp": int(expires.timestamp()), **claims}
    token = jwt.encode(header, about, OctKey.import_key(key.secret), algorithms=[ALGORITHM])
    return f"{address}?{urlencode({PARAMETER: token})}"
