/**
 * The attributes of an execution as its program knows them: they follow from its start and its own commands, live and in replay.
 */
import type { AttributeChanges, EventOf } from "../../HistoryEvent.ts"
import { type Attributes, withChanges } from "../core/attributes.ts"
import type { Protocol } from "./Protocol.ts"

/** How a program reads and changes them. `record` issues the command of a change. */
export const ownAttributes = (
  { attributes = none }: EventOf<"ExecutionStarted">,
  record: (changes: AttributeChanges) => void
): Pick<Protocol, "attributes" | "setAttributes"> => {
  let current: Attributes = attributes
  return {
    attributes: () => current,
    setAttributes: (changes) => {
      current = withChanges(current, changes)
      record(changes)
    }
  }
}

// internal

const none: Attributes = {}
