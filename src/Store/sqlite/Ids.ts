/**
 * The ids of commits in a row of `segments`.
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { toName } from "./Row.ts"

/** The ids of the commits of a row of `segments`. A row of a release before the log has one commit, and says no first version. */
export const idsOf = (id: unknown, first: unknown): ReadonlyArray<string> | undefined => {
  if (first === null) return [toName(id)]
  const ids = Option.getOrUndefined(parse(String(id)))
  return Array.isArray(ids) && ids.every(Predicate.isString) ? ids : undefined
}

// internal

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(JSON.parse)
