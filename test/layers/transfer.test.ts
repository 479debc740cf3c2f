/** Transfer: executions move from store to store and go on, whatever is cut off on the way. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Duration, Effect, Exit, Fiber, Layer, Option, Schema, Scope, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Activity, Signal, Transfer, Verify, Waiting, Workflow, type WorkflowHandle, WorkflowStore } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import { Sequence, Version, WorkerId, WorkflowId } from "perdure/Ids"
import * as MemoryStore from "perdure/Store/Memory"
import * as SqliteStore from "perdure/Store/Sqlite"
import { Corrupt } from "perdure/Store/WorkflowStore"

const Go = Signal.make("go", { payload: Schema.Int })
const Charge = Activity.make("Charge", { input: Schema.Int, success: Schema.String })
const Poll = Activity.make("Poll", { success: Schema.Int, heartbeat: Schema.Int })
const Order = Workflow.make("Order", { input: Schema.Int, success: Schema.String, workflowId: (n) => `order-${n}` })
const Child = Workflow.make("Child", { success: Schema.Int, workflowId: () => "child" })
const Parent = Workflow.make("Parent", { success: Schema.Int, workflowId: () => "parent" })
const Chain = Workflow.make("Chain", { input: Schema.Int, success: Schema.Int, workflowId: () => "chain" })
const Teller = Workflow.make("Teller", { workflowId: () => "teller" })
const Debtor = Workflow.make("Debtor", { input: Schema.Int, success: Schema.Int, workflowId: () => "debtor" })
const Long = Workflow.make("Long", { success: Schema.Int, workflowId: () => "long" })

/** An app in a process of its own, on a store. */
const open = Effect.fnUntraced(function* (store: WorkflowStore.WorkflowStore["Service"], charges: Array<number> = []) {
  const scope = yield* Scope.make()
  const live = Layer.mergeAll(
    Order.toLayer(
      Effect.fnUntraced(function* (n) {
        const receipt = yield* Charge(n)
        yield* Effect.sleep("30 days")
        return `${receipt} and ${yield* Go.receive}`
      })
    ),
    Child.toLayer(() => Go.receive),
    Parent.toLayer(() => Child.execute()),
    Teller.toLayer(() => Go.send("child", 1)),
    Chain.toLayer((n) => Effect.as(Effect.sleep("1 day"), n === 0 ? 7 : Chain.continueAsNew(n - 1))),
    Debtor.toLayer(
      Effect.fnUntraced(function* (n) {
        const child = yield* n === 0 ? Child.handle("child") : Child.start()
        yield* Effect.sleep("1 hour")
        if (n === 0) return yield* Effect.orDie(child.result)
        yield* Effect.forkScoped(Go.send("child", 6))
        yield* Effect.yieldNow
        return Debtor.continueAsNew(n - 1)
      })
    ),
    Long.toLayer(() => Poll())
  ).pipe(
    Layer.provide([
      Charge.toLayer((n) => Effect.sync(() => `receipt ${charges.push(n)}`)),
      Poll.toLayer(
        Effect.fnUntraced(function* () {
          const before = yield* Poll.details
          if (Option.isSome(before)) return before.value
          yield* Poll.heartbeat(41)
          return yield* Effect.never
        })
      )
    ]),
    Layer.provideMerge(DefaultExecutor.layer),
    Layer.provide(Layer.succeed(WorkflowStore.WorkflowStore, store))
  )
  const context = yield* Layer.buildWithScope(Layer.fresh(live), scope)
  const run = Effect.provideContext(context)
  return { run, stop: Scope.close(scope, Exit.void) }
})

const memory = Effect.map(Layer.build(Layer.fresh(MemoryStore.layer)), Context.get(WorkflowStore.WorkflowStore))
const sqlite = Effect.map(
  Layer.build(Layer.fresh(SqliteStore.layer({ filename: ":memory:" }))),
  Context.get(WorkflowStore.WorkflowStore)
)

const on = (store: WorkflowStore.WorkflowStore["Service"]) => Effect.provideService(WorkflowStore.WorkflowStore, store)

const exported = (store: WorkflowStore.WorkflowStore["Service"], options?: Transfer.ExportOptions) =>
  Stream.runCollect(Transfer.exportLines(options)).pipe(on(store))

const imported = (store: WorkflowStore.WorkflowStore["Service"], lines: ReadonlyArray<string>) =>
  Transfer.importLines(Stream.fromIterable(lines)).pipe(on(store))

/** Why an import fails. */
const failureOf = (lines: ReadonlyArray<string>, store: WorkflowStore.WorkflowStore["Service"]) =>
  Effect.match(imported(store, lines), { onFailure: (error) => error.message, onSuccess: () => "it is imported" })

const unsound = (store: WorkflowStore.WorkflowStore["Service"]) =>
  Stream.runCollect(Stream.filter(Verify.stream(), ({ faults }) => faults.length > 0)).pipe(on(store))

const ids = (store: WorkflowStore.WorkflowStore["Service"]) =>
  Effect.map(store.list(), ({ executions }) => executions.map(({ workflowId }) => workflowId).sort())

/** A line, but for the digest of the texts, in which fields may have another order. */
const contentOf = (line: string): unknown => ({ ...JSON.parse(line), digest: undefined })

/** A store with executions of every kind, whose worker has left. */
const furnished = Effect.gen(function* () {
  const store = yield* memory
  const charges: Array<number> = []
  const app = yield* open(store, charges)
  yield* app.run(Order.start(1))
  yield* app.run(Order.start(2))
  yield* app.run(Parent.start())
  yield* app.run(Chain.start(3))
  yield* app.run(Long.start())
  yield* TestClock.adjust("1 day")
  yield* TestClock.adjust("1 day")
  yield* app.run(Go.send("order-2", 5))
  yield* app.stop
  return { store, charges }
})

const resultOf = <A, E, F, R>(handle: Effect.Effect<WorkflowHandle.WorkflowHandle<A, E>, F, R>) =>
  Effect.flatMap(handle, ({ result }) => result)

const everyone = ["chain", "child", "long", "order-1", "order-2", "parent"]

describe("transfer", () => {
  for (const [name, target] of [
    ["memory", memory],
    ["SQLite", sqlite]
  ] as const) {
    it.effect(`executions of every kind go on, on ${name}`, () =>
      Effect.gen(function* () {
        const { charges, store } = yield* furnished
        const to = yield* target
        const lines = yield* exported(store)
        assert.deepStrictEqual(yield* imported(to, lines), { imported: 6, present: 0, refused: [] })
        assert.deepStrictEqual(yield* ids(to), everyone)
        assert.deepStrictEqual(yield* unsound(to), [])
        // What is there is what was there.
        assert.deepStrictEqual((yield* exported(to)).map(contentOf), lines.map(contentOf))

        const app = yield* open(to, charges)
        yield* TestClock.adjust("30 days")
        yield* app.run(Go.send("order-1", 4))
        yield* app.run(Go.send("child", 6))
        const orders = yield* app.run(Effect.forEach(["order-1", "order-2"], (id) => resultOf(Order.handle(id))))
        assert.deepStrictEqual(orders, ["receipt 1 and 4", "receipt 2 and 5"])
        assert.strictEqual(yield* app.run(resultOf(Parent.handle("parent"))), 6)
        assert.strictEqual(yield* app.run(resultOf(Chain.handle("chain"))), 7)
        assert.strictEqual(yield* app.run(resultOf(Long.handle("long"))), 41)
        assert.deepStrictEqual(charges, [1, 2])
        yield* app.stop
        assert.deepStrictEqual(yield* unsound(to), [])
      })
    )
  }

  it.effect("an import that is cut off anywhere is done again and goes on, and nothing runs before", () =>
    Effect.gen(function* () {
      const { store } = yield* furnished
      const lines = yield* exported(store)
      for (let cut = 0; cut < lines.length; cut++) {
        const to = yield* memory
        assert.strictEqual(
          yield* failureOf(lines.slice(0, cut), to),
          `import: the export is not whole: it ends after ${cut} lines; import the whole of it, which goes on from there`
        )
        const before = (yield* ids(to)).length
        assert.deepStrictEqual(yield* imported(to, lines), { imported: 6 - before, present: before, refused: [] })
        assert.deepStrictEqual(yield* imported(to, lines), { imported: 0, present: 6, refused: [] })
        assert.deepStrictEqual(yield* unsound(to), [])
      }
    })
  )

  it.effect("an execution that is stored in part is run by no worker, and is finished by the next import", () =>
    Effect.gen(function* () {
      const { charges, store } = yield* furnished
      const lines = yield* exported(store, { filter: { workflow: "Order" } })
      const commits = lines.filter((line) => line.includes('"commit"')).length
      for (let saves = 1; saves < commits; saves++) {
        const to = yield* memory
        let left = saves
        const failing = {
          ...to,
          save: (commit: WorkflowStore.Commit) =>
            left-- > 0
              ? to.save(commit)
              : Effect.fail(
                  new WorkflowStore.StoreError({
                    operation: "save",
                    reason: new Corrupt({ detail: "the disk is full" })
                  })
                )
        }
        const first = yield* imported(failing, lines)
        assert.isAbove(first.refused.length, 0)
        assert.match(first.refused[0]!.faults[0]!, /the disk is full/)
        const app = yield* open(to, charges)
        yield* TestClock.adjust("1 hour")
        for (const { workflowId } of first.refused) {
          const summary = yield* to.summary(workflowId)
          if (Option.isNone(summary)) continue
          assert.deepStrictEqual(summary.value.waitingFor.map(Waiting.inWords), [
            "its import is not over: import it again"
          ])
          const { owed, owner, wakeAt } = summary.value
          assert.deepStrictEqual(
            [owed, owner, wakeAt],
            [undefined, undefined, undefined],
            "there is nothing to do for it"
          )
          const error = yield* Effect.flip(app.run(Go.send(workflowId, 1)))
          assert.strictEqual(
            error.message,
            `signal "${workflowId}": its import is not over: import it again as a whole, which goes on from there`
          )
          // A caller waits.
          const result = yield* Effect.forkChild(app.run(resultOf(Order.handle(workflowId))))
          yield* TestClock.adjust("1 hour")
          assert.isUndefined(result.pollUnsafe())
          yield* Fiber.interrupt(result)
        }
        yield* app.stop
        const again = yield* imported(to, lines)
        assert.deepStrictEqual(again.refused, [])
        assert.deepStrictEqual(yield* ids(to), ["order-1", "order-2"])
        assert.deepStrictEqual(yield* unsound(to), [])
      }
      assert.deepStrictEqual(charges, [1, 2])
    })
  )

  it.effect("an import that dies at any operation of its store is done again and goes on", () =>
    Effect.gen(function* () {
      const { store } = yield* furnished
      const chain = WorkflowId.make("chain")
      const { summary } = Option.getOrThrow(yield* store.load(chain))
      yield* store.delete(chain, { before: summary.firstVersion, seen: { sender: 3 } })
      const filter = { workflow: "Chain" }
      const lines = [
        ...(yield* exported(store, { filter })),
        ...(yield* exported(store, { filter: { workflow: "Long" } }))
      ]
      let isOver = false
      for (let calls = 0; !isOver; calls++) {
        const to = yield* memory
        let left = calls
        const dies =
          <Args extends ReadonlyArray<unknown>, A, E>(call: (...args: Args) => Effect.Effect<A, E>) =>
          (...args: Args): Effect.Effect<A, E> =>
            Effect.suspend(() => (left-- > 0 ? call(...args) : Effect.interrupt))
        const mortal = { ...to, save: dies(to.save), delete: dies(to.delete), saveDetails: dies(to.saveDetails) }
        isOver = Exit.isSuccess(yield* Effect.exit(imported(mortal, lines)))
        assert.deepStrictEqual((yield* imported(to, lines)).refused, [], `after ${calls} calls`)
        assert.deepStrictEqual(yield* ids(to), ["chain", "long"])
        assert.deepStrictEqual(Option.getOrThrow(yield* to.deletion(chain)).seen, { sender: 3 })
        assert.deepStrictEqual(yield* unsound(to), [])
        const { runId, workflowId } = Option.getOrThrow(yield* to.summary(WorkflowId.make("long")))
        const details = yield* to.details({ workflowId, runId, seq: Sequence.make(0) })
        assert.deepStrictEqual(details, Option.some(41), `after ${calls} calls`)
        assert.isBelow(calls, 100)
      }
    })
  )

  it.effect("two imports at once store each execution once, and refuse none", () =>
    Effect.gen(function* () {
      const { store } = yield* furnished
      const chain = WorkflowId.make("chain")
      const { summary } = Option.getOrThrow(yield* store.load(chain))
      yield* store.delete(chain, { before: summary.firstVersion, seen: { sender: 3 } })
      const lines = yield* exported(store)
      const slow = (to: WorkflowStore.WorkflowStore["Service"], milliseconds: number) => ({
        ...to,
        save: (commit: WorkflowStore.Commit) => Effect.delay(to.save(commit), milliseconds),
        delete: (id: WorkflowId, options: WorkflowStore.DeleteOptions) =>
          Effect.delay(to.delete(id, options), milliseconds)
      })
      for (const lead of [1, 2, 3, 5, 8, 13]) {
        const to = yield* memory
        const both = yield* Effect.forkChild(
          Effect.all([imported(slow(to, 5), lines), Effect.delay(imported(slow(to, 3), lines), lead)], {
            concurrency: "unbounded"
          })
        )
        yield* TestClock.adjust("1 minute")
        for (const { imported, present, refused } of yield* Fiber.join(both)) {
          assert.deepStrictEqual(refused, [])
          assert.strictEqual(imported + present, 6)
        }
        assert.deepStrictEqual(yield* ids(to), everyone)
        assert.deepStrictEqual(yield* unsound(to), [])
      }
    })
  )

  it.effect("versions begin anew where earlier runs are gone, and messages are not taken twice", () =>
    Effect.gen(function* () {
      const { store } = yield* furnished
      const chain = WorkflowId.make("chain")
      const { summary } = Option.getOrThrow(yield* store.load(chain))
      yield* store.delete(chain, { before: summary.firstVersion, seen: { sender: 3 } })
      const to = yield* memory
      const lines = yield* exported(store)
      assert.deepStrictEqual((yield* imported(to, lines)).refused, [])
      const there = Option.getOrThrow(yield* to.load(chain, { after: Version.make(0) }))
      const was = Option.getOrThrow(yield* store.load(chain, { after: Version.make(0) }))
      assert.deepStrictEqual(
        there.commits.map(({ id }) => id),
        was.commits.map(({ id }) => id)
      )
      assert.deepStrictEqual(Option.getOrThrow(yield* to.deletion(chain)).seen, { sender: 3 })
      assert.deepStrictEqual(yield* unsound(to), [])
      assert.deepStrictEqual(yield* imported(to, lines), { imported: 0, present: 6, refused: [] })
      const app = yield* open(to)
      yield* TestClock.adjust("30 days")
      assert.strictEqual(yield* app.run(resultOf(Chain.handle("chain"))), 7)
      yield* app.stop
      // What has gone on is left alone.
      assert.deepStrictEqual(yield* imported(to, lines), { imported: 0, present: 6, refused: [] })
    })
  )

  it.effect("what has gone on in two ways is refused, and messages are addressed to all that a receiver has", () =>
    Effect.gen(function* () {
      const { store } = yield* furnished
      const first = yield* open(store)
      yield* first.run(Teller.execute())
      yield* first.stop
      const to = yield* memory
      yield* imported(to, yield* exported(store))
      const addressesIn = (store: WorkflowStore.WorkflowStore["Service"]) =>
        Effect.map(store.load(WorkflowId.make("teller")), (found) =>
          Option.getOrThrow(found).commits.flatMap(({ events }) =>
            events.flatMap((event) => (event._tag === "MessageSent" ? [event.address!.version] : []))
          )
        )
      assert.isAbove((yield* addressesIn(store))[0]!, 1)
      assert.deepStrictEqual(yield* addressesIn(to), [Version.make(0)])
      const unsettled = yield* to.list({ unsettled: true })
      assert.isAtLeast(unsettled.executions.length, 3)
      // Each store has a worker of its own, which takes what has not ended.
      for (const each of [store, to]) {
        const app = yield* open(each)
        yield* TestClock.adjust("1 second")
        yield* app.stop
      }
      const again = yield* imported(to, yield* exported(store))
      const faults = ["it went on in one way here and in another way there: delete one of them"]
      assert.sameDeepMembers(
        [...again.refused],
        unsettled.executions.map(({ workflowId }) => ({ workflowId, faults }))
      )
    })
  )

  it.effect("what a run owes when it continues as new is addressed to all that a receiver has, and delivered", () =>
    Effect.gen(function* () {
      const store = yield* memory
      let isHeld = false
      const away = new WorkflowStore.StoreError({
        operation: "load",
        reason: new WorkflowStore.Unavailable({ cause: "held" })
      })
      const app = yield* open({
        ...store,
        load: (id, options) => (isHeld && id === "child" ? Effect.fail(away) : store.load(id, options))
      })
      // Versions of the receiver go on from those of an execution that is deleted, and the record of that does not move.
      yield* app.run(Child.start())
      const { version, workflowId } = Option.getOrThrow(yield* store.summary(WorkflowId.make("child")))
      yield* store.delete(workflowId, { version })
      yield* app.run(Debtor.start(1))
      yield* TestClock.adjust("30 minutes")
      isHeld = true
      yield* TestClock.adjust("1 hour")
      yield* app.stop
      const to = yield* memory
      assert.deepStrictEqual((yield* imported(to, yield* exported(store))).refused, [])
      const addressesIn = (store: WorkflowStore.WorkflowStore["Service"]) =>
        Effect.map(store.load(WorkflowId.make("debtor")), (found) => {
          const [start] = Option.getOrThrow(found).commits[0]!.events
          const { children, owed } = start?._tag === "ExecutionStarted" ? start.continues! : assert.fail()
          return [owed, children].map((all) => all.map(({ address }) => address.version))
        })
      const versions = (yield* addressesIn(store)).flat()
      assert.isTrue(versions.length === 2 && versions.every((version) => version > 0), String(versions))
      assert.deepStrictEqual(yield* addressesIn(to), [[Version.make(0)], [Version.make(0)]])
      const other = yield* open(to)
      yield* TestClock.adjust("2 hours")
      assert.strictEqual(yield* other.run(resultOf(Debtor.handle("debtor"))), 6)
      yield* other.stop
    })
  )

  it.effect("what workers run is not exported, unless that is wanted", () =>
    Effect.gen(function* () {
      const { store } = yield* furnished
      const worker = WorkerId.make("worker")
      yield* store.heartbeat({ id: worker, workflows: ["Order"] }, Duration.hours(1))
      const error = yield* Effect.flip(exported(store))
      assert.deepStrictEqual(
        error,
        new Transfer.TransferError({ operation: "export", reason: new Transfer.StillRunning({ workers: [worker] }) })
      )
      assert.isAbove((yield* exported(store, { whileRunning: true })).length, 6)
      yield* store.heartbeat({ id: worker, workflows: ["Order"] }, Duration.zero)
      const lines = yield* exported(store)
      // In the other store it counts as a worker that has left too.
      const to = yield* memory
      yield* imported(to, lines)
      assert.include((yield* to.workers).left, worker)
    })
  )

  it.effect(
    "nothing is imported while workers run, who would not find the receivers of what it owes, unless that is wanted",
    () =>
      Effect.gen(function* () {
        const { store } = yield* furnished
        const lines = yield* exported(store)
        const to = yield* memory
        const worker = WorkerId.make("worker")
        yield* to.heartbeat({ id: worker, workflows: ["Order"] }, Duration.hours(1))
        const error = yield* Effect.match(imported(to, lines), {
          onFailure: (error) => error,
          onSuccess: () => undefined
        })
        assert.deepStrictEqual(
          error,
          new Transfer.TransferError({ operation: "import", reason: new Transfer.StillRunning({ workers: [worker] }) })
        )
        assert.deepStrictEqual(yield* ids(to), [])
        const all = Transfer.importLines(Stream.fromIterable(lines), { whileRunning: true })
        assert.strictEqual((yield* on(to)(all)).imported, 6)
      })
  )

  it.effect("a worker that comes while executions are moved is told of at the end", () =>
    Effect.gen(function* () {
      const { store } = yield* furnished
      const lines = yield* exported(store)
      const comes = (store: WorkflowStore.WorkflowStore["Service"], id: string, workflows = ["Order"]) =>
        store.heartbeat({ id: WorkerId.make(id), workflows }, Duration.hours(1))
      const to = yield* memory
      const during = (effect: Effect.Effect<void, WorkflowStore.StoreError>) =>
        Stream.mapEffect(Stream.fromIterable(lines), (line, index) =>
          Effect.as(index === 9 ? effect : Effect.void, line)
        )
      // What has no workflows may come.
      yield* on(to)(Transfer.importLines(during(comes(to, "perdure:retention/1", []))))
      const failed = yield* Effect.match(on(to)(Transfer.importLines(during(comes(to, "worker")))), {
        onFailure: ({ message }) => message,
        onSuccess: () => "it is imported"
      })
      assert.match(failed, /^import: workers run on this store \(worker\)/)

      const written: Array<string> = []
      const read = Transfer.exportLines().pipe(
        Stream.runForEach((line) => (written.push(line) === 2 ? comes(store, "another") : Effect.void)),
        on(store)
      )
      assert.match((yield* Effect.flip(read)).message, /^export: workers run on this store \(another\)/)
      assert.strictEqual(written.length, lines.length - 1)
    })
  )

  it.effect("an export that was cut off goes on with its last cursor", () =>
    Effect.gen(function* () {
      const store = yield* memory
      const app = yield* open(store)
      yield* Effect.forEach(Array.from({ length: 250 }), (_, n) => app.run(Order.start(n)))
      yield* TestClock.adjust("1 hour")
      yield* app.stop
      const lines = yield* exported(store)
      const at = lines.findIndex((line) => line.startsWith('{"cursor"'))
      const { cursor } = JSON.parse(lines[at]!) as { readonly cursor: string }
      const rest = yield* exported(store, { cursor })
      const to = yield* memory
      const cutOff = [...lines.slice(0, at + 3), ...rest]
      assert.deepStrictEqual(yield* imported(to, cutOff), { imported: 250, present: 0, refused: [] })
      assert.strictEqual(yield* to.count(), 250)
    })
  )

  it.effect("what is damaged is refused by its name, and the others are stored", () =>
    Effect.gen(function* () {
      const { store } = yield* furnished
      const lines = yield* exported(store)
      const to = yield* memory
      const app = yield* open(to)
      yield* app.run(Order.start(1))
      yield* TestClock.adjust("1 hour")
      yield* app.stop
      const result = yield* imported(to, lines)
      assert.deepStrictEqual(result, {
        imported: 5,
        present: 0,
        refused: [
          {
            workflowId: WorkflowId.make("order-1"),
            faults: ["another execution has this id: delete it, or leave this one out"]
          }
        ]
      })

      const order = WorkflowId.make("order-2")
      const load: typeof store.load = (id, options) =>
        id === order
          ? Effect.fail(new WorkflowStore.StoreError({ operation: "load", reason: new Corrupt({ detail: "torn" }) }))
          : store.load(id, options)
      const torn = yield* imported(yield* memory, yield* exported({ ...store, load }))
      assert.strictEqual(torn.imported, 5)
      assert.deepStrictEqual(torn.refused, [{ workflowId: order, faults: ["what is stored cannot be read: torn"] }])
    })
  )

  it.effect("a line that is not what it was is found, with its number", () =>
    Effect.gen(function* () {
      const { store } = yield* furnished
      const lines = yield* exported(store, { filter: { workflow: "Order" } })
      const change = (index: number, text: string) => lines.map((line, at) => (at === index ? text : line))
      const commit = lines.findIndex((line) => line.includes('"commit"'))
      const end = lines.findIndex((line) => line.includes('"end"'))
      // As a file has them.
      assert.strictEqual(
        yield* failureOf(
          lines.map((line) => `${line}\r\n`),
          yield* memory
        ),
        "it is imported"
      )
      const faults: ReadonlyArray<readonly [ReadonlyArray<string>, string]> = [
        [change(0, "{"), "line 1: it is no JSON object; was the file cut, or is it no export?"],
        [lines.slice(1), "line 1: an export begins with a header, and nothing follows its last line"],
        [
          [...lines, lines[1]!],
          `line ${lines.length + 1}: an export begins with a header, and nothing follows its last line`
        ],
        [
          change(commit, '{"hello":1}'),
          `line ${commit + 1}: it is none of perdure, execution, commit, details, end, unreadable, cursor, executions`
        ],
        [
          change(commit, lines[commit]!.replace("Order", "Odder")),
          `line ${end + 1}: the lines of execution "order-1" were changed, or some are missing`
        ],
        [
          lines.filter((_, index) => index !== commit),
          `line ${end}: the lines of execution "order-1" were changed, or some are missing`
        ],
        [lines.filter((_, index) => index !== end), `line ${end + 1}: the execution before this one has no end`],
        [change(1, ""), "line 3: it belongs to no execution"],
        [
          change(lines.length - 1, '{"executions":7,"left":[]}'),
          `line ${lines.length}: the export has 7 executions, and 2 have come`
        ]
      ]
      for (const [changed, message] of faults) {
        assert.strictEqual(yield* failureOf(changed, yield* memory), `import: ${message}`)
      }
      const newer = lines[0]!.replace('"form":1', '"form":9')
      assert.strictEqual(
        yield* failureOf(change(0, newer), yield* memory),
        "import: a newer release has made this export (form 9, and this one knows 1): install that one"
      )
    })
  )
})
