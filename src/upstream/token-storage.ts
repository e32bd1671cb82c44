import { isRecord } from '../protocol/json-rpc.ts'
import { steadyNow } from '../storage/clock.ts'
import { digestKey } from '../storage/digest-key.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tokens } from './token-endpoint.ts'

/** Tokens as they are kept for later, and for other replicas of a server. */
export interface StoredTokens extends Tokens {
  /** Milliseconds that are left of the life, never more than all of it: the clock of the process that stored them may differ. */
  readonly leftMs: number
}

const PREFIX = 'fastmcp:oauth2:'

/** The key of what belongs to these: a digest, as principals may be long and are nobody's business. */
export async function storageKeyOf(parts: readonly string[]): Promise<string> {
  return PREFIX + (await digestKey(...parts))
}

/** What is stored; undefined for nothing, and for what this library has not stored. */
export async function readTokens(storage: Storage, key: string): Promise<StoredTokens | undefined> {
  const stored = await storage.get(key)
  if (!isRecord(stored)) return undefined
  const { accessToken, refreshToken, expiresAt, lifeMs } = stored
  if (typeof accessToken !== 'string' || typeof expiresAt !== 'number' || typeof lifeMs !== 'number') return undefined
  const leftMs = Math.min(expiresAt - steadyNow(), lifeMs)
  return { accessToken, lifeMs, leftMs, refreshToken: typeof refreshToken === 'string' ? refreshToken : undefined }
}

/** Keeps tokens: for good if there is a refresh token among them, otherwise as long as they live. */
export async function writeTokens(storage: Storage, key: string, tokens: Tokens): Promise<void> {
  const { accessToken, refreshToken, lifeMs } = tokens
  const value = { accessToken, refreshToken, expiresAt: steadyNow() + lifeMs, lifeMs }
  if (refreshToken !== undefined) await storage.set(key, value)
  else if (lifeMs > 0) await storage.set(key, value, { ttlMs: lifeMs })
}
