import {
  ClientCredentialsProvider,
  CrossAppAccessProvider,
  DpopSession,
  PrivateKeyJwtProvider,
  requestJwtAuthorizationGrant,
} from '@modelcontextprotocol/client'
import { PersonProvider } from './person-provider.mjs'
import { WorkloadProvider } from './workload-provider.mjs'

const PROVIDERS = {
  'auth/pre-registration': ({ client_id, client_secret }) => new PersonProvider({ client_id, client_secret }),
  'auth/client-credentials-basic': ({ client_id: clientId, client_secret: clientSecret }) =>
    new ClientCredentialsProvider({ clientId, clientSecret }),
  'auth/client-credentials-jwt': ({ client_id: clientId, private_key_pem: privateKey, signing_algorithm: algorithm }) =>
    new PrivateKeyJwtProvider({ clientId, privateKey, algorithm }),
  'auth/enterprise-managed-authorization': (context) => new CrossAppAccessProvider(enterprise(context)),
  'auth/wif-jwt-bearer': ({ client_id, valid_jwt }) => new WorkloadProvider(client_id, valid_jwt),
  'auth/dpop': () => withProofs(new PersonProvider()),
  'auth/dpop-nonce': () => withProofs(new PersonProvider()),
}

/** Where the tokens of an authorization scenario come from. */
export function providerFor(scenario, context) {
  return Object.hasOwn(PROVIDERS, scenario) ? PROVIDERS[scenario](context) : new PersonProvider()
}

function enterprise({ client_id, client_secret, idp_client_id, idp_id_token, idp_token_endpoint }) {
  return {
    clientId: client_id,
    clientSecret: client_secret,
    assertion: async ({ authorizationServerUrl, resourceUrl, scope, fetchFn }) => {
      const { jwtAuthGrant } = await requestJwtAuthorizationGrant({
        tokenEndpoint: idp_token_endpoint,
        audience: authorizationServerUrl,
        resource: resourceUrl,
        idToken: idp_id_token,
        clientId: idp_client_id,
        scope,
        fetchFn,
      })
      return jwtAuthGrant
    },
  }
}

/** Binds tokens to a key (RFC 9449). */
function withProofs(provider) {
  const session = DpopSession.create()
  provider.dpop = () => session
  return provider
}
