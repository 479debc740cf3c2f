/**
 * The requests to people of one program: they are published as long as they are open, and each takes the first answer that is right.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import { protocolOf } from "../internal/replay/Protocol.ts"
import { WorkflowContext } from "../WorkflowContext.ts"
import {
  AnswerRequest,
  ApprovalExpired,
  type ApprovalRequest,
  ApprovalRefused,
  OpenRequests,
  openRequests,
  type SentAnswer
} from "./ApprovalRequest.ts"

/** An answer that was taken. */
export interface Taken {
  readonly by: string
  readonly decision: unknown
  /** In milliseconds since 1970. */
  readonly at: number
}

/** A request of a program. */
export interface Entry {
  readonly request: ApprovalRequest
  /** The decision that an answer has, or why it is none. */
  readonly read: (answer: SentAnswer) => Effect.Effect<unknown, string>
  readonly taken: Deferred.Deferred<Taken, ApprovalExpired>
  /** What has become of it. */
  state: "open" | "Decided" | "Expired" | "Withdrawn"
}

/** The requests of a program. */
export interface Desk {
  readonly open: (entry: Entry) => Effect.Effect<void, never, WorkflowContext>
  /** Ends a request that is open. */
  readonly close: (entry: Entry, state: "Expired" | "Withdrawn") => Effect.Effect<void, never, WorkflowContext>
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

const make = (program: WorkflowContext["Service"]) => {
  const entries = new Map<string, Entry>()
  const published = Ref.makeUnsafe<ReadonlyArray<ApprovalRequest>>([])

  /** Tells how many are open, which is a command of the program. */
  const publish = Effect.suspend(() => {
    const open = Array.from(entries.values()).flatMap(({ request, state }) => (state === "open" ? [request] : []))
    const told =
      open.length === 0 ? openRequests.remove("openRequests") : openRequests.set({ openRequests: open.length })
    // An execution whose attributes are full cannot be found by this one.
    return Effect.andThen(Ref.set(published, open), Effect.orDie(told))
  }).pipe(Effect.provideService(WorkflowContext, program))

  const close = (entry: Entry, state: Exclude<Entry["state"], "open">) =>
    Effect.suspend(() => {
      if (entry.state !== "open") return Effect.void
      entry.state = state
      const { id, name } = entry.request
      const withdrawn = new ApprovalExpired({ id, name, reason: "Withdrawn" })
      return state === "Withdrawn" ? Effect.andThen(Deferred.fail(entry.taken, withdrawn), publish) : publish
    })

  const entryOf = Effect.fnUntraced(function* (answer: SentAnswer) {
    const entry = entries.get(answer.id)
    const reason = refusalOf(entry, answer, yield* Clock.currentTimeMillis)
    if (entry === undefined || reason !== undefined) {
      return yield* new ApprovalRefused({ id: answer.id, reason: reason ?? "Unknown" })
    }
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
    open: (entry) => {
      entries.set(entry.request.id, entry)
      return publish
    },
    close
  }
  const answer = Effect.andThen(OpenRequests.publish(published), AnswerRequest.handle(take, { validate: entryOf }))
  return { desk, answer }
}

/** Why an answer is not taken. Who may not answer is told nothing of the request. */
const refusalOf = (
  entry: Entry | undefined,
  { by, digest, groups, name }: SentAnswer,
  now: number
): ApprovalRefused["reason"] | undefined => {
  if (entry === undefined) return "Unknown"
  const { request, state } = entry
  if (request.who !== undefined && ![by, ...groups].some((each) => request.who!.includes(each))) return "Forbidden"
  if (digest !== request.digest || name !== request.name) return "Differs"
  if (state !== "open") return state
  return request.expiresAt !== undefined && now >= request.expiresAt ? "Expired" : undefined
}
