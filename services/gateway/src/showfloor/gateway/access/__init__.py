"""Signing in, and who the caller is.

signer, viewer_tokens = Signer(signing_key_file), ViewerTokens(viewer_key_file)
async with open_store(dsn, directory.domain.deciders.DECIDERS, [directory.views.directory.VIEW]) as runtime:
    async with open_access(runtime, signer, viewer_tokens, operator_key=key, public_url=url, oidc=None) as access:
        caller = await access.callers.require(request)  # cookie, bearer, operator key or viewer's token
        user_id = await access.by_id_token(token, nonce)  # OIDC, once
        token = access.callers.internal_token(caller.actor)  # what services verify; follows roles at once
        token, viewer = viewer_tokens.issue(session_id, "Ana", "feed", Traits())  # a viewer's token
        actor = viewer_tokens.read(token).actor()

The routes are http/native/access.py and http/native/directory.py.
"""
