/**
 * A process that writes to executions to which others write as well: `node contendProgram.ts STORE ADDRESS NAME COUNT ID…`.
 *
 * It appends so many commits to each of them, and prints a line for each attempt of which it knows what became of it: that it won or lost
 * the version. An attempt that was not answered is made again until it is.
 */
import { writeSync } from "node:fs"
import { Effect, Option, Redacted, Schedule } from "effect"
import { WorkflowId } from "perdure/Ids"
import * as Dapr from "perdure/Store/Dapr"
import * as Inngest from "perdure/Store/Inngest"
import * as Kafka from "perdure/Store/Kafka"
import * as Postgres from "perdure/Store/Postgres"
import type { StoreError } from "perdure/Store/WorkflowStore"
import { after, signal, type Store } from "../suites/store/builders.ts"

const [kind, address = "", name = "", count = "0", ...ids] = process.argv.slice(2)

const say = (...words: ReadonlyArray<string | number>) => Effect.sync(() => writeSync(1, `${words.join("\t")}\n`))

const answered = <A, R>(effect: Effect.Effect<A, StoreError, R>) =>
  Effect.retry(effect, {
    while: ({ reason }) => reason._tag === "Unavailable",
    schedule: Schedule.jittered(Schedule.spaced("20 millis")).pipe(Schedule.upTo({ duration: "60 seconds" }))
  })

const contend = Effect.fnUntraced(function* (store: Store, id: string) {
  const workflowId = WorkflowId.make(id)
  let attempts = 0
  for (let won = 0; won < Number(count);) {
    const summary = Option.getOrThrow(yield* answered(store.summary(workflowId)))
    const commitId = `${name}:${attempts++}`
    const commit = after(summary, { id: commitId, events: [signal(commitId)] })
    const saved = yield* Effect.result(answered(store.save(commit)))
    if (saved._tag === "Success") won++
    else if (saved.failure.reason._tag !== "Conflict") return yield* saved.failure
    yield* say(saved._tag === "Success" ? "won" : "lost", id, commit.version, commitId)
  }
})

const program = Effect.gen(function* () {
  const [, component] = /^dapr\.(.*)$/.exec(kind!) ?? []
  const store = yield* answered(
    kind === "postgres"
      ? Postgres.make({ url: Redacted.make(address), timeout: "2 seconds" })
      : kind === "inngest"
        ? Inngest.make({ url: address, visibility: "200 millis", lookEvery: "20 millis", lease: "1 second" })
        : component !== undefined
          ? Dapr.make({ url: address, component, timeout: "2 seconds" })
          : Kafka.make({ brokers: address, client: kind as "kafkajs", replicas: 1, timeout: "2 seconds", unsafe: true })
  )
  yield* say("ready")
  yield* Effect.forEach(ids, (id) => contend(store, id), { concurrency: "unbounded", discard: true })
}).pipe(Effect.scoped)

process.stdin.on("end", () => process.exit()).resume()
await Effect.runPromise(program)
process.exit()
