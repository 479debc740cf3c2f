/**
 * What is outside of the processes that die: it asks the one that lives, and the next one when that dies before it answers. So what it
 * asks for happens once.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Semaphore from "effect/Semaphore"
import { DurableExecutor } from "../Executor/DurableExecutor.ts"
import * as Executions from "../Executor/Executions.ts"
import { type Ref, Version, type WorkflowId } from "../Ids.ts"
import type { AnswerOf, Message } from "../Message.ts"
import type { WorkflowStore } from "../Store/WorkflowStore.ts"
import type { WorkflowError } from "../WorkflowError.ts"

type Executor = DurableExecutor["Service"]

/** A process that lives, as its outside knows it. */
export interface Living {
  /** Its executor, as soon as it is built. */
  readonly executor: Effect.Effect<Executor>
  readonly died: Effect.Effect<void>
}

export class Outside {
  readonly context: Context.Context<DurableExecutor | Executions.Executions>
  private readonly living: Effect.Effect<Living>
  private readonly store: WorkflowStore["Service"]
  /** Signals go one after the other: so one that was recorded is told from another of its name. */
  private readonly signals = Semaphore.makeUnsafe(1)

  constructor(options: {
    /** Completes as soon as a process lives. */
    readonly living: Effect.Effect<Living>
    readonly store: WorkflowStore["Service"]
    /** How late a message comes. */
    readonly late: Effect.Effect<void>
  }) {
    const { late, living, store } = options
    this.living = living
    this.store = store
    const executor: Executor = {
      start: (request) => this.ask((executor) => executor.start(request)),
      find: (workflowId) => this.ask((executor) => executor.find(workflowId)),
      send: (ref, message) => Effect.andThen(late, this.send(ref, message)),
      result: (ref) => this.ask((executor) => executor.result(ref))
    }
    this.context = Context.make(DurableExecutor, executor).pipe(
      Context.add(Executions.Executions, Executions.make(store))
    )
  }

  /** Asks the living process, and the next one if it dies before it answers: then `again`, if that is another question. */
  private ask<A>(
    question: (executor: Executor) => Effect.Effect<A, WorkflowError>,
    again = question
  ): Effect.Effect<A, WorkflowError> {
    return Effect.flatMap(this.living, ({ died, executor }) =>
      Effect.raceFirst(
        Effect.map(Effect.flatMap(executor, question), Option.some),
        Effect.as(died, Option.none<A>())
      ).pipe(Effect.flatMap(Option.match({ onSome: Effect.succeed, onNone: () => this.ask(again) })))
    )
  }

  /** Sends a message. When the answer was lost in a crash it is looked up before the message is sent again. */
  private send<M extends Message>(ref: Ref, message: M): Effect.Effect<AnswerOf<M>, WorkflowError> {
    const send = (executor: Executor) => executor.send(ref, message)
    switch (message._tag) {
      case "Query":
        return this.ask(send)
      case "Update":
        return this.ask(send, (executor) => executor.send(ref, known(message) as M))
      case "Signal":
        return this.signals.withPermit(
          Effect.flatMap(this.count(ref, message.name), (before) =>
            this.ask(send, (executor) =>
              Effect.flatMap(this.count(ref, message.name), (now) =>
                now > before ? Effect.succeed(undefined as AnswerOf<M>) : executor.send(ref, message)
              )
            )
          )
        )
      default:
        return this.ask(send, (executor) =>
          // What was recorded already is refused, as over.
          Effect.catchIf(send(executor), isOver, () => Effect.succeed(undefined as AnswerOf<M>))
        )
    }
  }

  /** How many signals of a name an execution has been sent. */
  private count({ workflowId }: Ref, name: string): Effect.Effect<number> {
    return this.store.load(workflowId as WorkflowId, { after: Version.make(0) }).pipe(
      Effect.map(Option.match({ onNone: () => [], onSome: ({ commits }) => commits.flatMap(({ events }) => events) })),
      Effect.map((events) => events.filter((event) => event._tag === "SignalReceived" && event.name === name).length),
      Effect.orDie
    )
  }
}

// internal

/** The same request, whose id may be known by now. */
const known = ({ isNew: _, ...request }: Extract<Message, { readonly _tag: "Update" }>): Message => request

const over: ReadonlySet<string> = new Set(["ActivityOver", "Finished"])

const isOver = ({ reason }: WorkflowError): boolean => over.has(reason._tag)
