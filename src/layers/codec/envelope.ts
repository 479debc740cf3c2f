/**
 * The stored form of a payload: a text that names its key, encrypted with AES-256-GCM, and compressed before that where it is long.
 *
 * `perdure1.<key id>.<base64 of nonce, tag and what is encrypted>`; `perdure1z` where it is compressed. What is before the base64, and the
 * place where the payload is stored, is authenticated with it: in another place, or changed by a bit, it cannot be decrypted. Where payloads
 * are bytes, the last part is as it is, without base64.
 */
import { createCipheriv, createDecipheriv, randomFillSync } from "node:crypto"
import { deflateRawSync, inflateRawSync } from "node:zlib"
import * as Result from "effect/Result"
import { Undecryptable } from "../../WorkflowErrorReason.ts"
import { isId, type Key, type KeyRing } from "./KeyRing.ts"

/** Encrypts a text for a place. Texts of more characters than `compressAbove` are compressed, unless that makes them longer. */
export const seal = (keys: KeyRing, text: string, place: string, compressAbove: number): string => {
  const { body, head } = encrypted(keys, text, place, compressAbove)
  return `${head}${body.toString("base64")}`
}

/** Decrypts a text that was encrypted for a place. */
export const open = (keys: KeyRing, sealed: unknown, place: string): Result.Result<string, Undecryptable> => {
  const text = typeof sealed === "string" ? sealed : ""
  const head = text.slice(0, endOfHead(text))
  const opener = openerOf(keys, head)
  if (Result.isFailure(opener)) return Result.fail(opener.failure)
  try {
    return Result.succeed(contentOf(opener.success, bytesIn(text.slice(head.length)), place).toString("utf8"))
  } catch {
    return refused(opener.success)
  }
}

/** Encrypts bytes for a place. What comes of it is the same as of a text, without base64. */
export const sealBytes = (keys: KeyRing, content: Uint8Array, place: string, compressAbove: number): Uint8Array => {
  const { body, head } = encrypted(keys, content, place, compressAbove)
  return Buffer.concat([Buffer.from(head), body])
}

/** Decrypts bytes that were encrypted for a place. */
export const openBytes = (
  keys: KeyRing,
  sealed: Uint8Array,
  place: string
): Result.Result<Uint8Array, Undecryptable> => {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  const head = bytes.toString("latin1", 0, endOfHead(bytes))
  const opener = openerOf(keys, head)
  if (Result.isFailure(opener)) return Result.fail(opener.failure)
  try {
    return Result.succeed(contentOf(opener.success, bytes.subarray(head.length), place))
  } catch {
    return refused(opener.success)
  }
}

// internal

const form = "perdure1"
const plain = form
const compressed = `${form}z`

const algorithm = "aes-256-gcm"
const nonceLength = 12
const tagLength = 16
const options = { authTagLength: tagLength }

/** Where what is before the encrypted part ends: behind the second point. There is none in what is too short. */
const endOfHead = (sealed: { readonly indexOf: (text: string, from?: number) => number }): number =>
  sealed.indexOf(".", sealed.indexOf(".") + 1) + 1

/** What is authenticated and not encrypted. */
const contextOf = (head: string, place: string): Buffer => Buffer.from(`${head}${place}`)

const encrypted = (
  { current }: KeyRing,
  content: string | Uint8Array,
  place: string,
  compressAbove: number
): { readonly head: string; readonly body: Buffer } => {
  const short = content.length > compressAbove ? compressedOf(content) : undefined
  const head = `${short === undefined ? plain : compressed}.${current.id}.`
  return { head, body: encrypt(current, head, short ?? content, place) }
}

/** Nothing where it is not shorter. */
const compressedOf = (content: string | Uint8Array): Buffer | undefined => {
  const long = Buffer.from(content as string)
  const short = deflateRawSync(long, { level: 1 })
  return short.length < long.length ? short : undefined
}

const encrypt = ({ secret }: Key, head: string, content: string | Uint8Array, place: string): Buffer => {
  const nonce = nextNonce()
  const cipher = createCipheriv(algorithm, secret, nonce, options)
  cipher.setAAD(contextOf(head, place))
  // A text is taken for UTF-8. The cipher is one of streams, so nothing is left for the end.
  const encrypted = typeof content === "string" ? cipher.update(content, "utf8") : cipher.update(content)
  cipher.final()
  return Buffer.concat([nonce, cipher.getAuthTag(), encrypted])
}

/** What decrypts a payload, by what is before it. */
interface Opener {
  readonly head: string
  readonly key: Key
  readonly isCompressed: boolean
}

const openerOf = (keys: KeyRing, head: string): Result.Result<Opener, Undecryptable> => {
  const point = head.indexOf(".")
  const form = head.slice(0, point)
  const keyId = head.slice(point + 1, -1)
  const isCompressed = form === compressed
  if (!isCompressed && form !== plain) return Result.fail(new Undecryptable({ fault: "Refused" }))
  const key = keys.get(keyId)
  if (key !== undefined) return Result.succeed({ head, key, isCompressed })
  // What is no id is not shown.
  return Result.fail(new Undecryptable(isId.test(keyId) ? { fault: "MissingKey", keyId } : { fault: "Refused" }))
}

const refused = ({ key }: Opener): Result.Result<never, Undecryptable> =>
  Result.fail(new Undecryptable({ fault: "Refused", keyId: key.id }))

/** Throws for all that `encrypted` has not made. */
const contentOf = (opener: Opener, body: Buffer, place: string): Buffer => {
  const content = decrypt(opener.key, opener.head, body, place)
  return opener.isCompressed ? inflateRawSync(content) : content
}

/** Node.js reads several texts as the same bytes. Throws for all but the one that is written. */
const bytesIn = (text: string): Buffer => {
  const bytes = Buffer.from(text, "base64")
  if (bytes.toString("base64") !== text) throw new RangeError("no base64")
  return bytes
}

/** Throws what Node.js throws for anything that `encrypt` has not written. */
const decrypt = ({ secret }: Key, head: string, bytes: Buffer, place: string): Buffer => {
  const decipher = createDecipheriv(algorithm, secret, bytes.subarray(0, nonceLength), options)
  decipher.setAAD(contextOf(head, place))
  decipher.setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength))
  const content = decipher.update(bytes.subarray(nonceLength + tagLength))
  decipher.final()
  return content
}

/** Random bytes that are not used yet: many are made at a time, since a call for each costs as much as the cipher. */
const random = Buffer.alloc(nonceLength * 1024)
let used = random.length

/** A nonce of its own for each payload, which is gone from the pool when it is copied to the payload. */
const nextNonce = (): Buffer => {
  if (used === random.length) {
    randomFillSync(random)
    used = 0
  }
  const nonce = random.subarray(used, used + nonceLength)
  used += nonceLength
  return nonce
}
