/**
 * Texts as keys of servers: one token of letters, digits, `_`, `-` and `=`, different for different texts. NATS has those of workflow ids and
 * workers as keys, Dapr as parts of keys.
 *
 * Any other UTF-16 code unit becomes `=` and its four hexadecimal digits, so that keys stay readable for the ids that
 * people use. The empty text is `=`. What would be too long is `==` and the SHA-256 of the text; the record has the id
 * itself.
 */
const longest = 180

/** Makes the token of a text, with what makes the SHA-256 of bytes in `base64url`. */
export const encodeWith =
  (sha256: (bytes: Uint8Array) => string) =>
  (text: string): string => {
    if (plain.test(text)) return text
    if (text === "") return "="
    const escaped = text.length > longest ? undefined : text.replaceAll(special, escape)
    return escaped === undefined || escaped.length > longest ? `==${sha256(unitsOf(text))}` : escaped
  }

/** The text of a token, as far as it tells: that of a digest is the token itself. */
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

/** The code units themselves: UTF-8 writes every lone surrogate alike. */
const unitsOf = (text: string): Uint8Array => {
  const bytes = new Uint8Array(2 * text.length)
  const view = new DataView(bytes.buffer)
  for (let index = 0; index < text.length; index++) view.setUint16(2 * index, text.charCodeAt(index), true)
  return bytes
}
