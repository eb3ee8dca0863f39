// An OpenID provider for tests: real sign-in by the authorization code flow with PKCE, and no screens. Whoever is named
// as `login_hint` is signed in at once; "unverified" is the one whose address nobody has checked.
//
// PROVIDER_KEYS     private JWKS file: what tokens are signed with, and what is published of it
// PROVIDER_PORT     port on 127.0.0.1; 0 or nothing: a free one
// PROVIDER_ALG      signs the ID tokens (RS256)
// PROVIDER_SECONDS  an ID token is good for this long (300)
//
// Prints its issuer when it answers.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const { PROVIDER_KEYS, PROVIDER_PORT = '0', PROVIDER_ALG = 'RS256', PROVIDER_SECONDS = '300' } = process.env;
const API = 'urn:showfloor:api';

const client = (id) => ({
  client_id: id,
  client_secret: `secret of ${id}, long enough for an HMAC`,
  redirect_uris: ['http://127.0.0.1/callback'],
  grant_types: ['authorization_code'],
  response_types: ['code'],
  token_endpoint_auth_method: 'client_secret_post',
  id_token_signed_response_alg: PROVIDER_ALG,
});

const configuration = {
  clients: ['showfloor', 'other'].map(client),
  jwks: JSON.parse(readFileSync(PROVIDER_KEYS, 'utf8')),
  cookies: { keys: ['a test signs its cookies'] },
  ttl: { IdToken: Number(PROVIDER_SECONDS), Session: 600, Grant: 600, Interaction: 600, AccessToken: 600 },
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  conformIdTokenClaims: false, // the address is in the ID token, not only behind a further request
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519', 'HS256'] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: id !== 'unverified' }),
  }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (_, resource) => ({
        scope: 'api',
        audience: resource === API ? 'showfloor' : resource,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  // Consent is given by nobody: every client may have what it asks for.
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope('openid email');
    grant.addResourceScope(API, 'api');
    await grant.save();
    return grant;
  },
};

const server = createServer();
await new Promise((resolve) => server.listen(Number(PROVIDER_PORT), '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, configuration);
const answer = provider.callback();

server.on('request', async (request, response) => {
  if (!request.url.startsWith('/interaction/')) return answer(request, response);
  const { params } = await provider.interactionDetails(request, response);
  await provider.interactionFinished(request, response, { login: { accountId: params.login_hint } });
});
process.stdin.resume().on('end', () => process.exit(0)); // whoever started it has gone
console.log(issuer);
