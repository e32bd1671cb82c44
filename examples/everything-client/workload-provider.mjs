/** A workload with a token of its platform, which an authorization server takes for one of its own (RFC 7523). */
export class WorkloadProvider {
  redirectUrl = undefined
  clientMetadata = { client_name: 'everything-client', redirect_uris: [], token_endpoint_auth_method: 'none' }
  #clientId
  #assertion
  #tokens

  constructor(clientId, assertion) {
    this.#clientId = clientId
    this.#assertion = assertion
  }

  clientInformation() {
    return { client_id: this.#clientId }
  }

  tokens() {
    return this.#tokens
  }

  saveTokens(tokens) {
    this.#tokens = tokens
  }

  redirectToAuthorization() {
    throw new Error('There is no person to ask')
  }

  saveCodeVerifier() {}

  codeVerifier() {
    return ''
  }

  prepareTokenRequest(scope) {
    return new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: this.#assertion,
      ...(scope && { scope }),
    })
  }
}
