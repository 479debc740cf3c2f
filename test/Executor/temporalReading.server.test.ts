/**
 * What is known of executions on Temporal, and what is refused when an app begins to use it.
 *
 * 1. Executions are described, listed, counted and removed, and their histories are told as ours.
 * 2. The store is a view of the same, and takes no commits.
 * 3. What is missing is said when a layer is built, with what to do.
 */
import { assert, describe, it, layer } from "@effect/vitest"
import type { Client } from "@temporalio/client"
import { Context, Effect, Exit, Layer, Option, Redacted, Schedule } from "effect"
import { Waiting, type WorkflowError } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { Executions } from "perdure/Executor/Executions"
import * as TemporalExecutor from "perdure/Executor/Temporal"
import * as TemporalWorker from "perdure/Executor/TemporalWorker"
import * as PayloadCodec from "perdure/layers/PayloadCodec"
import * as TemporalStore from "perdure/Store/Temporal"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { execFileSync } from "node:child_process"
import { fold } from "../../src/internal/core/evolve.ts"
import { connected } from "../../src/internal/temporal/connecting.ts"
import { ask } from "../../src/internal/temporal/Server.ts"
import { describeWith, shared, temporalServer } from "../support/servers.ts"
import { allOf } from "../suites/portable/all.ts"
import { nothingSeen, type Seen } from "../suites/portable/handlers.ts"
import * as P from "../suites/portable/programs.ts"
import { errorOf as reasonOf } from "../suites/executor/failures.ts"
import { errorOf } from "./temporal/attempting.ts"
import { clientOf, workerLayer } from "./temporal/workers.ts"

const taskQueue = "reading"
const attributes = { customer: "text", total: "number", urgent: "flag" } as const

class Lab extends Context.Service<
  Lab,
  {
    readonly run: <A, E, R>(
      effect: Effect.Effect<A, E, R>
    ) => Effect.Effect<A, E, Exclude<R, DurableExecutor | Executions>>
    readonly executions: Executions["Service"]
    readonly store: WorkflowStore["Service"]
    readonly client: Client
    readonly seen: Seen
  }
>()("perdure/test/temporalReading/Lab") {}

const tags = (events: ReadonlyArray<{ readonly _tag: string }>) => events.map(({ _tag }) => _tag)

/** It reads like a certificate, and is none. */
const pem = "-----BEGIN CERTIFICATE-----"

const until = <E, R>(isSo: Effect.Effect<boolean, E, R>) =>
  Effect.repeat(isSo, { until: (value) => value, schedule: Schedule.spaced("50 millis"), times: 1500 }).pipe(
    Effect.filterOrElse(
      (value) => value,
      () => Effect.die(new Error("it did not become so"))
    )
  )

describeWith("temporal", "reading on Temporal", () => {
  const server = shared(temporalServer())

  const lab = Layer.effect(
    Lab,
    Effect.gen(function* () {
      const { address } = yield* server
      const missing = yield* errorOf(TemporalExecutor.layer({ address, attributes }))
      const { reason } = missing as TemporalExecutor.TemporalError
      assert.deepInclude(reason, {
        _tag: "AttributesMissing",
        missing: { customer: "Keyword", total: "Double", urgent: "Bool" },
        different: {}
      })
      const { command } = reason as TemporalExecutor.AttributesMissing
      assert.include((missing as TemporalExecutor.TemporalError).message, command)
      // The command that it says.
      const { binary } = yield* server
      execFileSync(binary, command.split(" ").slice(1))
      const options = { address, taskQueue, attributes }
      const seen = nothingSeen()
      const made = Layer.provideMerge(allOf(seen), workerLayer(options))
      yield* until(Effect.map(Effect.exit(Effect.scoped(Layer.build(TemporalExecutor.layer(options)))), Exit.isSuccess))
      yield* Layer.build(made)
      const callers = yield* Layer.build(TemporalExecutor.layer(options))
      const store = Context.get(yield* Layer.build(TemporalStore.layer(options)), WorkflowStore)
      return Lab.of({
        run: Effect.provideContext(callers) as never,
        executions: Context.get(callers, Executions),
        store,
        client: yield* clientOf(address),
        seen
      })
    }).pipe(Effect.orDie)
  )

  /** Temporal's ids of the runs of a chain, oldest first. */
  const runsOf = Effect.fnUntraced(function* (workflowId: string, count: number) {
    const { client } = yield* Lab
    const listed = Effect.promise(async () => {
      const runs = []
      for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) runs.push(run)
      return runs.toSorted((a, b) => a.startTime.getTime() - b.startTime.getTime()).map(({ runId }) => runId)
    })
    return yield* Effect.repeat(listed, {
      until: ({ length }) => length === count,
      schedule: Schedule.spaced("50 millis"),
      times: 400
    })
  })

  layer(lab, { excludeTestServices: true, timeout: "2 minutes" })("of executions", (it) => {
    it.effect("1. an execution is described while it runs and when it has ended", () =>
      Effect.gen(function* () {
        const { executions, run } = yield* Lab
        const started = { workflowId: "described", memo: { note: "handle with care" } }
        const handle = yield* run(P.Impatient.start("described", started))
        yield* until(
          Effect.map(executions.describe("described"), ({ waitingFor }) =>
            waitingFor.map(Waiting.inWords).includes("activity Endless #0")
          )
        )
        const running = yield* executions.describe("described")
        assert.deepInclude(running, {
          workflow: "Impatient",
          status: "running",
          runId: handle.runId,
          memo: started.memo
        })
        yield* run(handle.result)
        const ended = yield* run(handle.describe)
        assert.deepInclude(ended, { status: "completed", waitingFor: [] })
        assert.isAtLeast(ended.closedAt!, ended.startedAt)
        assert.strictEqual((yield* reasonOf(executions.describe("nobody")))._tag, "NotFound")
      })
    )

    it.effect("1. its history is told as ours, and folds to its state", () =>
      Effect.gen(function* () {
        const { executions, run } = yield* Lab
        const cart = yield* run(P.Cart.start("x", { workflowId: "told" }))
        yield* run(P.AddItem.execute(cart, "priced pen"))
        yield* run(P.CheckOut.send(cart))
        yield* run(cart.result)
        const history = yield* executions.history(cart)
        assert.deepStrictEqual(tags(history), [
          "ExecutionStarted",
          "UpdateRequested",
          "UpdateAccepted",
          "ActivityScheduled",
          "ActivityResolved",
          "UpdateAnswered",
          "SignalReceived",
          "ExecutionCompleted"
        ])
        assert.deepInclude(history[0] as object, {
          workflow: "Cart",
          workflowId: "told",
          input: "x",
          runId: cart.runId
        })
        assert.deepInclude(history[3] as object, { name: "Price", input: "priced pen", seq: 0 })
        assert.deepInclude(fold(history), { status: "completed", workflow: "Cart" })
        const parent = yield* run(P.Parent.start({ how: "races", id: "child told" }, { workflowId: "parent told" }))
        yield* run(parent.result)
        assert.deepStrictEqual(tags(yield* executions.history(parent)), [
          ...["ExecutionStarted", "MessageSent", "TimerStarted", "MessageSettled", "TimerFired", "MessageSent"],
          ...["MessageSettled", "ChildEnded", "ExecutionCompleted"]
        ])
        const child = yield* executions.describe("child told")
        assert.deepInclude(child.parent as object, { workflowId: "parent told", chain: parent.runId })
      })
    )

    it.effect(
      "1. what a caller outside has ended is told with its result, whether or not its handler had left it",
      () =>
        Effect.gen(function* () {
          const { executions, run, seen } = yield* Lab
          for (const hasLeft of [true, false]) {
            const payment = yield* run(P.Payment.start(hasLeft ? 0 : 60_000))
            const tokens = () => seen.tokens.get(payment.id) ?? []
            const left = (count: number) =>
              Effect.map(executions.history(payment), (history) => {
                const pending = tags(history).filter((tag) => tag === "ActivityPending")
                return tokens().length === count && pending.length === (hasLeft ? count : 0)
              })
            yield* until(left(1))
            if (hasLeft) yield* run(P.Charge.fail(tokens()[0]!, new P.Declined({ code: 1 })))
            if (hasLeft) yield* until(left(2))
            yield* run(P.Charge.succeed(tokens().at(-1)!, "paid"))
            if (!hasLeft) yield* run(P.CheckOut.send(payment))
            assert.strictEqual(yield* run(payment.result), "paid")
            const history = yield* executions.history(payment)
            const pending = hasLeft ? ["ActivityPending", "ActivityPending"] : []
            const rest = hasLeft ? ["ExecutionCompleted"] : ["SignalReceived", "ExecutionCompleted"]
            assert.deepStrictEqual(tags(history), [
              ...["ExecutionStarted", "ActivityScheduled", ...pending],
              ...["ActivityResolved", ...rest]
            ])
            const resolved = history.find(({ _tag }) => _tag === "ActivityResolved")
            assert.deepInclude(resolved as object, { seq: 0, exit: { _tag: "Success", value: "paid" } })
            assert.deepInclude(fold(history), { status: "completed", open: new Map() })
          }
        })
    )

    it.effect(
      "1. a chain of runs is one execution, and each of its runs has a history",
      () =>
        Effect.gen(function* () {
          const { executions, run } = yield* Lab
          const sum = yield* run(P.Sum.start(1, { workflowId: "chain" }))
          for (const number of [2, 3, 4, 0]) yield* run(P.Add.send(sum, number))
          assert.strictEqual(yield* run(sum.result), 10)
          const runs = yield* runsOf(sum.id, 4)
          const summary = yield* executions.describe(sum)
          assert.deepInclude(summary, { status: "completed", chain: sum.runId, runId: runs[3] as never })
          assert.strictEqual(runs[0], sum.runId)
          const first = yield* executions.history(sum, { run: sum.runId })
          assert.deepStrictEqual(
            [...new Set(tags(first))],
            ["ExecutionStarted", "SignalReceived", "ExecutionContinued"]
          )
          const inputs = yield* Effect.forEach(runs, (run) => executions.history(sum, { run }))
          assert.deepStrictEqual(
            inputs.map(([started]) => (started as { readonly input?: unknown }).input),
            [1, 3, 6, 10]
          )
          assert.deepStrictEqual(yield* executions.history(sum), inputs[3])
          yield* executions.delete(sum, { before: runs[2]! })
          const isGone = (run: string | undefined) =>
            Effect.map(Effect.exit(executions.history(sum, { run })), Exit.isFailure)
          yield* until(Effect.map(Effect.all([isGone(runs[0]), isGone(runs[1])]), ([a, b]) => a && b))
          assert.strictEqual((yield* reasonOf(executions.history(sum, { run: runs[1] })))._tag, "NotFound")
          assert.deepStrictEqual(yield* executions.history(sum, { run: runs[2] }), inputs[2])
          assert.deepInclude(yield* executions.describe(sum), { status: "completed" })
        }),
      120_000
    )

    it.effect(
      "1. a removal that failed half-way is repeated",
      () =>
        Effect.gen(function* () {
          const { client, executions, run } = yield* Lab
          const sum = yield* run(P.Sum.start(1, { workflowId: "half-way" }))
          for (const number of [2, 3, 0]) yield* run(P.Add.send(sum, number))
          yield* run(sum.result)
          const runs = yield* runsOf(sum.id, 3)
          const runsThere = Effect.promise(async () => {
            const found = runs.map((runId) =>
              client.workflow
                .getHandle(sum.id, runId)
                .describe()
                .then(
                  () => true,
                  () => false
                )
            )
            return (await Promise.all(found)).filter((isThere) => isThere).length
          })
          yield* Effect.promise(() =>
            client.workflowService.deleteWorkflowExecution({
              namespace: "default",
              workflowExecution: { workflowId: sum.id, runId: runs[0]! }
            })
          )
          yield* until(Effect.map(runsThere, (count) => count === 2))
          yield* executions.delete(sum)
          yield* until(Effect.map(runsThere, (count) => count === 0))
        }),
      120_000
    )

    it.effect("1. executions are found by what they are, and counted", () =>
      Effect.gen(function* () {
        const { executions, run } = yield* Lab
        for (const [id, customer] of [
          ["a", "Ann's"],
          ["b", "Bob"],
          ["c", "Bob"]
        ] as const) {
          yield* run(
            P.Listed.start(customer, { workflowId: `listed ${id}`, attributes: { total: id === "c" ? 50 : 1 } })
          )
        }
        const idsOf = (filter: Parameters<typeof executions.list>[0]) =>
          Effect.map(executions.list({ workflow: "Listed", ...filter }), ({ executions }) =>
            executions.map(({ workflowId }) => String(workflowId)).toSorted()
          )
        yield* until(Effect.map(idsOf({ attributes: { urgent: true } }), ({ length }) => length === 3))
        assert.deepStrictEqual(yield* idsOf({ attributes: { customer: "Bob" } }), ["listed b", "listed c"])
        assert.deepStrictEqual(yield* idsOf({ attributes: { customer: "Ann's" } }), ["listed a"])
        assert.deepStrictEqual(yield* idsOf({ where: { customer: { in: ["Ann", "Bob"] } } }), ["listed b", "listed c"])
        assert.deepStrictEqual(yield* idsOf({ where: { total: { from: 5, below: 6 } } }), [
          "listed a",
          "listed b",
          "listed c"
        ])
        assert.deepStrictEqual(yield* idsOf({ where: { total: { above: 5 } } }), [])
        assert.strictEqual(yield* executions.count({ workflow: "Listed", status: ["running"] }), 3)
        const page = yield* executions.list({ workflow: "Listed", limit: 2 })
        assert.lengthOf(page.executions, 2)
        const rest = yield* executions.list({
          workflow: "Listed",
          limit: 2,
          cursor: (page.next as { value: string }).value
        })
        assert.lengthOf(rest.executions, 1)
        for (const cursor of ["", "abc", (page.next as { value: string }).value.slice(0, 10)])
          assert.strictEqual((yield* reasonOf(executions.list({ cursor })))._tag, "InvalidPayload", cursor)
        assert.deepInclude(page.executions[0]!.attributes, { urgent: true, total: 5 })
        assert.strictEqual(
          (yield* reasonOf(executions.list({ attributes: { customer: 'a "b"' } })))._tag,
          "InvalidPayload"
        )
        const refused = yield* reasonOf(executions.list({ attributes: { colour: "red" } }))
        assert.include((refused as WorkflowError.InvalidPayload).issue, "--name colour --type Keyword")
      })
    )

    it.effect(
      "1. a finished execution is removed, and one that runs is not",
      () =>
        Effect.gen(function* () {
          const { executions, run } = yield* Lab
          const handle = yield* run(P.Wait.start("x", { workflowId: "removed" }))
          assert.strictEqual((yield* reasonOf(executions.delete("removed")))._tag, "Unfinished")
          yield* run(P.Go.send(handle))
          yield* run(handle.result)
          yield* executions.delete("removed")
          yield* until(Effect.map(Effect.exit(executions.describe("removed")), Exit.isFailure))
          assert.strictEqual((yield* reasonOf(executions.describe("removed")))._tag, "NotFound")
        }),
      120_000
    )

    it.effect("2. the store shows what another author runs, and takes no commits", () =>
      Effect.gen(function* () {
        const { client, store } = yield* Lab
        yield* Effect.promise(() =>
          client.workflow.start("Foreign", {
            workflowId: "foreign",
            taskQueue: "nobody",
            args: [1],
            memo: { by: "hand" }
          })
        )
        const loaded = yield* store.load("foreign" as never)
        const { commits, summary } = Option.getOrThrow(loaded)
        assert.deepInclude(summary, { workflow: "Foreign", status: "running", memo: { by: "hand" } })
        assert.deepInclude(commits[0]!.events[0], { _tag: "ExecutionStarted", workflow: "Foreign", input: 1 })
        assert.strictEqual(store.guarantees.writes, "refused")
        const error = yield* errorOf(Layer.provide(DefaultExecutor.layer(), Layer.succeed(WorkflowStore, store)))
        assert.include(String((error as Error).message), "provide one that takes commits")
        const codec = PayloadCodec.layer().pipe(
          Layer.provide(Layer.succeed(WorkflowStore, store)),
          Layer.provide(
            PayloadCodec.layerKeys([{ id: "one", secret: Redacted.make(Buffer.alloc(32).toString("base64")) }])
          )
        )
        assert.include(String(((yield* errorOf(codec)) as Error).message), "give the codec to that of Temporal")
      })
    )
  })

  describe("a client that repeats a question for ever", () => {
    it("3. is left alone, also when its layer is closed meanwhile", () =>
      Effect.gen(function* () {
        const { address } = yield* server
        const pending = yield* Effect.scoped(
          Effect.gen(function* () {
            const asked = yield* connected({ address, answerTimeout: "5 seconds" })
            const question = ask(asked, ({ workflowService }) =>
              workflowService.listWorkflowExecutions({ namespace: "default", nextPageToken: Buffer.from("no token") })
            )
            assert.isTrue(Option.isNone(yield* Effect.timeoutOption(question, "300 millis")))
            assert.strictEqual(asked.pending.size, 1)
            return asked.pending
          })
        )
        // A try of it on a closed connection would be an uncaught exception, by which this test fails.
        yield* until(Effect.sync(() => pending.size === 0))
      }).pipe(Effect.runPromise))
  })

  describe("what is missing", () => {
    it("3. is said, with what to do", () =>
      Effect.runPromise(
        Effect.scoped(
          Effect.gen(function* () {
            const { address } = yield* server
            const reason = (error: unknown) => (error as TemporalExecutor.TemporalError).reason
            const away = yield* errorOf(TemporalExecutor.layer({ address: "127.0.0.1:1", answerTimeout: "1 second" }))
            assert.deepInclude(reason(away), { _tag: "Unreachable", address: "127.0.0.1:1" })
            assert.notInclude(String(away), "something listens there")
            const encrypted = yield* errorOf(TemporalExecutor.layer({ address, tls: true, answerTimeout: "1 second" }))
            assert.deepInclude(reason(encrypted), { _tag: "Unreachable", address })
            assert.include(String(encrypted), "though something listens there")
            for (const [options, says] of [
              [{ tls: { certificate: pem } }, "tls needs both certificate and key"],
              [{ tls: { rootCertificate: "/etc/ca.pem" } }, "tls.rootCertificate must be PEM"],
              [{ tls: { certificate: pem, key: "secret" } }, "tls.key must be PEM"],
              [{ attributes: { customer: "keyword" } }, 'the attribute "customer" must be "text", "number" or "flag"'],
              [{ attributes: ["customer"] }, "attributes must name kinds"]
            ] as const) {
              const defect = yield* Effect.sandbox(
                Effect.flip(Effect.sandbox(Layer.build(TemporalExecutor.layer({ address, ...(options as object) }))))
              )
              assert.include(String(defect), says)
              assert.notInclude(String(defect), '"secret"')
            }
            const namespace = yield* errorOf(TemporalExecutor.layer({ address, namespace: "absent" }))
            assert.deepInclude(reason(namespace), { _tag: "NamespaceMissing", address, namespace: "absent" })
            const nodeWorkflows = new URL("./temporal/nodeWorkflows.ts", import.meta.url)
            const imported = yield* errorOf(TemporalWorker.layer({ address, workflows: nodeWorkflows }))
            assert.deepInclude(reason(imported), { _tag: "ImportRefused", imported: "node:os" })
            assert.match((reason(imported) as TemporalWorker.ImportRefused).importedBy, /nodeWorkflows\.ts$/)
            const absent = yield* errorOf(TemporalWorker.layer({ address, workflows: "/absent.ts" }))
            assert.deepInclude(reason(absent), { _tag: "NotBundled", module: "/absent.ts" })
            const defect = yield* Effect.sandbox(
              Effect.flip(Effect.sandbox(Layer.build(TemporalWorker.layer({ workflows: "" }))))
            )
            assert.include(String(defect), "workflows must be the URL or the path of a module")
          })
        )
      ))
  })
})
