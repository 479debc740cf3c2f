/**
 * The columns by which executions are found by their attributes.
 *
 * A value is bytes in the order that the laws ask for: numbers, flags and then texts, these by their code units, which is the order of
 * `<` in JavaScript. Each code unit is written as if it was a character of its own: in UTF-8 texts would be in another order, and
 * unpaired surrogates have no place in it.
 */
import type { Attribute } from "../../HistoryEvent.ts"
import { keyOf } from "./key.ts"

/** How many bytes of a value the index has; an execution has the whole. */
export const indexedBytes = 600

/** The bytes of a value. */
export const fromValue = (value: Attribute): Uint8Array => {
  if (typeof value === "number") return fromNumber(value)
  return typeof value === "boolean" ? Uint8Array.of(types.flag, value ? 1 : 0) : fromString(value)
}

/** Below all values of a type, and above them. */
export const lowest = (type: keyof typeof types): Uint8Array => Uint8Array.of(types[type])
export const highest = (type: keyof typeof types): Uint8Array => Uint8Array.of(types[type] + 1)

/** The attributes of an execution as literals of arrays: their names, and the bytes of their values; none when it has none. */
export interface Columns {
  readonly names: string | null
  readonly values: string | null
}

/** The columns of attributes. */
export const columnsOf = (attributes: Readonly<Record<string, Attribute>>): Columns => {
  const known = columns.get(attributes)
  if (known !== undefined) return known
  const all = Object.entries(attributes)
  const made: Columns =
    all.length === 0
      ? { names: null, values: null }
      : {
          names: `{${all.map(([name]) => quoted(nameOf(name))).join()}}`,
          values: `{${all.map(([, value]) => `"\\\\x${Buffer.from(fromValue(value)).toString("hex")}"`).join()}}`
        }
  columns.set(attributes, made)
  return made
}

/** The column of the name of an attribute. Shorter than other keys, since its index has a value and an id beside it. */
export const nameOf = (name: string): string => (name.length <= 60 ? keyOf(name) : keyOf(`\0${name}`))

// internal

const types = { number: 1, flag: 2, text: 3 } as const

/** Most commits of an execution have the attributes of the one before. */
const columns = new WeakMap<object, Columns>()

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, "\\$&")}"`

const fromNumber = (value: number): Uint8Array => {
  const bytes = new Uint8Array(9)
  const view = new DataView(bytes.buffer)
  bytes[0] = types.number
  // Zero has two forms, which are equal.
  view.setFloat64(1, value === 0 ? 0 : value)
  // The bits of negative numbers are in the other order.
  if (value < 0) for (let index = 1; index < 9; index++) bytes[index] = ~bytes[index]!
  else bytes[1]! |= 0x80
  return bytes
}

const fromString = (text: string): Uint8Array => {
  const bytes: Array<number> = [types.text]
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) bytes.push(unit)
    else if (unit < 0x800) bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f))
    else bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f))
  }
  return Uint8Array.from(bytes)
}
