/** Payloads on Temporal with a codec: nothing of them is readable on the server, and no key is missed in silence. */
import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { temporal } from "@temporalio/proto"
import { Context, Effect, Layer, Logger } from "effect"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import type { Executions } from "perdure/Executor/Executions"
import * as TemporalExecutor from "perdure/Executor/Temporal"
import type * as TemporalWorker from "perdure/Executor/TemporalWorker"
import { WorkflowId } from "perdure/Ids"
import * as PayloadCodec from "perdure/layers/PayloadCodec"
import * as TemporalStore from "perdure/Store/Temporal"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import type { WorkflowError } from "perdure/WorkflowError"
import { settingsOf } from "../../src/internal/temporal/Options.ts"
import { keyOf } from "../support/encrypted.ts"
import { hiddenOnTemporal, lived, names, seenIn, story, tellingOf } from "../support/secretStory.ts"
import { soon } from "../support/soon.ts"
import * as P from "../suites/portable/programs.ts"
import { describeWith, shared, temporalServer, type TemporalServer } from "../support/servers.ts"
import { Go, Stage, Waiting, waiting } from "./temporal/waitingWorkflows.ts"
import { clientOf, workerLayer } from "./temporal/workers.ts"

const namespace = "default"
const workflows = new URL("./temporal/secretWorkflows.ts", import.meta.url)
const waits = new URL("./temporal/waitingWorkflows.ts", import.meta.url)
const codec = PayloadCodec.forTemporal({ keys: [keyOf("first")], secretAttributes: ["email"] })

/** A server whose namespace has both attributes of the story, as the names of search attributes. */
const server = Effect.gen(function* () {
  const server = yield* temporalServer()
  for (const name of ["customer", "email"]) {
    const create = ["operator", "search-attribute", "create", "--address", server.address]
    execFileSync(server.binary, [...create, "--name", name, "--type", "Keyword"])
  }
  return server
})

/** Lives the story on a server. */
const living = (address: string, options: Pick<TemporalWorker.Options, "codec">) =>
  Effect.scoped(
    Effect.provide(
      lived,
      story.pipe(
        Layer.provideMerge(
          workerLayer({ address, taskQueue: "secrets", workflows, heartbeatInterval: "200 millis", ...options })
        ),
        Layer.provide(Logger.layer([]))
      )
    )
  )

/** All that the server answers of its executions: listings, descriptions and histories, as bytes. */
const toldBy = Effect.fnUntraced(function* ({ address }: TemporalServer) {
  const { workflowService } = yield* clientOf(address)
  return yield* Effect.promise(async () => {
    const list = await workflowService.listWorkflowExecutions({ namespace })
    const api = temporal.api.workflowservice.v1
    const told = [api.ListWorkflowExecutionsResponse.encode(list).finish()]
    for (const { execution } of list.executions) {
      const question = { namespace, execution: execution! }
      const described = await workflowService.describeWorkflowExecution(question)
      const history = await workflowService.getWorkflowExecutionHistory(question)
      told.push(
        api.DescribeWorkflowExecutionResponse.encode(described).finish(),
        api.GetWorkflowExecutionHistoryResponse.encode(history).finish()
      )
    }
    return Buffer.concat(told).toString("latin1")
  })
})

/** All files of a server: its database, and its log. */
const filesOf = ({ folder }: TemporalServer): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n")

const viewOf = (address: string, codec?: PayloadCodec.Codec) =>
  Effect.map(Layer.build(TemporalStore.layer({ address, codec })), Context.get(WorkflowStore))

describeWith("temporal", "the payloads of a story on Temporal", () => {
  it.live(
    "are on the server without a codec: the story has a secret of every kind",
    () =>
      Effect.gen(function* () {
        const told = yield* server
        yield* living(told.address, {})
        assert.deepStrictEqual(seenIn(filesOf(told), hiddenOnTemporal), hiddenOnTemporal)
        assert.deepStrictEqual(seenIn(yield* toldBy(told), hiddenOnTemporal), hiddenOnTemporal)
      }),
    120_000
  )

  it.live(
    "27. are nowhere on it with one, and are read through it",
    () =>
      Effect.gen(function* () {
        const told = yield* server
        yield* living(told.address, { codec })
        assert.deepStrictEqual(seenIn(yield* toldBy(told), hiddenOnTemporal), [])
        assert.deepStrictEqual(seenIn(filesOf(told), hiddenOnTemporal), [])
        assert.deepStrictEqual(seenIn(filesOf(told), names), names)
        const read = yield* tellingOf(yield* viewOf(told.address, codec))
        // The ids of Temporal's updates are read by none.
        const all = hiddenOnTemporal.slice(0, -1)
        assert.deepStrictEqual(seenIn(read, all), all)
      }),
    120_000
  )
})

const [first, second] = [keyOf("first"), keyOf("second")]
const with_ = (...keys: ReadonlyArray<PayloadCodec.PayloadKey>) => PayloadCodec.forTemporal({ keys })
const otherFirst = keyOf("first", "another")

describeWith("temporal", "the keys of payloads on Temporal", () => {
  const shown = shared(temporalServer())
  const handler = P.Echo.toLayer((text) => Effect.succeed(text))

  /** A worker, until the scope closes. */
  const worker = (address: string, taskQueue: string, codec: PayloadCodec.Codec | undefined) =>
    Layer.build(
      Layer.provideMerge(
        waiting.pipe(Layer.provide(handler)),
        workerLayer({ address, taskQueue, workflows: waits, heartbeatInterval: "200 millis", codec })
      ).pipe(Layer.provide(Logger.layer([])))
    )
  const caller = (address: string, taskQueue: string, codec: PayloadCodec.Codec | undefined) =>
    Layer.build(TemporalExecutor.layer({ address, taskQueue, codec }))
  const why = <A, R>(effect: Effect.Effect<A, WorkflowError, R>) =>
    Effect.match(effect, {
      onSuccess: () => "no failure",
      onFailure: ({ reason }) => (reason._tag === "Undecryptable" ? `${reason.fault} ${reason.keyId}` : reason._tag)
    })

  it.live(
    "27. one that a worker lacks blocks, names itself to callers and loses nothing; the right one resumes",
    () =>
      Effect.gen(function* () {
        const { address } = yield* shown
        const callers = yield* caller(address, "keys", with_(first))
        for (const [id, wrong, said] of [
          ["lacking", with_(second), "MissingKey first"],
          ["different", with_(otherFirst), "Refused first"],
          ["none", undefined, "Blocked"]
        ] as const) {
          const started = Waiting.start(id).pipe(Effect.provideContext(callers))
          yield* Effect.scoped(
            Effect.gen(function* () {
              const { result } = yield* started
              yield* worker(address, "keys", wrong)
              assert.strictEqual(yield* why(result), said, id)
            })
          )
        }
        yield* worker(address, "keys", with_(second, first))
        yield* Effect.gen(function* () {
          for (const id of ["lacking", "different", "none"]) {
            yield* Go.send(id, `to ${id}`)
            // Temporal lets some seconds pass between two tries of a task that fails.
            yield* soon(
              Effect.map(Waiting.execute(id), (said) => assert.strictEqual(said, `${id}: to ${id}`)),
              "40 seconds"
            )
          }
        }).pipe(Effect.provideContext(yield* caller(address, "keys", with_(second, first))))
      }),
    120_000
  )

  it.live(
    "27. one that a caller lacks is named, and lists say which executions it cannot read",
    () =>
      Effect.gen(function* () {
        const { address } = yield* shown
        yield* Waiting.start("for another").pipe(Effect.provideContext(yield* caller(address, "none", with_(first))))
        for (const [codec, said] of [
          [with_(second), "MissingKey first"],
          [with_(otherFirst), "Refused first"]
        ] as const) {
          const others = yield* caller(address, "none", codec)
          assert.strictEqual(yield* Effect.provideContext(why(Waiting.handle("for another")), others), said)
          assert.strictEqual(yield* Effect.provideContext(why(Waiting.start("for another")), others), said)
          const view = yield* viewOf(address, codec)
          const { reason } = yield* Effect.flip(view.load(WorkflowId.make("for another")))
          assert.strictEqual(reason._tag, "Undecryptable")
          yield* soon(
            Effect.map(view.list({ workflow: "Waiting" }), ({ unreadable }) =>
              assert.include(unreadable?.find(({ workflowId }) => workflowId === "for another")?.detail, '"first"')
            )
          )
        }
      }),
    60_000
  )

  it.live(
    "27. are named to a process without a codec, which takes no bytes for a value",
    () =>
      Effect.gen(function* () {
        const { address } = yield* shown
        const queue = "without"
        const callers = yield* caller(address, queue, with_(first))
        const others = yield* caller(address, queue, undefined)
        const refused = <A>(effect: Effect.Effect<A, WorkflowError, DurableExecutor | Executions>) =>
          Effect.map(Effect.provideContext(why(effect), others), (said) =>
            assert.strictEqual(said, "MissingKey undefined")
          )
        yield* Effect.scoped(
          Effect.gen(function* () {
            yield* worker(address, queue, PayloadCodec.forTemporal({ keys: [first], readPlain: true }))
            yield* Effect.provideContext(Waiting.start(queue), callers)
            assert.strictEqual(yield* Effect.provideContext(Stage.ask(queue), callers), "waits")
            yield* refused(Stage.ask(queue))
            yield* Effect.provideContext(Go.send(queue, "on"), callers)
            assert.strictEqual(yield* Effect.provideContext(Waiting.execute(queue), callers), `${queue}: on`)
          })
        )
        yield* refused(Waiting.start(queue))
        const { describe, history, result } = yield* Effect.provideContext(Waiting.handle(queue), others)
        yield* refused(result)
        yield* refused(history)
        assert.strictEqual((yield* Effect.provideContext(describe, others)).status, "completed")
        yield* Effect.provideContext(Waiting.start("waits"), callers)
        yield* worker(address, queue, undefined)
        const { result: blocked } = yield* Effect.provideContext(Waiting.handle("waits"), others)
        const { reason } = yield* Effect.flip(Effect.provideContext(blocked, others))
        assert.include(reason.message, "it is encrypted, and this process has no payload codec")
      }),
    60_000
  )

  it.live(
    "27. changes while an execution waits",
    () =>
      Effect.gen(function* () {
        const { address } = yield* shown
        const queue = "changing"
        yield* Waiting.start(queue).pipe(Effect.provideContext(yield* caller(address, queue, with_(first))))
        yield* Effect.scoped(worker(address, queue, with_(first, second)))
        yield* worker(address, queue, with_(second, first))
        yield* Effect.gen(function* () {
          yield* Go.send(queue, "on")
          assert.strictEqual(yield* Waiting.execute(queue), `${queue}: on`)
        }).pipe(Effect.provideContext(yield* caller(address, queue, with_(second, first))))
        const view = yield* viewOf(address, with_(second))
        assert.strictEqual((yield* Effect.flip(view.load(WorkflowId.make(queue)))).reason._tag, "Undecryptable")
      }),
    60_000
  )

  it.live(
    "27. are asked for everything, unless readPlain says that there is something from before",
    () =>
      Effect.gen(function* () {
        const { address } = yield* shown
        const queue = "before"
        const plain = yield* caller(address, queue, undefined)
        yield* Effect.provideContext(Waiting.start(queue), plain)
        const strict = yield* caller(address, queue, with_(first))
        assert.strictEqual(yield* Effect.provideContext(why(Waiting.handle(queue)), strict), "NotEncrypted undefined")
        const lenient = PayloadCodec.forTemporal({ keys: [first], readPlain: true })
        yield* worker(address, queue, lenient)
        yield* Effect.gen(function* () {
          yield* Go.send(queue, "on")
          assert.strictEqual(yield* Waiting.execute(queue), `${queue}: on`)
        }).pipe(Effect.provideContext(yield* caller(address, queue, lenient)))
      }),
    60_000
  )

  it.live(
    "27. bind a payload to its execution: one that is moved to another is refused by its worker",
    () =>
      Effect.gen(function* () {
        const { address } = yield* shown
        const queue = "moved"
        const callers = yield* caller(address, queue, with_(first))
        yield* Effect.gen(function* () {
          yield* Waiting.start("moved from")
          yield* Go.send("moved from", "a secret")
          yield* Waiting.start("moved to")
        }).pipe(Effect.provideContext(callers))
        const { workflow, workflowService } = yield* clientOf(address)
        yield* Effect.promise(async () => {
          const { events } = await workflow.getHandle("moved from").fetchHistory()
          const { input } = events!.find(
            (event) => event.workflowExecutionSignaledEventAttributes
          )!.workflowExecutionSignaledEventAttributes!
          await workflowService.signalWorkflowExecution({
            ...{ namespace, workflowExecution: { workflowId: "moved to" }, signalName: "go", input: input! }
          })
        })
        yield* worker(address, queue, with_(first))
        yield* Effect.gen(function* () {
          assert.strictEqual(yield* Waiting.execute("moved from"), "moved from: a secret")
          const { result } = yield* Waiting.handle("moved to")
          assert.strictEqual(yield* why(result), "Refused undefined")
        }).pipe(Effect.provideContext(callers))
      }),
    60_000
  )

  it("and settings are refused that make no sense", () => {
    assert.throws(() => with_(), "the options of a payload codec: the keys: there is none")
    const attributes = { email: "text" } as const
    assert.throws(() => settingsOf({ codec, attributes }), 'the attribute "email" is secret')
    assert.throws(() => settingsOf({ codec: {} as never }), "codec must be what PayloadCodec.forTemporal makes")
  })
})
