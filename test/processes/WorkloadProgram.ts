/**
 * What the worker processes of these tests run, and what of it can be known afterwards. It imports module by module: a
 * process that is loaded sooner can be killed more often.
 */
import { appendFileSync, readFileSync } from "node:fs"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as Activity from "perdure/Activity"
import { ActivityContext } from "perdure/ActivityContext"
import * as Signal from "perdure/Signal"
import * as Workflow from "perdure/Workflow"
import type { HistoryEvent } from "perdure/HistoryEvent"

/** How many tokens an workload takes. */
export const rounds = 4

export const Token = Signal.make("token", { payload: Schema.Int })
export const Workload = Workflow.make("Workload", {
  input: Schema.Int,
  success: Schema.Array(Schema.String),
  workflowId: (number) => `workload ${number}`
})
const Note = Activity.make("Note", { input: Schema.String, success: Schema.String })

/** Writes a line to a file before it does anything else. */
const note = (logFile: string, text: string) =>
  Effect.gen(function* () {
    const { attempt, idempotencyKey } = yield* ActivityContext
    const at = yield* Clock.currentTimeMillis
    // Opened to append and written by one call, so that lines of several processes do not mix.
    appendFileSync(logFile, `${idempotencyKey}\t${attempt}\t${at}\n`)
    yield* Effect.sleep(yield* Random.nextIntBetween(0, 15))
    return text
  })

/** Takes a token, makes two calls at once, one of them inline, and sleeps for a while, several times. */
const program = (logFile: string) => (number: number) =>
  Effect.forEach(Array.from({ length: rounds }), () =>
    Effect.gen(function* () {
      const token = yield* Token.receive
      const right = note(logFile, `${number} right ${token}`)
      const notes = yield* Effect.all(
        [Note(`${number} left ${token}`), Activity.inline("right", { success: Schema.String }, right)],
        { concurrency: 2 }
      )
      yield* Effect.sleep(yield* Random.nextIntBetween(1, 20))
      return notes.join(", ")
    })
  )

/** What an workload answers that got its tokens in order. */
export const answer = (number: number): ReadonlyArray<string> =>
  Array.from({ length: rounds }, (_, token) => `${number} left ${token}, ${number} right ${token}`)

/** The workflow, whose handlers write to a file. */
export const layer = (logFile: string) =>
  Workload.toLayer(program(logFile)).pipe(Layer.provide(Note.toLayer((text) => note(logFile, text))))

/** When the handler of each call ran, by the key of the call. */
export const readLog = (logFile: string): ReadonlyMap<string, ReadonlyArray<number>> => {
  const runs = new Map<string, Array<number>>()
  for (const line of readFileSync(logFile, "utf8").trimEnd().split("\n")) {
    const [key, , at] = line.split("\t")
    runs.set(key!, [...(runs.get(key!) ?? []), Number(at)])
  }
  return runs
}

/** The calls of a history: their keys, and when their results were recorded. */
export const calls = (runId: string, history: ReadonlyArray<HistoryEvent>) =>
  history.flatMap((event) =>
    event._tag === "ActivityResolved" ? [{ key: `${runId}/${event.seq}`, at: event.at }] : []
  )
