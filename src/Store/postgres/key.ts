/**
 * How ids and names become text of PostgreSQL, which has no place for U+0000 and for unpaired surrogates, and whose indexes have none
 * for long texts.
 */
import { createHash } from "node:crypto"
import { parseJson } from "../../internal/core/parse.ts"
import { byteLength } from "../../internal/store/codec.ts"

/**
 * The column of an id or a name by which executions are found. A text that PostgreSQL does not take, that is long or empty is its
 * beginning and a digest, and then it stands in the summary too. No key is empty, which is left to mean that there is none.
 */
export const keyOf = (text: string): string =>
  isPlain(text) && text !== "" && (text.length * 3 <= keyBytes || byteLength(text) <= keyBytes)
    ? text
    : `${escaped}${[...text.toWellFormed().replaceAll("\0", "")].slice(0, 40).join("")} ${digestOf(text)}`

/** The column of a text by which nothing is found: what PostgreSQL does not take is JSON, behind a character that stands for nothing. */
export const fromText = (text: string): string => (isPlain(text) ? text : escaped + JSON.stringify(text))

/** The text of a column. What is damaged stays what it is. */
export const toText = (column: unknown): string => {
  const text = String(column)
  if (!text.startsWith(escaped)) return text
  try {
    const found: unknown = parseJson(text.slice(1))
    return typeof found === "string" ? found : text
  } catch {
    return text
  }
}

/** A text in a form that PostgreSQL takes. Others come from cursors that no store has made. */
export const taken = (text: string): string => text.toWellFormed().replaceAll("\0", "")

// internal

/** How many bytes of UTF-8 a key has at most: the longest index has two, and a row of an index has 2,704 bytes. */
const keyBytes = 1000

const escaped = "\uFFFE"

const isPlain = (text: string): boolean => text.isWellFormed() && !text.includes("\0") && !text.startsWith(escaped)

/** Of the code units, so that texts differ that are the same in UTF-8. */
const digestOf = (text: string): string => createHash("sha256").update(Buffer.from(text, "utf16le")).digest("base64url")
