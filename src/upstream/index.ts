/**
 * Whom a server calls: HTTP services, with limits, retries, and proof of who is calling.
 *
 * @module
 */
export type { AnswerOf } from './answer.ts'
export { type ApiKeyOptions, apiKey } from './api-key.ts'
export type { Proof, Unproved, UpstreamAuth } from './auth.ts'
export { type GuardOptions, guardedFetch } from './egress/guarded-fetch.ts'
export type { Found, Lookup } from './egress/lookup.ts'
export type { Body, Fetch, Redirects } from './follow.ts'
export { type OAuth2Client, type OAuth2Options, oauth2 } from './oauth2.ts'
export type { Caller, Method, RequestOptions } from './order.ts'
export type { RetryHabits, UpstreamOptions } from './settings.ts'
export type { PathParams, PathValue, Query, QueryValue } from './target.ts'
export { type Ask, type OptionsFor, type Upstream, upstream } from './upstream.ts'
export { UpstreamError, type UpstreamFacts, type UpstreamReason } from './upstream-error.ts'
export type { UpstreamResponse } from './upstream-response.ts'
