/**
 * Attributes as search attributes of Temporal: the ones that the namespace has, each of the type that it has there.
 */
import type { SearchAttributePair, SearchAttributeUpdatePair } from "@temporalio/common"
import type { Attribute, AttributeChanges } from "../../HistoryEvent.ts"
import type { Searchable } from "./wire.ts"

/** The search attributes of an execution that is started. */
export const searchAttributesOf = (
  attributes: Readonly<Record<string, Attribute>> | undefined,
  searchable: Searchable | undefined
): Array<SearchAttributePair> => changesOf(attributes ?? {}, searchable) as Array<SearchAttributePair>

/** The search attributes that change. A value of another type than the namespace has stays in the memo alone. */
export const changesOf = (
  changes: AttributeChanges,
  searchable: Searchable | undefined
): Array<SearchAttributeUpdatePair> =>
  Object.entries(changes).flatMap(([name, value]): ReadonlyArray<SearchAttributeUpdatePair> => {
    const kind = searchable !== undefined && Object.hasOwn(searchable, name) ? searchable[name] : undefined
    if (kind === "text" && (value === null || typeof value === "string"))
      return [{ key: { name, type: "KEYWORD" }, value }]
    if (kind === "number" && (value === null || typeof value === "number")) {
      return [{ key: { name, type: "DOUBLE" }, value }]
    }
    if (kind === "flag" && (value === null || typeof value === "boolean"))
      return [{ key: { name, type: "BOOL" }, value }]
    return []
  })
