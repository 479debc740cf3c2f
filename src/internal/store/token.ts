/**
 * Texts as keys of servers: one token of letters, digits, `_`, `-` and `=`, different for different texts. NATS has those of workflow ids and
 * workers as keys, Dapr as parts of keys.
 *
 * Any other UTF-16 code unit becomes `=` and its four hexadecimal digits, so that keys stay readable for the ids that
 * people use. The empty text is `=`. What would be too long is `==` and the SHA-256 of the text; the record has the id
 * itself.
 */
import { createHash } from "node:crypto"

const longest = 180

/** The key of a text. */
export const encode = (text: string): string => {
  if (plain.test(text)) return text
  if (text === "") return "="
  const escaped = text.length > longest ? undefined : text.replaceAll(special, escape)
  return escaped === undefined || escaped.length > longest ? digest(text) : escaped
}

/** The text of a key, as far as the key tells: that of a digest is the key itself. */
export const decode = (key: string): string => {
  if (key === "=") return ""
  return key.startsWith("==")
    ? key
    : key.replaceAll(escaped, (_, unit: string) => String.fromCharCode(parseInt(unit, 16)))
}

// internal

const escaped = /=([0-9A-F]{4})/g
const plain = new RegExp(`^[A-Za-z0-9_-]{1,${longest}}$`)
const special = /[^A-Za-z0-9_-]/g

const escape = (unit: string) => `=${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`

// Over the code units themselves: UTF-8 writes every lone surrogate alike.
const digest = (text: string) => `==${createHash("sha256").update(Buffer.from(text, "utf16le")).digest("base64url")}`
