/** The proof that a value, wherever it is put, harms no more than its own execution. */
import { afterAll, assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Logger, Schema } from "effect"
import { Activity, Workflow, WorkflowError } from "perdure"
import * as Default from "perdure/Executor/Default"
import * as Memory from "perdure/Store/Memory"
import * as Sqlite from "perdure/Store/Sqlite"
import { defectOf } from "../../src/internal/replay/defect.ts"
import type { Place } from "./hostile.ts"
import { names, values } from "./hostileValues.ts"

const stores = { memory: Memory.layer, SQLite: Sqlite.layer({ filename: ":memory:" }) }

const Double = Activity.make("Double", { input: Schema.Number, success: Schema.Number })
const Fine = Workflow.make("Fine", { input: Schema.Number, success: Schema.Number })
const FineLive = Fine.toLayer((n) => Effect.andThen(Effect.sleep(1), Double(n))).pipe(
  Layer.provide(Double.toLayer((n) => Effect.succeed(2 * n)))
)

const uncaught: Array<unknown> = []
const note = (thrown: unknown) => void uncaught.push(thrown)
process.on("uncaughtException", note).on("unhandledRejection", note)
afterAll(() => void process.off("uncaughtException", note).off("unhandledRejection", note))

/** How an attempt ended: what was returned, or the reason why not. */
const endOf = (exit: Exit.Exit<unknown, unknown>): { readonly tag: string; readonly message: string } => {
  if (Exit.isSuccess(exit)) return { tag: "Success", message: "" }
  const error = exit.cause.reasons.find(Cause.isFailReason)?.error
  if (error instanceof WorkflowError.WorkflowError) return { tag: error.reason._tag, message: error.message }
  const isError = exit.cause.reasons.every(Cause.isFailReason)
  return isError ? { tag: "Fail", message: "" } : { tag: "a defect of the caller", message: Cause.pretty(exit.cause) }
}

const ends = ["Success", "Fail", "Defect", "Blocked", "Cancelled", "InvalidPayload", "PayloadTooLarge", "InvalidId"]

const prove = (
  { attempt, place, runs, says, throws, workflows }: Place,
  names: ReadonlyArray<string>,
  store: (typeof stores)[keyof typeof stores]
) =>
  Effect.gen(function* () {
    let ran = 0
    const live = Layer.mergeAll(
      FineLive,
      workflows(() => void ran++)
    ).pipe(
      Layer.provideMerge(Default.layerWith({ answerTimeout: "2 seconds", shutdownTimeout: "1 second" })),
      Layer.provide(store),
      Layer.fresh
    )
    yield* Effect.gen(function* () {
      for (const [index, name] of names.entries()) {
        ran = 0
        const exit = yield* Effect.exit(Effect.timeout(attempt(name), "5 seconds"))
        const { message, tag } = endOf(exit)
        assert.include(ends, tag, `${place}: ${name}: ${message}`)
        assert.isAtMost(ran, runs, `${place}: ${name}: how often the handler ran`)
        if (throws) {
          assert.strictEqual(tag, "Defect", `${place}: ${name}`)
          assert.include(message, defectOf(values[name]).message.slice(0, 500), `${place}: ${name}`)
        }
        if (says !== undefined) assert.include(message, says, `${place}: ${name}: ${tag}`)
        const fine = Effect.timeout(Fine.execute(index, { workflowId: `fine ${name}` }), "5 seconds")
        assert.strictEqual(yield* fine, 2 * index, `${place}: another workflow after ${name}`)
        assert.deepStrictEqual(
          uncaught.splice(0).map((thrown) => defectOf(thrown)),
          [],
          `${place}: ${name}`
        )
      }
    }).pipe(Effect.provide(live))
  }).pipe(Effect.provide(Logger.layer([])))

/** Defines the tests of places, on every store. */
export const suite = (title: string, places: ReadonlyArray<Place>): void => {
  for (const [turn, [store, layer]] of Object.entries(stores).entries()) {
    describe(`${title}, on ${store}`, () => {
      for (const [index, place] of places.entries()) {
        const isTaken = (_: string, name: number) => place.sampled !== true || (name + index + turn) % 4 === 0
        it.live(place.place, () => prove(place, names.filter(isTaken), layer))
      }
    })
  }
}
