/**
 * The requests to people of one program: they are published as long as they are open, and each takes the first answer that is right.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Activity from "../Activity.ts"
import { InlineActivities } from "../Executor/WorkflowRegistry.ts"
import { Registered } from "../internal/handlers.ts"
import { byteLength } from "../internal/store/codec.ts"
import * as RetryPolicy from "../RetryPolicy.ts"
import { protocolOf } from "../internal/replay/Protocol.ts"
import { WorkflowContext } from "../WorkflowContext.ts"
import {
  type Answered,
  AnswerRequest,
  ApprovalExpired,
  ApprovalRefused,
  ApprovalRequest,
  openRequests,
  type Over,
  recording,
  refusalOf,
  Requests,
  type SentAnswer,
  type Standing
} from "./ApprovalRequest.ts"

/** A request of a program. */
export interface Entry {
  readonly request: ApprovalRequest
  /** The decision that an answer has, or why it is none. */
  readonly read: (answer: SentAnswer) => Effect.Effect<unknown, string>
  readonly taken: Deferred.Deferred<Answered<unknown>, ApprovalExpired>
  /** What has become of it. */
  state: "open" | Over
  /** Whether the history has it whole, so that its id is enough to find it. */
  isRecorded: boolean
}

/** The requests of a program. */
export interface Desk {
  readonly open: (entry: Entry) => Effect.Effect<void, never, WorkflowContext>
  /** Ends a request that is open. */
  readonly close: (entry: Entry, state: Exclude<Over, "Decided">) => Effect.Effect<void, never, WorkflowContext>
}

/**
 * The desk of the program that asks, which answers from now on. A replay begins with a new one, and so does a compensation: the handler of
 * the program has ended with it, and so have its requests.
 */
export const desk: Effect.Effect<Desk, never, WorkflowContext> = Effect.gen(function* () {
  const program = yield* WorkflowContext
  const known = desks.get(program)
  if (known !== undefined && protocolOf(program).updates().taken.includes(AnswerRequest.name)) return known
  const made = make(program)
  desks.set(program, made.desk)
  yield* made.answer
  return made.desk
})

// internal

const desks = new WeakMap<WorkflowContext["Service"], Desk>()

/** Whether the executor has inline activities. Where there are none, such as on Temporal, a list asks the program. */
const hasInline = Effect.map(Registered, ({ context }) => Option.isSome(Context.getOption(context, InlineActivities)))

/** It does nothing that could fail, so only the loss of its process ends an attempt. */
const untilRecorded = RetryPolicy.exponential({ maxAttempts: Number.POSITIVE_INFINITY, maximumInterval: "1 minute" })

/**
 * How many bytes of requests are published whole, how large a request may be that is recorded instead, and how many are published that are
 * over. What a program records follows from the first two, so no release may change them.
 */
const bytesPublished = 4096
const bytesRecorded = 262_144
const overPublished = 16

const make = (program: WorkflowContext["Service"]) => {
  const entries = new Map<string, Entry>()
  const published = Ref.makeUnsafe<typeof Requests.success.Type>([])
  const over: Array<Standing> = []

  const open = () => Array.from(entries.values()).filter(({ state }) => state === "open")

  /** Tells how many are open, which is a command of the program. */
  const publish = Effect.suspend(() => {
    const listed = open().map(({ isRecorded, request }) =>
      isRecorded ? ({ id: request.id, state: "Recorded" } as const) : request
    )
    const told =
      listed.length === 0 ? openRequests.remove("openRequests") : openRequests.set({ openRequests: listed.length })
    // An execution whose attributes are full cannot be found by this one.
    return Effect.andThen(Ref.set(published, [...listed, ...over]), Effect.orDie(told))
  }).pipe(Effect.provideService(WorkflowContext, program))

  /** Records a request that is too large to be published beside the others. */
  const record = Effect.fnUntraced(function* (entry: Entry) {
    const { request } = entry
    const whole = open().flatMap(({ isRecorded, request }) => (isRecorded ? [] : [request]))
    if (bytesOf([...whole, request]) <= bytesPublished || bytesOf(request) > bytesRecorded) return
    if (!(yield* hasInline)) return
    yield* Activity.inline(recording, { success: ApprovalRequest, retry: untilRecorded }, Effect.succeed(request))
    entry.isRecorded = true
    // The executor has inline activities, as was asked.
  }) as (entry: Entry) => Effect.Effect<void, never, WorkflowContext>

  const close = (entry: Entry, state: Over) =>
    Effect.suspend(() => {
      if (entry.state !== "open") return Effect.void
      entry.state = state
      over.push({ id: entry.request.id, state })
      if (over.length > overPublished) over.shift()
      const { id, name } = entry.request
      const withdrawn = new ApprovalExpired({ id, name, reason: "Withdrawn" })
      return state === "Withdrawn" ? Effect.andThen(Deferred.fail(entry.taken, withdrawn), publish) : publish
    })

  const entryOf = Effect.fnUntraced(function* (answer: SentAnswer) {
    const entry = entries.get(answer.id)
    if (entry === undefined) return yield* new ApprovalRefused({ id: answer.id, reason: "Unknown" })
    const reason = refusalOf(entry.request, entry.state, answer, yield* Clock.currentTimeMillis)
    if (reason !== undefined) return yield* new ApprovalRefused({ id: answer.id, reason })
    const unfit = (detail: string) => new ApprovalRefused({ id: answer.id, reason: "Unfit", detail })
    return [entry, yield* Effect.mapError(entry.read(answer), unfit)] as const
  })

  const take = Effect.fnUntraced(function* (answer: SentAnswer) {
    const [entry, decision] = yield* entryOf(answer)
    yield* close(entry, "Decided")
    const at = yield* Clock.currentTimeMillis
    yield* Deferred.succeed(entry.taken, { by: answer.by, decision, at })
  })

  const desk: Desk = {
    open: Effect.fnUntraced(function* (entry) {
      yield* record(entry)
      entries.set(entry.request.id, entry)
      yield* publish
    }),
    close
  }
  const answer = Effect.andThen(Requests.publish(published), AnswerRequest.handle(take, { validate: entryOf }))
  return { desk, answer }
}

const bytesOf = (value: ApprovalRequest | ReadonlyArray<ApprovalRequest>): number => byteLength(JSON.stringify(value))
