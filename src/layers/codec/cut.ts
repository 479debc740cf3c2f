/**
 * Which parts of what a store keeps are payloads: they are hidden, and everything else stays readable. A kind of event, a field of one, a
 * field of a summary or a kind of waiting that is forgotten here does not compile.
 */
import type * as Schema from "effect/Schema"
import type { EventOf, HistoryEvent } from "../../HistoryEvent.ts"
import type { ExecutionSummary } from "../../Store/StoredExecution.ts"
import type { Waiting } from "../../Waiting.ts"

/** What was taken out, by the names of its fields: it is put back as it is, so what is stored tells what was hidden. */
export type Hidden = Readonly<Record<string, Schema.Json>>

/** A value whose payloads are taken out, and those. */
export interface Cut<A> {
  readonly open: A
  /** Absent when there are none. */
  readonly hidden?: Hidden
}

/** Takes the payloads out of an event. */
export const cutEvent = (event: HistoryEvent, secrets: ReadonlySet<string>): Cut<HistoryEvent> => {
  const fields = fieldsOf[event._tag]
  if (fields.length === 0) return { open: event }
  return cut<HistoryEvent>(event, fields, secrets)
}

/** Takes the payloads out of a summary. */
export const cutSummary = (summary: ExecutionSummary, secrets: ReadonlySet<string>): Cut<ExecutionSummary> =>
  cut(summary, fieldsOfSummary, secrets)

/** Puts back what was taken out. A field has the place that it had. */
export const join = <A extends object>(open: A, hidden: Hidden): A => Object.assign(open, hidden)

// internal

/**
 * What becomes of a field: it stays; its value is taken out, and it keeps its place; all of it is; its value is but for the tag, which says
 * what it is; the attributes are that are secret; or the things waited for are that tell more than names.
 */
type Choice = "readable" | "hidden" | "gone" | "tagged" | "attributes" | "waiting"

/** One choice for each field, but for the fields that place an event. */
type Choices<A> = { readonly [Field in Exclude<keyof A, "_tag" | "at" | "seq" | "unread">]-?: Choice }

const readable = "readable"
const hidden = "hidden"
const gone = "gone"
const tagged = "tagged"

const events: { readonly [Tag in HistoryEvent["_tag"]]: Choices<EventOf<Tag>> } = {
  ExecutionStarted: {
    workflow: readable,
    workflowId: readable,
    runId: readable,
    input: hidden,
    deadline: readable,
    owner: readable,
    attributes: "attributes",
    memo: hidden,
    parent: readable,
    root: readable,
    version: readable,
    continues: hidden,
    suggestContinueAt: readable,
    trace: readable
  },
  // A digest of an input that is one of few tells which.
  ActivityScheduled: {
    name: readable,
    input: hidden,
    digest: hidden,
    timeouts: readable,
    retry: readable,
    inline: readable
  },
  ActivityAttemptFailed: { attempt: readable, failure: tagged, retryAt: readable },
  ActivityAttemptIsolated: { attempt: readable, over: readable },
  ActivityPending: { attempt: readable, timeout: readable },
  ActivityAttemptEnded: { attempt: readable, failure: tagged },
  ActivityResolved: { exit: tagged },
  ActivityCancelled: {},
  TimerStarted: { fireAt: readable },
  TimerFired: {},
  TimerCancelled: {},
  MessageSent: { to: readable, message: tagged, run: readable, address: readable },
  PatchRecorded: { id: readable, deprecated: readable },
  AttributesSet: { attributes: "attributes" },
  MessageSettled: { id: readable, outcome: readable },
  ChildEnded: { workflowId: readable, from: readable, closing: tagged },
  SignalReceived: { name: readable, payload: hidden, key: readable, trace: readable, id: readable, from: readable },
  UpdateRequested: { id: readable, name: readable, input: hidden, trace: readable },
  UpdateAccepted: { id: readable },
  UpdateAnswered: { id: readable, exit: tagged },
  CancelRequested: { kind: readable, reason: hidden, id: readable, from: readable },
  OwnerChanged: { owner: readable, lost: readable, version: readable },
  ExecutionBlocked: { problem: hidden, retryAt: readable },
  ExecutionContinued: { next: hidden },
  ExecutionCompleted: { value: hidden },
  ExecutionFailed: { failure: tagged, detail: hidden },
  ExecutionCancelled: { reason: hidden, detail: hidden },
  ExecutionTimedOut: { detail: hidden },
  ExecutionTerminated: { reason: hidden }
}

const summary: { readonly [Field in keyof ExecutionSummary]-?: Choice } = {
  workflowId: readable,
  runId: readable,
  workflow: readable,
  workflowVersion: readable,
  status: readable,
  version: readable,
  firstVersion: readable,
  chain: readable,
  startedAt: readable,
  updatedAt: readable,
  closedAt: readable,
  wakeAt: readable,
  owner: readable,
  waitingFor: "waiting",
  unreceived: readable,
  attributes: "attributes",
  memo: gone,
  parent: readable,
  root: readable,
  owed: readable,
  published: gone,
  format: readable
}

/** Things waited for are of names, ids and times, but for texts that people and programs have written. */
const waitings: { readonly [Tag in Waiting["_tag"]]: "readable" | "hidden" } = {
  Activity: readable,
  Timer: readable,
  Signal: readable,
  Update: readable,
  Updates: readable,
  Answer: readable,
  Child: readable,
  Delivery: readable,
  Deliveries: readable,
  Worker: readable,
  Blocked: hidden,
  Cancelling: hidden,
  NextRun: readable,
  Nothing: readable,
  More: readable,
  Other: hidden
}

/** Stands for a thing waited for. */
const encrypted: Waiting = { _tag: "Other", text: "encrypted" }

type Field = readonly [name: string, choice: Choice]

/** The fields that do not simply stay. */
const cutFields = (choices: Readonly<Record<string, Choice>>): ReadonlyArray<Field> =>
  Object.entries(choices).filter(([, choice]) => choice !== readable)

const fieldsOf = Object.fromEntries(
  Object.entries(events).map(([tag, choices]) => [tag, cutFields(choices)])
) as Record<HistoryEvent["_tag"], ReadonlyArray<Field>>
const fieldsOfSummary = cutFields(summary)

const cut = <A extends object>(given: A, fields: ReadonlyArray<Field>, secrets: ReadonlySet<string>): Cut<A> => {
  const all = given as Readonly<Record<string, Schema.Json | undefined>>
  let open: Record<string, Schema.Json | undefined> | undefined
  const taken: Record<string, Schema.Json> = {}
  for (const [name, choice] of fields) {
    const value = all[name]
    if (value === undefined) continue
    const left = leftOf(value, choice, secrets)
    if (left === keptWhole) continue
    open ??= { ...all }
    if (left === undefined) delete open[name]
    else open[name] = left
    taken[name] = value
  }
  return open === undefined ? { open: given } : { open: open as A, hidden: taken }
}

/** Says of a field that nothing was taken out of it. */
const keptWhole = Symbol("whole")

/** What is left of a field: nothing at all where it is `undefined`. */
const leftOf = (
  value: Schema.Json,
  choice: Choice,
  secrets: ReadonlySet<string>
): Schema.Json | typeof keptWhole | undefined => {
  switch (choice) {
    case "readable":
      return keptWhole
    case "hidden":
      return null
    case "gone":
      return undefined
    case "tagged":
      return { _tag: (value as { readonly _tag: string })._tag }
    case "attributes":
      return withoutSecrets(value as Schema.JsonObject, secrets)
    case "waiting":
      return withoutTexts(value as unknown as ReadonlyArray<Waiting>)
  }
}

const withoutSecrets = (
  attributes: Schema.JsonObject,
  secrets: ReadonlySet<string>
): Schema.JsonObject | typeof keptWhole => {
  if (!Object.keys(attributes).some((name) => secrets.has(name))) return keptWhole
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !secrets.has(name)))
}

const withoutTexts = (all: ReadonlyArray<Waiting>): Schema.JsonArray | typeof keptWhole =>
  all.some(({ _tag }) => waitings[_tag] === hidden)
    ? all.map((each) => (waitings[each._tag] === hidden ? encrypted : each) as unknown as Schema.Json)
    : keptWhole
