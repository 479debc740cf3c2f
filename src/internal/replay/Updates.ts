/**
 * The updates of a program: its handlers, the requests that wait for one, and the fibers that answer.
 *
 * | what happens                         | what the program issues                              |
 * | ------------------------------------ | ---------------------------------------------------- |
 * | a request, and its name has a handler | `UpdateAccepted`, and the handler runs; or, when it is refused, `UpdateAnswered` |
 * | a request without a handler          | nothing: it waits until one is registered            |
 * | a request whose id is known          | nothing                                              |
 * | a handler ends                       | `UpdateAnswered`                                     |
 * | the program ends                     | nothing: handlers that run are interrupted, and what is open stays open |
 * | it compensates                       | the same as before, for the handlers that compensations register |
 *
 * A validation runs before its decision is recorded. In replay it does not run: the history has the decision (`foresee`), so its code
 * may change. An update that it refused without a trace is validated again when it is sent again.
 */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Schema from "effect/Schema"
import type { EventOf, UpdateExit } from "../../HistoryEvent.ts"
import type { WorkflowError } from "../../WorkflowError.ts"
import { defectIn } from "./defect.ts"
import { failureOf } from "./failure.ts"
import type { Read, Reads } from "./reader.ts"

/** A handler in encoded form. */
export interface UpdateHandler {
  /** The context of the fiber that registered it. */
  readonly context: Context.Context<never>
  /** Decides whether an input is refused, and with what; what it runs to know may only read. */
  readonly refuse: (input: Schema.Json, read: RunReading) => UpdateExit | undefined
  readonly run: (input: Schema.Json) => Effect.Effect<Schema.Json, Schema.Json | WorkflowError>
}

/** Runs the validation of an update. */
export type RunReading = <A, E>(effect: Effect.Effect<A, E>) => Read<A, E>

/** What an update asks for. */
export type UpdateRequest = Pick<EventOf<"UpdateRequested">, "id" | "name" | "input">

/** What is issued: the interpreter adds the time. */
export type UpdateCommand = Omit<EventOf<"UpdateAccepted">, "at"> | Omit<EventOf<"UpdateAnswered">, "at">

export class Updates {
  private readonly issue: (command: UpdateCommand) => void
  private readonly reads: Reads
  private readonly handlers = new Map<string, UpdateHandler>()
  private readonly waiting = new Map<string, Array<UpdateRequest>>()
  private readonly known = new Set<string>()
  /** What was decided on updates that no handler has taken yet. */
  private readonly judged = new Map<string, UpdateExit | "accepted">()
  private readonly running = new Map<Fiber.Fiber<unknown, unknown>, string>()
  /** Whether no more updates are taken. */
  private stopping = false
  /** Whether the program ends, which interrupts the handlers. */
  private ending = false

  constructor(issue: (command: UpdateCommand) => void, reads: Reads) {
    this.issue = issue
    this.reads = reads
  }

  /** Notes what the history that is replayed next says of an update. */
  foresee(event: EventOf<"UpdateAccepted" | "UpdateAnswered">): void {
    if (event._tag === "UpdateAccepted") this.judged.set(event.id, "accepted")
    else if (!this.judged.has(event.id)) this.judged.set(event.id, event.exit)
  }

  /** Whether a request that is not recorded yet is refused, and with what. */
  refuse({ id, input, name }: UpdateRequest): UpdateExit | undefined {
    const handler = this.stopping ? undefined : this.handlers.get(name)
    if (handler === undefined) return undefined
    const exit = this.judge(handler, name, input)
    if (exit === undefined) this.judged.set(id, "accepted")
    return exit
  }

  request(request: UpdateRequest): void {
    const { id, name } = request
    if (this.known.has(id)) return
    this.known.add(id)
    const handler = this.stopping ? undefined : this.handlers.get(name)
    if (handler !== undefined) return this.take(handler, request)
    const others = this.waiting.get(name)
    if (others === undefined) this.waiting.set(name, [request])
    else others.push(request)
  }

  /** Registers a handler, in the place of an earlier one of its name, and takes what has waited for it. */
  handle(name: string, handler: UpdateHandler): void {
    if (this.stopping) return
    this.handlers.set(name, handler)
    const waiting = this.waiting.get(name)
    this.waiting.delete(name)
    for (const request of waiting ?? []) this.take(handler, request)
  }

  /** Begins with what the run before has left. */
  goOn({ answered, open }: NonNullable<EventOf<"ExecutionStarted">["continues"]>["updates"]): void {
    for (const [id] of answered) this.known.add(id)
    for (const request of open) this.request(request)
  }

  /** The names of the updates that have handlers. */
  get taken(): ReadonlyArray<string> {
    return this.stopping ? [] : [...this.handlers.keys()]
  }

  /** The names of the updates whose handlers run. */
  get underWay(): ReadonlyArray<string> {
    return [...this.running.values()]
  }

  /** Takes no more updates; completes when the handlers that run have ended. */
  readonly finish: Effect.Effect<void> = Effect.suspend(() => {
    this.stopping = true
    return this.running.size === 0 ? Effect.void : Effect.asVoid(Fiber.awaitAll([...this.running.keys()]))
  })

  /** Takes no more updates, and interrupts the handlers that run; completes when they have ended. */
  readonly stop: Effect.Effect<void> = Effect.suspend(() => {
    this.stopping = true
    this.ending = true
    return this.running.size === 0 ? Effect.void : Fiber.interruptAll([...this.running.keys()])
  })

  /** Takes updates again while the program compensates, by the handlers that compensations register: its own have ended with it. */
  within<A>(compensating: Effect.Effect<A>): Effect.Effect<A> {
    this.handlers.clear()
    this.stopping = false
    this.ending = false
    return Effect.ensuring(compensating, this.stop)
  }

  private take(handler: UpdateHandler, { id, input, name }: UpdateRequest): void {
    const judged = this.judged.get(id) ?? this.judge(handler, name, input) ?? "accepted"
    // Stays, so that the history that says it a second time does not add the answer.
    this.judged.set(id, "accepted")
    if (judged !== "accepted") return this.issue({ _tag: "UpdateAnswered", id, exit: judged })
    this.issue({ _tag: "UpdateAccepted", id })
    const fiber = Effect.runForkWith(handler.context)(handler.run(input))
    this.running.set(fiber, name)
    fiber.addObserver((exit) => {
      this.running.delete(fiber)
      const answer = this.answerOf(exit)
      if (answer !== undefined) this.issue({ _tag: "UpdateAnswered", id, exit: answer })
    })
  }

  private judge({ context, refuse }: UpdateHandler, name: string, input: Schema.Json): UpdateExit | undefined {
    const what = `the validation of update ${JSON.stringify(name)}`
    return refuse(input, (effect) => this.reads.read(what, context, effect))
  }

  private answerOf(exit: Exit.Exit<Schema.Json, Schema.Json | WorkflowError>): UpdateExit | undefined {
    if (Exit.isSuccess(exit)) return { _tag: "Success", value: exit.value }
    const { reasons } = exit.cause
    const fail = reasons.find(Cause.isFailReason)
    if (fail !== undefined) return failureOf(fail.error)
    // The program ends, which answers what is open.
    if (this.ending && !reasons.some(Cause.isDieReason)) return undefined
    return { _tag: "Die", defect: defectIn(exit.cause, "the handler") }
  }
}
