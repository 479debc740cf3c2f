/**
 * The stored form of a payload: a text that names its key, encrypted with AES-256-GCM, and compressed before that where it is long.
 *
 * `perdure1.<key id>.<base64 of nonce, tag and what is encrypted>`; `perdure1z` where it is compressed. What is before the base64, and the
 * place where the payload is stored, is authenticated with it: in another place, or changed by a bit, it cannot be decrypted.
 */
import { createCipheriv, createDecipheriv, randomFillSync } from "node:crypto"
import { deflateRawSync, inflateRawSync } from "node:zlib"
import * as Result from "effect/Result"
import { Undecryptable } from "../../WorkflowErrorReason.ts"
import { isId, type Key, type KeyRing } from "./KeyRing.ts"

/** Encrypts a text for a place. Texts of more characters than `compressAbove` are compressed, unless that makes them longer. */
export const seal = ({ current }: KeyRing, text: string, place: string, compressAbove: number): string => {
  const long = text.length > compressAbove ? Buffer.from(text) : undefined
  const short = long === undefined ? undefined : deflateRawSync(long, { level: 1 })
  return short !== undefined && short.length < long!.length
    ? encrypt(current, compressed, short, place)
    : encrypt(current, plain, text, place)
}

/** Decrypts a text that was encrypted for a place. */
export const open = (keys: KeyRing, sealed: unknown, place: string): Result.Result<string, Undecryptable> => {
  const text = typeof sealed === "string" ? sealed : ""
  const afterForm = text.indexOf(".")
  const afterId = text.indexOf(".", afterForm + 1)
  const form = text.slice(0, afterForm)
  const keyId = text.slice(afterForm + 1, afterId)
  if (afterId < 0 || !forms.has(form) || !isId.test(keyId)) return Result.fail(new Undecryptable({ fault: "Refused" }))
  const key = keys.get(keyId)
  if (key === undefined) return Result.fail(new Undecryptable({ fault: "MissingKey", keyId }))
  return Result.try({
    try: () => decrypt(key, form, text.slice(afterId + 1), place),
    catch: () => new Undecryptable({ fault: "Refused", keyId })
  })
}

// internal

const form = "perdure1"
const plain = form
const compressed = `${form}z`
const forms: ReadonlySet<string> = new Set([plain, compressed])

const algorithm = "aes-256-gcm"
const nonceLength = 12
const tagLength = 16
const options = { authTagLength: tagLength }

/** What is authenticated and not encrypted. */
const contextOf = (form: string, keyId: string, place: string): Buffer => Buffer.from(`${form}.${keyId}.${place}`)

const encrypt = ({ id, secret }: Key, form: string, content: string | Buffer, place: string): string => {
  const nonce = nextNonce()
  const cipher = createCipheriv(algorithm, secret, nonce, options)
  cipher.setAAD(contextOf(form, id, place))
  // A text is taken for UTF-8. The cipher is one of streams, so nothing is left for the end.
  const encrypted = typeof content === "string" ? cipher.update(content, "utf8") : cipher.update(content)
  cipher.final()
  return `${form}.${id}.${Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString("base64")}`
}

/** Throws what Node.js throws for anything that `encrypt` has not written. */
const decrypt = ({ id, secret }: Key, form: string, body: string, place: string): string => {
  const bytes = Buffer.from(body, "base64")
  // Node.js reads several texts as the same bytes.
  if (bytes.toString("base64") !== body) throw new RangeError("no base64")
  const decipher = createDecipheriv(algorithm, secret, bytes.subarray(0, nonceLength), options)
  decipher.setAAD(contextOf(form, id, place))
  decipher.setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength))
  const content = decipher.update(bytes.subarray(nonceLength + tagLength))
  decipher.final()
  return (form === compressed ? inflateRawSync(content) : content).toString("utf8")
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
