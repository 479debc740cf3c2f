/**
 * The queries that a program answers, and how they are asked: between two deliveries, beside the program and without a trace.
 *
 * 1. A handler runs at once and to its end, or is refused: there is nothing that it may wait for.
 * 2. Whatever leaves a program is refused: commands, signals taken, a clock that sleeps.
 * 3. Its time is that of the latest event, and its random numbers are its own, from the beginning each time.
 * 4. What it left behind is interrupted. If it has moved a fiber of the program, or does not end, the program is stopped: it is
 *    not to be trusted any more, and its history has it as it was.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import type * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Scheduler from "effect/Scheduler"
import { inShort } from "../../Ids.ts"
import type { Message, QueryAnswer } from "../../Message.ts"
import { OnlyReads, QueryDefect, UnknownQuery, type WorkflowErrorReason } from "../../WorkflowErrorReason.ts"
import { defectOf, defectsOf } from "./defect.ts"
import type { Answerer, Protocol } from "./Protocol.ts"
import { make as makeRandom } from "./random.ts"
import { type FlushBudget, type Guest, WorkflowScheduler } from "./WorkflowScheduler.ts"

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

  /** Asks the program. If it is harmed by its handler, its scheduler has a problem then. */
  ask({ input, name }: Query): Asked {
    const { answerers, budget, context, runId, scheduler } = this
    const answerer = answerers?.get(name)
    if (answerer === undefined) {
      return Result.fail(
        new UnknownQuery({ query: name, answers: [...(answerers?.keys() ?? [])].slice(0, namedAtMost) })
      )
    }
    const reader = new Reader(scheduler, budget, makeRandom(`${runId} ${name}`))
    scheduler.guest = reader
    try {
      const exit = reader.run(
        Context.add(context, Scheduler.Scheduler, reader),
        Effect.suspend(() => answerer.answer(input))
      )
      const what = reader.misdeed ?? (exit === undefined ? "waited for something" : undefined)
      if (what !== undefined) return Result.fail(new OnlyReads({ query: name, what }))
      return asked(name, exit!)
    } catch (thrown) {
      // Thrown past all fibers: no part of the program can be trusted.
      scheduler.stop(harm(name))
      return Result.fail(new QueryDefect({ query: name, defect: defectOf(thrown) }))
    } finally {
      reader.end()
      scheduler.guest = undefined
    }
  }
}

/** The protocol of a program, which the handlers of its queries find in the contexts that they share with it: they may only read. */
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
    activity: (call) => only(() => `called activity ${JSON.stringify(call.name)}`, protocol.activity(call)),
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
    continueAsNew: (input) => {
      scheduler.guest?.refuse("continued as new")
      protocol.continueAsNew(input)
    },
    halt: (problem) => only(() => `could not go on: ${problem.message}`, protocol.halt(problem))
  }
}

/** The random numbers of a program. A handler of a query draws its own. */
export const drawnBy = (scheduler: WorkflowScheduler, own: Random.Random): Random.Random => ({
  nextDoubleUnsafe: () => (scheduler.guest?.random ?? own).nextDoubleUnsafe(),
  nextIntUnsafe: () => (scheduler.guest?.random ?? own).nextIntUnsafe()
})

// internal

const none: ReadonlyArray<Publication> = []

/** How many queries are named that a program answers. */
const namedAtMost = 20

/** How often what a handler left behind is interrupted: its finalizers may leave something behind again. */
const rounds = 3

type Answer = Exit.Exit<QueryAnswer, WorkflowErrorReason>

/** Runs the fibers of one handler, and stands in for the scheduler of the program meanwhile. */
class Reader extends WorkflowScheduler implements Guest {
  readonly random: Random.Random
  /** What the handler did that only a program may do; the first is kept. */
  misdeed: string | undefined = undefined
  private readonly host: WorkflowScheduler
  private readonly limit: number
  private readonly fibers = new Set<Fiber.Fiber<unknown, unknown>>()
  /** The number of its first fiber: those of the program are older. */
  private first: number | undefined = undefined

  constructor(host: WorkflowScheduler, budget: FlushBudget, random: Random.Random) {
    super(
      budget,
      () => "the handler of a query",
      () => {}
    )
    this.host = host
    this.limit = budget.milliseconds
    this.random = random
  }

  /** Runs a handler; returns how it ended, if it did. */
  run(context: Context.Context<never>, handler: Effect.Effect<QueryAnswer, WorkflowErrorReason>): Answer | undefined {
    let root: Fiber.Fiber<QueryAnswer, WorkflowErrorReason> | undefined
    this.flush(() => {
      root = Effect.runForkWith(context)(handler)
    })
    const exit = root?.pollUnsafe()
    if (this.problem?.reason === "Spinning") this.misdeed ??= `ran for ${this.limit} ms without an end`
    this.interruptAll()
    return exit
  }

  override shouldYield(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    this.first ??= fiber.id
    if (fiber.id < this.first) {
      this.misdeed ??= "woke or interrupted a fiber of the program"
      this.host.stop(harm(this.misdeed))
      this.stop(harm(this.misdeed))
      return true
    }
    this.fibers.add(fiber)
    return super.shouldYield(fiber)
  }

  refuse(what: string): never {
    this.misdeed ??= what
    throw new Error(`the handler of a query may only read, and it ${what}`)
  }

  /** Whatever comes of the handler from now on is dropped. */
  end(): void {
    this.stop(harm("it has ended"))
  }

  private get unfinished(): ReadonlyArray<Fiber.Fiber<unknown, unknown>> {
    return [...this.fibers].filter((fiber) => fiber.pollUnsafe() === undefined)
  }

  /** Interrupts what goes on, which could take something from the program later. */
  private interruptAll(): void {
    for (let round = 0; round < rounds; round++) {
      const { unfinished } = this
      if (unfinished.length === 0) return
      this.flush(() => {
        for (const fiber of unfinished) fiber.interruptUnsafe()
      })
    }
    if (this.unfinished.length > 0) this.host.stop(harm(this.misdeed ?? "did not let itself be interrupted"))
  }
}

const harm = (what: string) =>
  ({ reason: "Defect", message: `the handler of a query may have changed the program: ${what}` }) as const

const asked = (query: string, exit: Answer): Asked => {
  if (exit._tag === "Success") return Result.succeed(exit.value)
  const fail = exit.cause.reasons.find(Cause.isFailReason)
  if (fail !== undefined) return Result.fail(fail.error)
  const dies = exit.cause.reasons.filter(Cause.isDieReason)
  const defect =
    dies.length === 0
      ? { name: "Interrupted", message: "the handler interrupted itself" }
      : defectsOf(dies.map(({ defect }) => defect))
  return Result.fail(new QueryDefect({ query, defect }))
}
