/**
 * The ids of commits in a row of `segments`: as JSON, what all begin with, and then what is left of each.
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { parseJson } from "../../internal/core/parse.ts"
import { toName } from "./Row.ts"

/** The column of ids. */
export const fromIds = (ids: ReadonlyArray<string>): string => {
  const [first = "", ...others] = ids
  let length = others.length === 0 ? 0 : first.length
  for (const id of others) while (!id.startsWith(first.slice(0, length))) length--
  return JSON.stringify([first.slice(0, length), ...ids.map((id) => id.slice(length))])
}

/** The ids of the commits of a row. A row of a release before the log has one commit, and says no first version. */
export const idsOf = (id: unknown, first: unknown): ReadonlyArray<string> | undefined => {
  if (first === null) return [toName(id)]
  const found = Option.getOrUndefined(parse(String(id)))
  if (!Array.isArray(found) || !found.every(Predicate.isString)) return undefined
  const [shared = "", ...ids] = found
  return shared === "" ? ids : ids.map((id) => shared + id)
}

// internal

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(parseJson)
