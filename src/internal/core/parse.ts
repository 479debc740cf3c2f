/**
 * Reads JSON, also where V8 misreads it.
 *
 * V8 13.6, that of Node.js 24, may give a field another name where the name is written with an escape. It expects the name that came next in
 * the objects before with the same fields so far, and compares it with the text of the name, escapes and all, over as many characters as the
 * name has. So after `{"a":1,"\\":2}`, where a field is named by a backslash, `{"a":1,"\n":2}` is read as the same object.
 */
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import { setField } from "./json.ts"

/** What a text of JSON says. Throws as `JSON.parse` does. */
export const parseJson = (text: string): unknown => {
  const value = JSON.parse(text) as Schema.Json
  return hasEscapedName(text) ? readRenamed(text) : value
}

/** The same, and none where a text is no JSON. */
export const parsed: (text: string) => Option.Option<unknown> = Option.liftThrowable(parseJson)

// internal

const backslash = 0x5c
const spaces = /\s*/y

/** Whether the name of a field is written with an escape. Texts without any escape are told at once. */
const hasEscapedName = (text: string): boolean => {
  for (let at = text.indexOf("\\"); at >= 0; at = text.indexOf("\\", at)) {
    at = endFrom(text, at) + 1
    if (isName(text, at)) return true
  }
  return false
}

/** The closing quote of the string in which a place is. */
const endFrom = (text: string, place: number): number => {
  let at = text.indexOf('"', place)
  while (isEscaped(text, at, place)) at = text.indexOf('"', at + 1)
  return at
}

/** Whether a quote is part of a string: an odd number of backslashes is before it. */
const isEscaped = (text: string, at: number, from: number): boolean => {
  let before = at - 1
  while (before >= from && text.charCodeAt(before) === backslash) before--
  return (at - before) % 2 === 0
}

/** Whether the string that ends before a place is the name of a field. */
const isName = (text: string, place: number): boolean => {
  if (text[place] === ":") return true
  spaces.lastIndex = place
  spaces.test(text)
  return text[spaces.lastIndex] === ":"
}

/** Reads a text with other names, which need no escapes, and puts its own in their places. */
const readRenamed = (text: string): Schema.Json => {
  const names: Array<string> = []
  let renamed = ""
  let from = 0
  for (let begin = text.indexOf('"'); begin >= 0; begin = text.indexOf('"', begin)) {
    const end = endFrom(text, begin + 1) + 1
    if (isName(text, end)) {
      renamed += `${text.slice(from, begin)}"_${names.length}"`
      from = end
      // Nothing is expected of a string by itself.
      names.push(JSON.parse(text.slice(begin, end)) as string)
    }
    begin = end
  }
  return named(JSON.parse(renamed + text.slice(from)) as Schema.Json, names)
}

/** A copy whose fields have their own names. Of several with one name the last has the value, as they are all there in order. */
const named = (json: Schema.Json, names: ReadonlyArray<string>): Schema.Json => {
  if (typeof json !== "object" || json === null) return json
  if (Array.isArray(json)) return json.map((each: Schema.Json) => named(each, names))
  const copy: Record<string, Schema.Json> = {}
  for (const [name, field] of Object.entries(json as Schema.JsonObject)) {
    setField(copy, names[Number(name.slice(1))]!, named(field, names))
  }
  return copy
}
