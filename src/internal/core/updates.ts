/**
 * The updates of a chain, folded: `evolve.ts` has the states that they are part of.
 */
import type { EventOf } from "../../HistoryEvent.ts"
import type { OpenUpdate, Updates } from "../../WorkflowState.ts"
import { digest } from "./digest.ts"
import { latest } from "./remembered.ts"

/** The updates of a chain that was asked for none. */
export const none: Updates = { open: new Map(), answered: new Map() }

/** The updates that a run takes over from the one before, as it was left by `left`. */
export const from = ({ answered, open }: Left): Updates => ({
  open: new Map(open.map((request) => [request.id, openBy({ _tag: "UpdateRequested", ...request })])),
  answered: new Map(answered)
})

/** What the next run takes over. Handlers that run have ended by then, so what is open was not taken by one. */
export const left = ({ answered, open }: Updates): Left => ({
  open: Array.from(open.values(), ({ request }) => request).flatMap((request) => {
    if (request === undefined) return []
    const { at, id, input, name, trace } = request
    return [{ at, id, input, name, ...(trace === undefined ? {} : { trace }) }]
  }),
  answered: latest([...answered], ([id]) => id)
})

/** Where an update stands: `"other"` is one of the same id with another name or input, as far as digests tell. */
export type Standing = "unknown" | "requested" | "accepted" | "answered" | "other"

/** Where the update of a request stands. */
export const standingOf = ({ answered, open }: Updates, request: Request): Standing => {
  const update = open.get(request.id)
  const known = update?.digest ?? answered.get(request.id)
  if (known === undefined) return "unknown"
  if (known !== digestOf(request)) return "other"
  if (update === undefined) return "answered"
  return update.request === undefined ? "accepted" : "requested"
}

/** The updates after an event. A request whose id is known changes nothing. The maps of a chain belong to it and change in place. */
export const after = (
  updates: Updates,
  event: EventOf<"UpdateRequested" | "UpdateAccepted" | "UpdateAnswered">
): Updates => {
  const own = updates === none ? { open: new Map(), answered: new Map() } : updates
  const open = own.open as Map<string, OpenUpdate>
  const update = open.get(event.id)
  switch (event._tag) {
    case "UpdateRequested":
      if (update !== undefined || own.answered.has(event.id)) return own
      open.set(event.id, openBy(event))
      return own
    case "UpdateAccepted":
      if (update !== undefined) open.set(event.id, { ...update, request: undefined })
      return own
    case "UpdateAnswered":
      if (update === undefined) return own
      open.delete(event.id)
      ;(own.answered as Map<string, number>).set(event.id, update.digest)
      return own
  }
}

// internal

type Left = NonNullable<EventOf<"ExecutionStarted">["continues"]>["updates"]
type Request = Pick<EventOf<"UpdateRequested">, "id" | "name" | "input">

const openBy = (request: EventOf<"UpdateRequested">): OpenUpdate => ({
  name: request.name,
  digest: digestOf(request),
  at: request.at,
  trace: request.trace,
  request
})

const digestOf = ({ input, name }: Request): number => digest(JSON.stringify([name, input]))
