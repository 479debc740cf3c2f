/**
 * Hooks: effects that are told what happens to executions, beside them: an audit trail, a message to a person, a count.
 *
 * They are called after the commit they tell of, by the process that made it, once, and never by a replay or a takeover. A process that
 * dies between the commit and the call has lost the call; what must not be lost is an activity. A hook that fails, dies or hangs is
 * logged, and changes nothing else.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { type Committed, Observers } from "../Executor/Observers.ts"
import type { HistoryEvent } from "../HistoryEvent.ts"
import { effectOf } from "../internal/given.ts"
import { ofLayer } from "../internal/ofLayer.ts"
import { count, first, time } from "../internal/options.ts"
import { under } from "../internal/traced.ts"
import { type AnyCodecs, type Call, callOf, hooksOf } from "./hooks/call.ts"
import type { About, Definition, Recorded } from "./hooks/events.ts"
import type { Handlers, HookName, Known, NeedsOf } from "./hooks/Handlers.ts"
import { Lines } from "./hooks/Lines.ts"
import { type Hook, Part } from "./hooks/Part.ts"

export type * from "./hooks/events.ts"
export type { Handlers, HookName, NeedsOf } from "./hooks/Handlers.ts"

/**
 * Marks hooks.
 *
 * @category symbols
 * @since 0.2.0
 */
export const TypeId = "~perdure/Hooks" as const

/**
 * Hooks, and the services that they need.
 *
 * @category models
 * @since 0.2.0
 */
export interface Hooks<out R = never> {
  readonly [TypeId]: Made<R>
}

/**
 * Whether a value is hooks.
 *
 * @category guards
 * @since 0.2.0
 */
export const isHooks = (value: unknown): value is Hooks<unknown> => Predicate.hasProperty(value, TypeId)

/**
 * Makes hooks that are told of the definitions of a list, in decoded values, or without a list of everything, in the JSON that is
 * recorded. Throws a `TypeError` for a list or hooks that make no sense.
 *
 * **Example** (An audit trail)
 *
 * ```ts
 * import { Effect, Layer, Schema } from "effect"
 * import { Activity, Hooks, Workflow } from "perdure"
 * import * as DefaultExecutor from "perdure/Executor/Default"
 *
 * const Charge = Activity.make("Charge", { input: Schema.Struct({ cents: Schema.Int }) })
 * const Refund = Activity.make("Refund", { input: Schema.Struct({ cents: Schema.Int, why: Schema.String }) })
 * const Order = Workflow.make("Order", { input: Schema.String })
 *
 * const audit = Hooks.make([Order, Charge, Refund], {
 *   onWorkflowStart: ({ input, workflowId }) => Effect.log(`${workflowId} has started for ${input}`),
 *   onActivityComplete: (event) =>
 *     event.activity === "Refund"
 *       ? Effect.log(`${event.input.cents} went back: ${event.input.why}`)
 *       : Effect.log(`${event.input.cents} were charged`)
 * })
 *
 * // After the executor, and before the workflows: so it is told of all that they commit, also in a shutdown.
 * const OrderLive = Layer.empty
 * const Main = OrderLive.pipe(Layer.provideMerge(Hooks.layer(audit)), Layer.provideMerge(DefaultExecutor.layer))
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const make: {
  <const Definitions extends ReadonlyArray<Definition>, H extends Handlers<Definitions[number]>>(
    definitions: Definitions,
    hooks: H & Known<H>
  ): Hooks<NeedsOf<H>>
  <H extends Handlers<Recorded>>(hooks: H & Known<H>): Hooks<NeedsOf<H>>
} = (...given: readonly [unknown, unknown] | readonly [unknown]): Hooks<never> =>
  given.length === 1 ? made([new Part(given[0], undefined)]) : made([new Part(given[1], given[0] ?? "no list at all")])

/**
 * Hooks that are told one after the other of each event: the next ones when the ones before have ended, or their time is over.
 *
 * @category combinators
 * @since 0.2.0
 */
export const compose = <const All extends ReadonlyArray<Hooks<any>>>(
  ...hooks: All
): Hooks<All[number] extends Hooks<infer R> ? R : never> => made(hooks.flatMap(partsOf))

/**
 * How hooks are called. All has sane defaults.
 *
 * @category models
 * @since 0.2.0
 */
export interface Options {
  /** How long a call may take; then it is interrupted and left behind. Default 5 seconds. */
  readonly timeout?: Duration.Input | undefined
  /** Executions whose hooks run at once. The calls of one execution never overlap. Default 16. */
  readonly concurrency?: number | undefined
  /**
   * Calls that may wait, or go on after their time because they let nothing interrupt them; what comes then is dropped, and counted in
   * the log. Default 10,000.
   */
  readonly queueSize?: number | undefined
  /** How long the end of the layer may wait, in real time, for calls that are left. Default 5 seconds. */
  readonly shutdownTimeout?: Duration.Input | undefined
}

/**
 * Calls hooks for as long as the layer lives, with the services of the layer. Each layer has calls of its own, so any number of them
 * add up. Throws a `TypeError` for options that make no sense.
 *
 * It belongs between the executor and the workflows. There it is told of all that this process commits, and when a shutdown ends the
 * workflows it still is.
 *
 * @category layers
 * @since 0.2.0
 */
export const layer = <R>(hooks: Hooks<R>, options: Options = {}): Layer.Layer<never, never, Observers | R> => {
  const { concurrency = 16, queueSize = 10_000, shutdownTimeout = "5 seconds", timeout = "5 seconds" } = options
  const fault = first(
    count("concurrency", concurrency),
    count("queueSize", queueSize),
    time("timeout", timeout),
    time("shutdownTimeout", shutdownTimeout, { least: 0 })
  )
  if (fault !== undefined) throw new TypeError(`hooks: ${fault}`)
  const parts = partsOf(hooks)
  return Layer.effectDiscard(
    Effect.gen(function* () {
      const { add } = yield* Observers
      const lines = new Lines({ concurrency, queueSize }, yield* ofLayer())
      const milliseconds = Duration.toMillis(Duration.fromInputUnsafe(timeout))
      yield* Effect.addFinalizer(() => lines.end(Duration.toMillis(Duration.fromInputUnsafe(shutdownTimeout))))
      // Before the calls that are left are made, no new ones come.
      yield* add({ committed: (commit) => notice(parts, lines, milliseconds, commit) })
    })
  )
}

// internal

/** A hook that is called, and the codecs of what it is told. */
interface Wanted {
  readonly hook: Hook
  readonly codecs: AnyCodecs
}

/** What hooks consist of. What they need stands in the type alone. */
interface Made<out R> {
  readonly parts: ReadonlyArray<Part>
  readonly needs?: R
}

const made = (parts: ReadonlyArray<Part>): Hooks<never> => ({ [TypeId]: { parts } })

const partsOf = (hooks: Hooks<unknown>): ReadonlyArray<Part> => {
  if (!isHooks(hooks)) throw new TypeError("these are no hooks: make them with Hooks.make")
  return hooks[TypeId].parts
}

/** Puts the calls for a commit in the line of its execution. Values are decoded later, where they keep no executor waiting. */
const notice = (parts: ReadonlyArray<Part>, lines: Lines, milliseconds: number, commit: Committed): void => {
  for (const event of commit.events) {
    const isWanted = hooksOf[event._tag]?.some((hook) => parts.some(({ hooks }) => hooks.has(hook))) ?? false
    const call = isWanted ? callOf(event, commit) : undefined
    if (call === undefined) continue
    const wanted = parts.flatMap((part): ReadonlyArray<Wanted> => {
      const codecs = part.codecsFor(call)
      return codecs === undefined ? [] : [{ codecs, hook: part.hooks.get(call.hook)! }]
    })
    if (wanted.length === 0) continue
    const about = aboutOf(commit, event)
    const { trace } = commit
    const calls = wanted.map((each) => callHook(lines, milliseconds, { about, call, trace }, each))
    lines.add(about.workflowId, calls.length === 1 ? calls[0]! : Effect.all(calls, { discard: true }))
  }
}

const aboutOf = ({ summary }: Committed, { at }: HistoryEvent): About => {
  const { runId, version, workflow, workflowId, chain = runId } = summary
  return { workflow, workflowId, runId, chain, version, at }
}

/** What hooks are told of an event, in the trace of its execution. */
interface Telling extends Pick<Committed, "trace"> {
  readonly about: About
  readonly call: Call
}

/** Calls a hook, for as long as it may take. Whatever becomes of it is logged, and goes no further. */
const callHook = (lines: Lines, milliseconds: number, { about, call, trace }: Telling, { codecs, hook }: Wanted) => {
  const told = Effect.suspend(() => {
    const values = call.values(codecs)
    if (Result.isFailure(values)) return logged(call.hook, about, `was not called: ${values.failure}`)
    const event = { ...about, ...values.success } as never
    const called = Effect.scoped(effectOf(`hook ${call.hook}`, () => hook(event))) as Effect.Effect<unknown>
    return lines.within(milliseconds, under(trace, called)).pipe(
      Effect.flatMap((ended) => {
        if (Option.isNone(ended)) return logged(call.hook, about, `took longer than ${milliseconds} ms`)
        const exit = ended.value
        return Exit.isSuccess(exit) ? Effect.void : logged(call.hook, about, "failed", exit.cause)
      })
    )
  })
  // A logger may throw.
  return Effect.ignoreCause(under(trace, told))
}

const logged = (hook: HookName, about: About, what: string, ...cause: ReadonlyArray<unknown>): Effect.Effect<void> => {
  const { runId, version, workflow, workflowId } = about
  const line = Effect.logError(`hook ${hook} ${what}`, ...cause)
  return Effect.annotateLogs(line, { hook, workflow, workflowId, runId, version })
}
