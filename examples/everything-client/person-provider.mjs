import { randomUUID } from 'node:crypto'
import { auth } from '@modelcontextprotocol/client'

const REDIRECT = 'http://localhost:3000/callback'

/** A person at a browser who allows everything at once. Keeps what each authorization server gave apart. */
export class PersonProvider {
  redirectUrl = REDIRECT
  clientMetadataUrl = 'https://conformance-test.local/client-metadata.json'
  clientMetadata = { client_name: 'everything-client', redirect_uris: [REDIRECT] }
  #clients = new Map()
  #tokens = new Map()
  #registered
  #lastTokens
  #verifier
  #state
  #discovery
  /** Parameters of the address that the person was sent back to. */
  #callback

  /** @param registered what an authorization server knows the client by already */
  constructor(registered) {
    this.#registered = registered
  }

  state() {
    this.#state = randomUUID()
    return this.#state
  }

  clientInformation({ issuer } = {}) {
    return this.#registered ?? this.#clients.get(issuer)
  }

  saveClientInformation(client, { issuer } = {}) {
    this.#clients.set(issuer, client)
  }

  tokens(context) {
    return context === undefined ? this.#lastTokens : this.#tokens.get(context.issuer)
  }

  saveTokens(tokens, { issuer } = {}) {
    this.#tokens.set(issuer, tokens)
    this.#lastTokens = tokens
  }

  saveCodeVerifier(verifier) {
    this.#verifier = verifier
  }

  codeVerifier() {
    return this.#verifier
  }

  saveDiscoveryState(state) {
    this.#discovery = state
  }

  discoveryState() {
    return this.#discovery
  }

  async redirectToAuthorization(url) {
    const { headers } = await fetch(url, { redirect: 'manual' })
    this.#callback = new URL(headers.get('location')).searchParams
  }

  /** Redeems what the person was sent back with; false if nobody was sent anywhere. */
  async finish(serverUrl) {
    const callback = this.#callback
    this.#callback = undefined
    if (callback === undefined) return false
    if (callback.get('state') !== this.#state) throw new Error('The state is not the one that was sent')
    const [authorizationCode, iss] = [callback.get('code'), callback.get('iss') ?? undefined]
    const redeemed = await auth(this, { serverUrl, authorizationCode, iss })
    // Servers may change whom they trust: the next sign-in looks again.
    this.#discovery = undefined
    return redeemed === 'AUTHORIZED'
  }
}
