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
  // No compiler may have checked what a service or a setting gives.
  if (!Array.isArray(keys)) return Result.fail("they must be a list of { id, secret }")
  const byId = new Map<string, Key>()
  for (const [index, given] of (keys as ReadonlyArray<Partial<PayloadKey> | null | undefined>).entries()) {
    const id: unknown = given?.id
    if (typeof id !== "string" || !isId.test(id)) return Result.fail(`the id of key ${index + 1} must be ${idForm}`)
    if (byId.has(id)) return Result.fail(`two keys have the id ${JSON.stringify(id)}: give each an id of its own`)
    const bytes = bytesOf(given?.secret)
    // Where the two have changed places the id is the key, which is not shown.
    const name = couldBeKey.test(id) ? `${index + 1}` : JSON.stringify(id)
    if (typeof bytes === "string") return Result.fail(`the key ${name} must be ${keyForm}, and ${bytes}`)
    byId.set(id, { id, secret: createSecretKey(bytes) })
  }
  const [current] = byId.values()
  return current === undefined
    ? Result.fail(`there is none: the first one encrypts, and all decrypt; each is ${keyForm}`)
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

const idForm =
  "1 to 64 letters, digits, underscores and hyphens; in a text a key is its id, a colon and its secret, as 2026-11:<base64>"
const keyForm = `${length} bytes in base64, as openssl rand -base64 ${length} prints them, in Redacted.make(…)`

/** What 32 bytes look like in hexadecimal, and in base64url without padding. */
const hexadecimal = /^[\da-f]{64}$/i
const couldBeKey = /^[\w-]{43}$|^[\da-f]{64}$/i

/** The bytes of a key, or why it is none, in words that show no part of it. */
const bytesOf = (secret: unknown): Buffer | string => {
  if (!Redacted.isRedacted(secret)) return "is not in Redacted.make(…)"
  const value = Result.try(() => Redacted.value(secret))
  if (Result.isFailure(value)) return "was wiped before the codec was built"
  if (typeof value.success !== "string") return "is no text"
  const text = value.success.trim()
  if (hexadecimal.test(text)) return "is hexadecimal: make base64 of it with xxd -r -p | base64"
  const bytes = Buffer.from(text, "base64")
  const written = bytes.toString("base64")
  if (written === text) return bytes.length === length ? bytes : `has ${bytes.length} bytes`
  if (written === `${text}=` || written === `${text}==`) return "lacks the = at its end"
  const isUrl = bytes.toString("base64url") === text.replace(/=+$/, "")
  return isUrl ? "is base64url: write + for each -, / for each _, and the = at its end" : "is no base64"
}
