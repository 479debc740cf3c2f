/**
 * The keys of a codec by their ids, as the cipher takes them.
 */
import { createHmac, createSecretKey, type KeyObject } from "node:crypto"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"

/**
 * A key of AES-256 and its name.
 *
 * @category models
 * @since 0.2.0
 */
export interface PayloadKey {
  /** 1 to 64 letters, digits, underscores and hyphens. It is stored beside each payload, and is no secret. */
  readonly id: string
  /** 32 random bytes in base64, as `openssl rand -base64 32` prints them. */
  readonly secret: Redacted.Redacted
}

/** A key that can be used. */
export interface Key {
  readonly id: string
  readonly secret: KeyObject
}

/** The keys: the current one encrypts, and each decrypts what it has encrypted. */
export interface KeyRing {
  readonly current: Key
  readonly get: (id: string) => Key | undefined
}

/** The keys of a ring, the first of which is the current one; in words what is wrong with them, without showing any. */
export const make = (keys: ReadonlyArray<PayloadKey>): Result.Result<KeyRing, string> => {
  const byId = new Map<string, Key>()
  for (const { id, secret } of keys) {
    if (typeof id !== "string" || !isId.test(id)) {
      return Result.fail("the id of a key must be 1 to 64 letters, digits, underscores and hyphens")
    }
    if (byId.has(id)) return Result.fail(`two keys have the id ${JSON.stringify(id)}`)
    const bytes = Redacted.isRedacted(secret) ? bytesOf(Redacted.value(secret)) : undefined
    if (bytes?.length !== length) {
      const found = bytes === undefined ? "is none" : `has ${bytes.length}`
      return Result.fail(
        `the key ${JSON.stringify(id)} must be ${length} bytes in base64, as openssl rand -base64 ${length} prints them, in Redacted.make(…), and ${found}`
      )
    }
    byId.set(id, { id, secret: createSecretKey(bytes) })
  }
  const [current] = byId.values()
  return current === undefined
    ? Result.fail("there is no key: the first one encrypts, and all decrypt")
    : Result.succeed({ current, get: (id) => byId.get(id) })
}

/** A digest of a text that tells nothing without the current key. */
export const digest = ({ current }: KeyRing, text: string): string =>
  createHmac("sha256", createHmac("sha256", current.secret).update("perdure digests").digest())
    .update(text)
    .digest("base64url")
    .slice(0, 22)

/** What an id of a key is like. */
export const isId = /^[\w-]{1,64}$/

// internal

/** AES-256 has keys of so many bytes. */
const length = 32

const bytesOf = (text: unknown): Buffer | undefined => {
  if (typeof text !== "string") return undefined
  const bytes = Buffer.from(text, "base64")
  return bytes.toString("base64") === text.trim() ? bytes : undefined
}
