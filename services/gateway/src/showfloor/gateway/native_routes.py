"""The table of native routes, which the gateway answers itself; and of all routes."""

from collections.abc import Awaitable, Callable
from typing import Any

from showfloor.gateway.http.native import (
    access,
    checkout_shapes,
    checkouts,
    connector_shapes,
    connectors,
    directory,
    erasing,
    grant_shapes,
    grants,
    lists,
    members,
    pages,
    principal_shapes,
    principals,
    shapes,
)
from showfloor.gateway.http.routes import NativeRoute, Route, Who
from showfloor.gateway.http.rpc_routes import RPC_ROUTES
from showfloor.gateway.watch import paying
from showfloor.gateway.watch import routes as watch

_A = "/accounts/{account_id}/members"
_P = "/shops/{shop_id}/members"
_W = "/watch/{session_id}"
_C = "/creators/{creator_id}"
_R = "/partners/{partner_id}"
_B = "/bindings/{binding_id}"
_DIRECTORY = ("directory_rate",)


def _route(
    method: str,
    path: str,
    name: str,
    handle: Callable[..., Awaitable[Any]],
    answer: type,
    body: type | None = None,
    **more: Any,
) -> NativeRoute:
    return NativeRoute(method=method, path=path, name=name, handle=handle, answer=answer, body=body, **more)


ACCESS = (
    _route(
        "POST",
        "/sign-in",
        "signIn",
        access.sign_in,
        shapes.SignedIn,
        shapes.SignIn,
        who=Who.ANYONE,
        budgets=("sign_in_rate",),
    ),
    _route(
        "POST",
        "/sign-in/link",
        "signInByLink",
        access.sign_in_by_link,
        shapes.SignedIn,
        shapes.SignInLink,
        who=Who.ANYONE,
        budgets=("sign_in_rate",),
    ),
    _route("POST", "/sign-out", "signOut", access.sign_out, shapes.Done, shapes.Done, who=Who.ANYONE),
    _route("GET", "/me", "getMe", access.me, shapes.Me),
    _route("POST", "/me/password", "setPassword", access.set_password, shapes.Done, shapes.Password),
    _route("GET", "/metrics-registry", "getMetricsRegistry", access.metrics_registry, shapes.Metrics, who=Who.ANYONE),
    _route("GET", "/currencies", "listCurrencies", access.currencies, shapes.Currencies, who=Who.ANYONE),
    _route(
        "POST", "/operator/bootstrap", "bootstrap", access.bootstrap, shapes.Bootstrapped, shapes.Done, who=Who.OPERATOR
    ),
    _route(
        "POST",
        "/operator/sign-in-links",
        "createSignInLink",
        access.create_link,
        shapes.Link,
        shapes.NewLink,
        who=Who.OPERATOR,
        budgets=("link_rate",),
    ),
)
DIRECTORY = (
    _route("GET", "/shops", "listShops", lists.list_shops, shapes.Shops, query=pages.QUERY),
    _route("POST", "/shops", "createShop", directory.create_shop, shapes.Shop, shapes.NewShop, keyed=True,
         budgets=_DIRECTORY),
    _route("GET", "/accounts", "listAccounts", lists.list_accounts, shapes.Accounts,
         query=("shop_id", "query", *pages.QUERY)),
    _route("POST", "/accounts", "createAccount", directory.create_account, shapes.Account, shapes.NewAccount,
         keyed=True, budgets=_DIRECTORY),
    _route("GET", "/creators", "listCreators", lists.list_creators, shapes.Creators, query=pages.QUERY),
    _route("POST", "/creators", "createCreator", directory.create_creator, shapes.Creator, shapes.NewCreator,
         keyed=True, budgets=_DIRECTORY),
    _route("GET", "/users", "listUsers", directory.list_users, shapes.Users,
         query=("shop_id", "creator_id", "partner_id", *pages.QUERY)),
    _route("POST", "/users", "createUser", directory.create_user, shapes.User, shapes.NewUser, keyed=True,
         budgets=_DIRECTORY),
    _route("DELETE", "/users/{user_id}", "eraseUser", erasing.erase_user, shapes.Done, who=Who.OPERATOR, keyed=True),
    _route("GET", _A, "listAccountMembers", members.list_account_members, shapes.Members, query=pages.QUERY),
    _route(
        "PUT", _A + "/{user_id}", "assignAccountRole", members.assign_account_role, shapes.RoleSet, shapes.AccountRole,
        keyed=True,
    ),
    _route(
        "DELETE", _A + "/{user_id}", "revokeAccountRole", members.revoke_account_role, shapes.RoleSet,
        keyed=True,
    ),
    _route("DELETE", "/accounts/{account_id}/name", "eraseAccountName", erasing.erase_account_name, shapes.Done,
         keyed=True),
    _route("GET", _P, "listShopMembers", members.list_shop_members, shapes.Members, query=pages.QUERY),
    _route(
        "PUT", _P + "/{user_id}", "assignShopRole", members.assign_shop_role, shapes.RoleSet, shapes.ShopRole,
        keyed=True,
    ),
    _route("DELETE", _P + "/{user_id}", "revokeShopRole", members.revoke_shop_role, shapes.RoleSet, keyed=True),
)  # fmt: skip
_ROLE, _CHANGED = principal_shapes.OwnerRole, principal_shapes.BindingChanged
_TO_SHOP, _TO_CREATOR = principal_shapes.OfferToShop, principal_shapes.OfferToCreator
PRINCIPALS = (
    _route("POST", _C + "/accounts", "createCreatorAccount", principals.create_creator_account, shapes.Account,
         principal_shapes.NewCreatorAccount, keyed=True, budgets=_DIRECTORY),
    _route("GET", _C + "/members", "listCreatorMembers", members.list_creator_members, shapes.Members,
         query=pages.QUERY),
    _route("PUT", _C + "/members/{user_id}", "assignCreatorRole", members.assign_creator_role, shapes.RoleSet, _ROLE,
         keyed=True),
    _route("DELETE", _C + "/members/{user_id}", "revokeCreatorRole", members.revoke_creator_role, shapes.RoleSet,
         keyed=True),
    _route("DELETE", _C, "eraseCreator", erasing.erase_creator, shapes.Done, keyed=True),
    _route("GET", "/partners", "listPartners", lists.list_partners, principal_shapes.Partners,
         query=pages.QUERY),
    _route("POST", "/partners", "createPartner", principals.create_partner, principal_shapes.Partner,
         principal_shapes.NewPartner, keyed=True, budgets=_DIRECTORY),
    _route("GET", _R + "/members", "listPartnerMembers", members.list_partner_members, shapes.Members,
         query=pages.QUERY),
    _route("PUT", _R + "/members/{user_id}", "assignPartnerRole", members.assign_partner_role, shapes.RoleSet, _ROLE,
         keyed=True),
    _route("DELETE", _R + "/members/{user_id}", "revokePartnerRole", members.revoke_partner_role, shapes.RoleSet,
         keyed=True),
    _route("GET", _R + "/accounts", "listPartnerAccounts", lists.list_partner_accounts, shapes.Accounts,
         query=("query", *pages.QUERY)),
    _route("GET", "/bindings", "listBindings", lists.list_bindings, principal_shapes.Bindings,
         query=pages.QUERY),
    _route("POST", _R + "/shops", "offerBindingToShop", principals.offer_binding_to_shop, _CHANGED, _TO_SHOP,
         keyed=True, budgets=_DIRECTORY),
    _route("POST", _R + "/creators", "offerBindingToCreator", principals.offer_binding_to_creator, _CHANGED,
         _TO_CREATOR, keyed=True, budgets=_DIRECTORY),
    _route("POST", "/shops/{shop_id}/creators", "offerCollabToCreator", principals.offer_collab_to_creator, _CHANGED,
         _TO_CREATOR, keyed=True, budgets=_DIRECTORY),
    _route("POST", _C + "/shops", "offerCollabToShop", principals.offer_collab_to_shop, _CHANGED, _TO_SHOP, keyed=True,
         budgets=_DIRECTORY),
    _route("POST", _B + "/accept", "acceptBinding", principals.accept_binding, _CHANGED, shapes.Done, keyed=True),
    _route("DELETE", _B, "endBinding", principals.end_binding, _CHANGED, keyed=True),
)  # fmt: skip
_G = "/accounts/{account_id}/grants"
GRANTS = (
    _route("POST", _G, "giveGrant", grants.give_grant, grant_shapes.Grant, grant_shapes.NewGrant, keyed=True,
         budgets=_DIRECTORY),
    _route("GET", _G, "listGrants", grants.list_grants, grant_shapes.Grants, query=pages.QUERY),
    _route("GET", "/grants/{grant_id}/uses", "listGrantUses", grants.list_grant_uses, grant_shapes.GrantUses,
         query=pages.QUERY),
    _route("DELETE", "/grants/{grant_id}", "revokeGrant", grants.revoke_grant, grant_shapes.GrantRevoked, keyed=True),
)  # fmt: skip
_N = "/connectors/{connector_id}"
_N_ACCOUNT, _CONNECTOR_ROLE = _N + "/accounts/{account_id}", connector_shapes.ConnectorRole
CONNECTORS = (
    _route("POST", "/connectors", "createConnector", connectors.create_connector, connector_shapes.Connector,
         connector_shapes.NewConnector, keyed=True, budgets=_DIRECTORY),
    _route("GET", "/connectors", "listConnectors", connectors.list_connectors, connector_shapes.Connectors,
         query=("shop_id", "creator_id", *pages.QUERY)),
    _route("DELETE", _N, "deleteConnector", connectors.delete_connector, connector_shapes.ConnectorDeleted, keyed=True),
    _route("PUT", _N_ACCOUNT, "assignConnectorRole", connectors.assign_connector_role, _CONNECTOR_ROLE, shapes.Done,
         keyed=True),
    _route("DELETE", _N_ACCOUNT, "revokeConnectorRole", connectors.revoke_connector_role, _CONNECTOR_ROLE,
         keyed=True),
    # Without a key: a credential is in no answer that is kept.
    _route("POST", _N + "/credential", "rotateConnectorCredential", connectors.rotate_connector_credential,
         connector_shapes.ConnectorCredential, shapes.Done, budgets=_DIRECTORY),
)  # fmt: skip
_K = "/shops/{shop_id}/checkout"
CHECKOUTS = (
    _route("GET", _K, "getCheckout", checkouts.get_checkout, checkout_shapes.Checkout),
    _route("PUT", _K, "setCheckout", checkouts.set_checkout, checkout_shapes.Checkout, checkout_shapes.NewCheckout,
         keyed=True),
    _route("DELETE", _K, "deleteCheckout", checkouts.delete_checkout, checkout_shapes.CheckoutDeleted, keyed=True),
    # Without a key, both: neither a key nor a link is in an answer that is kept.
    _route("POST", _K + "/key", "rotateCheckoutKey", checkouts.rotate_checkout_key, checkout_shapes.CheckoutKey,
         checkout_shapes.NewCheckoutKey, budgets=_DIRECTORY),
    _route("POST", _K + "/test-link", "createCheckoutTestLink", checkouts.create_checkout_test_link,
         checkout_shapes.CheckoutLink, shapes.Done, budgets=_DIRECTORY),
)  # fmt: skip
VIEWERS = (
    _route("GET", _W + "/seller", "getSeller", paying.seller, checkout_shapes.Seller, who=Who.ANYONE),
    _route(
        "POST",
        _W + "/orders/{order_id}/checkout-link",
        "watchCheckoutLink",
        paying.checkout_link,
        checkout_shapes.CheckoutLink,
        shapes.Done,
        who=Who.VIEWER,
        budgets=("order_rate",),
    ),
    _route("GET", "/watch", "listLives", watch.list_lives, shapes.LivesNow, who=Who.ANYONE),
    _route(
        "POST",
        _W + "/join",
        "join",
        watch.join,
        shapes.Joined,
        shapes.Join,
        who=Who.ANYONE,
        budgets=("join_rate", "session_join_rate"),
    ),
    _route("POST", _W + "/leave", "leave", watch.leave, shapes.Done, shapes.Done, who=Who.VIEWER),
    _route(
        "POST",
        _W + "/presence",
        "stillHere",
        watch.still_here,
        shapes.Done,
        shapes.Done,
        who=Who.VIEWER,
        budgets=("beat_rate",),
    ),
    _route(
        "POST",
        _W + "/likes",
        "like",
        watch.like,
        shapes.Done,
        shapes.Likes,
        who=Who.VIEWER,
        budgets=("like_rate",),
        weight="count",
    ),
    _route(
        "POST",
        _W + "/shares",
        "share",
        watch.share,
        shapes.Done,
        shapes.Done,
        who=Who.VIEWER,
        budgets=("share_rate",),
    ),
    _route("POST", _W + "/clicks", "click", watch.click, shapes.Done, shapes.Click, who=Who.VIEWER),
    _route("POST", _W + "/impressions", "seeProducts", watch.impressions, shapes.Counted, shapes.Shown, who=Who.VIEWER),
)

NATIVE_ROUTES: tuple[NativeRoute, ...] = ACCESS + DIRECTORY + PRINCIPALS + GRANTS + CONNECTORS + CHECKOUTS + VIEWERS
ROUTES: tuple[Route, ...] = (*RPC_ROUTES, *NATIVE_ROUTES)


def actions() -> list[str]:
    """Return every action that the gateway asks a policy for: each must have one, or it does not start.

    A service sees to its own RPCs, which may be absent here.
    """
    return sorted({route.action for route in NATIVE_ROUTES if route.action})
