"""Signing in, and who the caller is.

signer, passes = Signer(signing_key_file), Passes(viewer_key_file)
async with open_store(dsn, directory.domain.deciders.DECIDERS, [directory.views.people.VIEW]) as runtime:
    async with open_access(runtime, signer, passes, operator_key=key, public_url=url, oidc=None) as access:
        caller = await access.callers.require(request)  # cookie, bearer, operator key or viewer's token
        user_id = await access.by_id_token(token, nonce)  # OIDC, once
        token = access.callers.internal_token(caller.actor)  # what services verify; follows roles at once
        token, seat = passes.issue(session_id, "Ana", "feed", Traits())  # a viewer's token
        actor = passes.read(token).actor()

The routes are http/native/access.py and http/native/directory.py.
"""
