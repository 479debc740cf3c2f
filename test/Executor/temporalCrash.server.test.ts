/**
 * Workers that are killed, and a server that is: every execution ends as if nothing had happened.
 */
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Scope } from "effect"
import * as TemporalExecutor from "perdure/Executor/Temporal"
import { temporalCodec } from "../support/encrypted.ts"
import { start } from "../support/Processes.ts"
import { describeWith, temporalServer } from "../support/servers.ts"
import { attributesOf, encodingOf } from "./temporal/history.ts"
import { Counting, Finish } from "./temporal/crashing.ts"
import { clientOf } from "./temporal/workers.ts"

/** How often a worker is killed, a server is, how many executions are under way, and whether their payloads are encrypted. */
interface Crashes {
  readonly kills: number
  readonly falls: number
  readonly count: number
  readonly isEncrypted: boolean
}

const plain: Crashes = {
  kills: Number(process.env["PERDURE_KILLS"] ?? 5),
  falls: Number(process.env["PERDURE_FALLS"] ?? 2),
  count: Number(process.env["PERDURE_EXECUTIONS"] ?? 20),
  isEncrypted: false
}

/** Executions, of which the crashes are to change nothing. */
const proof = Effect.fnUntraced(function* ({ count, falls, isEncrypted, kills }: Crashes) {
  const codec = isEncrypted ? temporalCodec : undefined
  const server = yield* temporalServer()
  const { address } = server
  const caller = yield* Layer.build(TemporalExecutor.layer({ address, taskQueue: "crashing", codec }))
  const run = Effect.provideContext(caller)
  const calls: Array<ReadonlyArray<string>> = []
  const worker = Effect.gen(function* () {
    const scope = yield* Scope.make()
    const child = yield* Scope.provide(
      start("../Executor/temporal/crashProgram.ts", [address, ...(isEncrypted ? ["encrypted"] : [])]),
      scope
    )
    yield* Effect.forkIn(
      Effect.forever(
        // What it logs is there, too.
        Effect.map(child.line, (line) => (line.length === 3 ? void calls.push(line) : undefined))
      ).pipe(Effect.ignore),
      scope
    )
    return { kill: Effect.andThen(child.kill, Scope.close(scope, Exit.void)) }
  })
  const handles = yield* Effect.forEach(
    Array.from({ length: count }, (_, index) => index),
    (index) => run(Counting.start(undefined, { workflowId: `crashing ${index}` })),
    { concurrency: 10 }
  )
  const ended = yield* Effect.forkChild(
    Effect.forEach(handles, ({ result }) => Effect.retry(run(result), { times: 20 }), {
      concurrency: "unbounded"
    })
  )
  for (let kill = 0; kill < kills; kill++) {
    const { kill: end } = yield* worker
    yield* Effect.sleep(`${2000 + ((kill * 7919) % 1500)} millis`)
    yield* end
    // What comes meanwhile is there afterwards.
    if (kill === 0) yield* Effect.forEach(handles, (handle) => run(Finish.send(handle)), { concurrency: 10 })
    if (kill < falls) yield* server.restart
  }
  const last = yield* worker
  const results = yield* Fiber.join(ended)
  assert.deepStrictEqual(
    results,
    handles.map(() => 10)
  )
  yield* last.kill
  // Each call has one key, and is always given the same.
  const inputs = new Map(calls.map(([key, input]) => [key, input]))
  assert.strictEqual(inputs.size, count * 10)
  for (const [key, input] of calls) assert.strictEqual(inputs.get(key!), input)
  const client = yield* clientOf(address)
  for (const { id } of handles) {
    const history = yield* Effect.promise(() => client.workflow.getHandle(id).fetchHistory())
    assert.lengthOf(attributesOf(history, "activityTaskScheduledEventAttributes"), 10)
    assert.lengthOf(attributesOf(history, "workflowExecutionSignaledEventAttributes"), 1)
    assert.strictEqual(encodingOf(history) === "binary/perdure", isEncrypted)
  }
}, Effect.scoped)

describeWith("temporal", "crashes on Temporal", () => {
  it("executions end although workers and the server are killed", () => Effect.runPromise(proof(plain)), 300_000)

  it(
    "executions whose payloads are encrypted end as well",
    () => Effect.runPromise(proof({ kills: 2, falls: 1, count: 10, isEncrypted: true })),
    120_000
  )
})
