/**
 * The queries that a program answers, and how they are asked: between two deliveries, beside the program and without a trace.
 * A handler may only read (`reader.ts`).
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import { inShort } from "../../Ids.ts"
import type { Message, QueryAnswer } from "../../Message.ts"
import { OnlyReads, QueryDefect, UnknownQuery, type WorkflowErrorReason } from "../../WorkflowErrorReason.ts"
import { defectIn, defectOf } from "./defect.ts"
import type { Answerer, Protocol } from "./Protocol.ts"
import { make as makeRandom } from "./random.ts"
import { type Read, readOnly } from "./reader.ts"
import type { FlushBudget, WorkflowScheduler } from "./WorkflowScheduler.ts"

/** A question in encoded form. */
export type Query = Extract<Message, { readonly _tag: "Query" }>

/** What came of a question. */
export type Asked = Result.Result<QueryAnswer, WorkflowErrorReason>

/** A value that a program publishes: the name of its query, and how it is read. */
export type Publication = readonly [query: string, read: Required<Answerer>["published"]]

export class Queries {
  private readonly scheduler: WorkflowScheduler
  private readonly budget: FlushBudget
  private runId = ""
  private context = Context.empty()
  /** Made when there is one: most programs answer nothing. */
  private answerers: Map<string, Answerer> | undefined = undefined

  constructor(scheduler: WorkflowScheduler, budget: FlushBudget) {
    this.scheduler = scheduler
    this.budget = budget
  }

  /** Takes the context of the root of the program, in which handlers run. */
  begin(runId: string, context: Context.Context<never>): void {
    this.runId = runId
    this.context = context
  }

  /** Answers a query from now on, in the place of an earlier answerer of its name. */
  set(name: string, answerer: Answerer): void {
    this.answerers ??= new Map()
    this.answerers.set(name, answerer)
  }

  /** What the program publishes. */
  get publications(): ReadonlyArray<Publication> {
    if (this.answerers === undefined) return none
    return Array.from(this.answerers).flatMap(([name, { published }]) =>
      published === undefined ? [] : [[name, published] as const]
    )
  }

  /** Runs an effect that may only read, `what` in messages; it draws the same numbers each time, by the seed. */
  read<A, E>(what: string, context: Context.Context<never>, effect: Effect.Effect<A, E>, seed = what): Read<A, E> {
    const { budget, runId, scheduler } = this
    return readOnly(scheduler, { what, budget, context, random: makeRandom(`${runId} ${seed}`) }, effect)
  }

  /** Asks the program. If it is harmed by its handler, its scheduler has a problem then. */
  ask({ input, name }: Query): Asked {
    const { answerers, context } = this
    const answerer = answerers?.get(name)
    if (answerer === undefined) {
      return Result.fail(
        new UnknownQuery({ query: name, answers: [...(answerers?.keys() ?? [])].slice(0, namedAtMost) })
      )
    }
    const read = this.read(
      "the handler of a query",
      context,
      Effect.suspend(() => answerer.answer(input)),
      name
    )
    switch (read._tag) {
      case "Ended":
        return asked(name, read.exit)
      case "Misdeed":
        return Result.fail(new OnlyReads({ query: name, what: read.what }))
      case "Thrown":
        return Result.fail(new QueryDefect({ query: name, defect: defectOf(read.thrown) }))
    }
  }
}

/** The protocol of a program. What only reads, such as a handler of a query, finds it in the context that it shares with the program. */
export const guarded = (protocol: Protocol, scheduler: WorkflowScheduler): Protocol => {
  const only = <A>(what: () => string, effect: Effect.Effect<A>): Effect.Effect<A> =>
    Effect.suspend(() => {
      scheduler.guest?.refuse(what())
      return effect
    })
  // Each member by its name, so that a new one does not compile before it is decided here.
  return {
    workflowId: protocol.workflowId,
    runId: protocol.runId,
    activity: (call, closure) =>
      only(() => `called activity ${JSON.stringify(call.name)}`, protocol.activity(call, closure)),
    receive: (signal) => only(() => `received signal ${JSON.stringify(signal)}`, protocol.receive(signal)),
    poll: (signal) => only(() => `received signal ${JSON.stringify(signal)}`, protocol.poll(signal)),
    send: (outgoing) => only(() => `sent to ${inShort(outgoing.to)}`, protocol.send(outgoing)),
    startChild: (start) => {
      scheduler.guest?.refuse(`started a child of workflow ${JSON.stringify(start.workflow)}`)
      return protocol.startChild(start)
    },
    // To wait for an end is refused like any wait, and one that has come is read.
    endOfChild: (runId) => protocol.endOfChild(runId),
    historyLength: protocol.historyLength,
    suggestContinue: protocol.suggestContinue,
    answer: (query, answerer) => {
      scheduler.guest?.refuse(`began to answer query ${JSON.stringify(query)}`)
      protocol.answer(query, answerer)
    },
    handleUpdates: (name, handler) =>
      only(() => `began to take update ${JSON.stringify(name)}`, protocol.handleUpdates(name, handler)),
    updates: protocol.updates,
    compensations: {
      add: (compensation) => {
        scheduler.guest?.refuse("registered a compensation")
        protocol.compensations.add(compensation)
      },
      failedWith: (cause) => protocol.compensations.failedWith(cause)
    },
    patched: (id) => {
      scheduler.guest?.refuse(`asked for patch ${JSON.stringify(id)}`)
      return protocol.patched(id)
    },
    deprecatePatch: (id) => {
      scheduler.guest?.refuse(`asked for patch ${JSON.stringify(id)}`)
      protocol.deprecatePatch(id)
    },
    attributes: protocol.attributes,
    setAttributes: (changes) => {
      scheduler.guest?.refuse("set attributes")
      protocol.setAttributes(changes)
    },
    continueAsNew: (input) => {
      scheduler.guest?.refuse("continued as new")
      protocol.continueAsNew(input)
    },
    halt: (problem) => only(() => `could not go on: ${problem.message}`, protocol.halt(problem))
  }
}

// internal

const none: ReadonlyArray<Publication> = []

/** How many queries are named that a program answers. */
const namedAtMost = 20

type Answer = Exit.Exit<QueryAnswer, WorkflowErrorReason>

const asked = (query: string, exit: Answer): Asked => {
  if (exit._tag === "Success") return Result.succeed(exit.value)
  const fail = exit.cause.reasons.find(Cause.isFailReason)
  if (fail !== undefined) return Result.fail(fail.error)
  return Result.fail(new QueryDefect({ query, defect: defectIn(exit.cause, "the handler") }))
}
