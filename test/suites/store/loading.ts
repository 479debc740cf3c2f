/** Laws 5, 6 and 10: what was saved is read back, by any id, also after reopening. */
import { Effect, Option } from "effect"
import { HistoryEvent } from "perdure/HistoryEvent"
import { MessageId, type RunId, Sequence, Version, WorkflowId } from "perdure/Ids"
import { type Commit, WorkflowStore } from "perdure/Store/WorkflowStore"
import {
  after,
  epoch as at,
  finish,
  freshId,
  freshRun,
  freshWorker,
  loaded,
  remove,
  restart,
  saveAll,
  start
} from "./builders.ts"
import { assert } from "../assert.ts"
import { another, type Area, stores } from "./Settings.ts"

const seq = Sequence.make(3)
const defect = { name: "TypeError", message: "x is not a function", stack: "TypeError: x\n    at y (z.ts:1:2)" }

/** Values that a careless encoding would change. */
const awkward = {
  text: '\u0000 \u001f \u2028 "\\/ \u{1f9ea} \ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc66 e\u0301 \ufeff \u0000',
  numbers: [0, -1, 0.1, 1e21, 5e-324, Number.MAX_SAFE_INTEGER, 1.7976931348623157e308],
  nothing: [null, "", [], {}, false, 0],
  names: { "": 1, "a.b": 2, $type: 3, " ": 4, constructor: 5, "12": 6, "1": 7 },
  deep: Array.from({ length: 100 }).reduce<object>((inner) => ({ inner }), {})
}
const cases = HistoryEvent.cases

/** An event of each kind and variant. */
const everything = (workflowId: WorkflowId, runId: RunId): Commit["events"] => [
  cases.ExecutionStarted.make({ at, workflow: "Order", workflowId, runId, input: awkward, deadline: at + 1 }),
  cases.ActivityScheduled.make({ at, seq, name: "Charge \u{1f4b3}", input: awkward, digest: 4294967295 }),
  cases.ActivityAttemptFailed.make({ at, seq, attempt: 1, failure: { _tag: "Die", defect }, retryAt: at + 0.5 }),
  cases.ActivityResolved.make({ at, seq, exit: { _tag: "Success", value: awkward } }),
  cases.ActivityResolved.make({ at, seq, exit: { _tag: "Fail", error: awkward } }),
  cases.ActivityResolved.make({ at, seq, exit: { _tag: "TimedOut", after: 30_000 } }),
  cases.ActivityCancelled.make({ at, seq }),
  cases.TimerStarted.make({ at, seq, fireAt: at + 1 }),
  cases.TimerFired.make({ at, seq }),
  cases.TimerCancelled.make({ at, seq }),
  cases.ExecutionStarted.make({
    at,
    workflow: "Order",
    workflowId,
    runId,
    input: null,
    parent: { workflowId, chain: runId },
    root: { workflowId, chain: runId },
    version: "2",
    attributes: { tenant: "\u{1f4b3}" },
    memo: awkward,
    trace: { traceId: "a", spanId: "b", sampled: false }
  }),
  cases.MessageSent.make({
    at,
    seq,
    to: workflowId,
    message: { _tag: "Signal", name: "approve", payload: awkward },
    address: { chain: runId, version: Version.make(1) }
  }),
  cases.MessageSent.make({ at, seq, to: workflowId, message: { _tag: "Cancel", reason: "" } }),
  cases.AttributesSet.make({ at, attributes: { tenant: "\u{1f4b3} \u0000", cents: 0.1, urgent: false, gone: null } }),
  cases.MessageSettled.make({ at, id: MessageId.make("m/1"), outcome: { _tag: "Delivered" } }),
  cases.MessageSettled.make({
    at,
    id: MessageId.make("m/2"),
    outcome: { _tag: "Refused", reason: "NotFound" },
    unread: true
  }),
  cases.SignalReceived.make({ at, name: "approve", payload: awkward }),
  cases.SignalReceived.make({ at, name: "a", payload: 1, id: MessageId.make("m/3"), from: runId, unread: true }),
  cases.CancelRequested.make({ at, kind: "cancel", reason: "no longer wanted" }),
  cases.OwnerChanged.make({ at, owner: freshWorker() }),
  cases.ExecutionBlocked.make({ at, problem: { reason: "NonDeterminism", message: "- a\n+ b" } }),
  cases.ExecutionFailed.make({ at, failure: { _tag: "Fail", error: null } }),
  cases.ExecutionCancelled.make({ at, reason: "", detail: "a finalizer failed" }),
  cases.ExecutionTimedOut.make({ at }),
  cases.ExecutionTerminated.make({ at, reason: "by hand" }),
  cases.ExecutionCompleted.make({ at, value: awkward })
]

/** Ids that stores have stumbled over: separators, wildcards, control characters, look-alikes, the limits of keys. */
const strangeIds = (prefix: string): ReadonlyArray<string> =>
  [
    ...[
      "",
      " ",
      "  ",
      ".",
      "..",
      "...",
      "/",
      "//",
      "\\",
      ":",
      "::",
      "*",
      ">",
      "a.*",
      "a.>",
      "%",
      "%25",
      "_",
      "?",
      "#",
      "&"
    ],
    ...["$", "$SYS", "'", "''", '"', "`", ";--", "' OR 1=1 --", "{}", "[]", "\t", "\n", "\r\n", "\u0000", "a\u0000b"],
    ...[
      "a",
      "A",
      "a ",
      " a",
      "a\u00a0",
      "a.",
      ".a",
      "a/",
      "a/b",
      "a//b",
      "a/../b",
      "a:b",
      "a%2fb",
      "null",
      "undefined"
    ],
    ...["0", "00", "1", "1.0", "-1", "1e3", "true", "__proto__", "constructor", "toString"],
    ...[
      "\u00e9",
      "e\u0301",
      "\u{1f600}",
      "\u{1f468}\u200d\u{1f469}",
      "\u65e5\u672c\u8a9e",
      "\u0645\u0631\u062d\u0628\u0627"
    ],
    ...["\ud800", "\ud801", "a\udc00", "\ude00\ud83d", "\ufffe", '\ufffe{"hex":"61"}', "\uffff"],
    ...["\ufeff", "\ufffd", "\u200b", "x".repeat(1023) + "y", "x".repeat(1023) + "z", "\u{1f600}".repeat(256)]
  ].flatMap((id) => [id, prefix + id, id + prefix])

export const loading: Area = (it, settings) => {
  const { timeout } = settings

  it.effect(
    "6. commits come back oldest first, as they were saved, with every kind of event and value",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const first = start(freshId(), {
          id: "an id of \u{1f4a5}",
          summary: {
            workflow: "Order \u{1f4e6}",
            chain: freshRun(),
            parent: { workflowId: freshId("parent \u0000"), chain: freshRun() },
            root: { workflowId: freshId("root \ud800"), chain: freshRun() },
            attributes: { text: "a\u0000\u{1f600}", number: 0.1, yes: true, no: false, "": "" }
          }
        })
        const second = after(first.summary, {
          events: everything(first.workflowId, first.runId),
          summary: {
            status: "blocked",
            owner: freshWorker(),
            wakeAt: at + 0.5,
            closedAt: at,
            waitingFor: [
              { _tag: "Other", text: "" },
              { _tag: "Signal", name: "timer \u0000" }
            ],
            attributes: {},
            owed: 2,
            format: 2
          }
        })
        yield* store.save(first)
        yield* store.save(second)
        for (const each of yield* stores(settings)) {
          const { commits, summary } = yield* loaded(each, first.workflowId)
          assert.deepStrictEqual(summary, second.summary)
          assert.deepStrictEqual(
            commits,
            [first, second].map(({ events, id, runId, version }) => ({ id, runId, version, events }))
          )
        }
      }),
    timeout
  )

  it.effect(
    "6. fields come back with their own names, also after others that are named by the escapes of these",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const own = freshRun()
        for (const [before, name] of [
          ["\\", "\t"],
          ["\\ta", "\tab"]
        ] as const) {
          for (const field of [before, name]) {
            const payload = { [own + name]: 1, [field]: 2 }
            const commit = start(freshId(), { events: [cases.SignalReceived.make({ at, name: "named", payload })] })
            yield* store.save(commit)
            for (const each of yield* stores(settings)) {
              const { commits } = yield* loaded(each, commit.workflowId)
              assert.deepStrictEqual(commits[0]!.events, commit.events)
            }
          }
        }
      }),
    timeout
  )

  it.effect(
    "6. only the commits after a version are read when one is named",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const history = [start(freshId())]
        while (history.length < 12) history.push(after(history.at(-1)!.summary))
        for (const commit of history) yield* store.save(commit)
        for (const version of [0, 1, 5, 10, 11, 12, 13]) {
          const { commits, summary } = yield* loaded(store, history[0]!.workflowId, version)
          assert.deepStrictEqual(
            commits.map(({ id }) => id),
            history.slice(version).map(({ id }) => id)
          )
          assert.strictEqual(summary.version, 12)
        }
      }),
    timeout
  )

  it.effect(
    "6. a finished id that starts again answers the new run, and all runs when asked from the beginning",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const first = start(freshId())
        const second = finish(first.summary)
        const third = restart(second.summary, { summary: { startedAt: at + 1000, updatedAt: at + 1000 } })
        const fourth = after(third.summary)
        for (const commit of [first, second, third, fourth]) yield* store.save(commit)
        const current = yield* loaded(store, first.workflowId)
        assert.deepStrictEqual(current.summary, fourth.summary)
        assert.strictEqual(current.summary.firstVersion, 3)
        assert.deepStrictEqual(
          current.commits.map(({ id }) => id),
          [third.id, fourth.id]
        )
        const all = yield* loaded(store, first.workflowId, 0)
        assert.deepStrictEqual(
          all.commits.map(({ id, runId }) => [id, runId]),
          [first, second, third, fourth].map(({ id, runId }) => [id, runId])
        )
        assert.notStrictEqual(first.runId, third.runId)
        const tail = yield* loaded(store, first.workflowId, 1)
        assert.deepStrictEqual(
          tail.commits.map(({ id }) => id),
          [second.id, third.id, fourth.id]
        )
      }),
    timeout
  )

  it.effect(
    "6. a history of 2,000 commits is read as a whole and from its end",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const history = [start(freshId("long"))]
        while (history.length < 2000) history.push(after(history.at(-1)!.summary))
        yield* Effect.forEach(history, (commit) => store.save(commit), { discard: true })
        const { commits } = yield* loaded(store, history[0]!.workflowId)
        assert.deepStrictEqual(
          commits.map(({ id }) => id),
          history.map(({ id }) => id)
        )
        const tail = yield* loaded(store, history[0]!.workflowId, 1999)
        assert.deepStrictEqual(
          tail.commits.map(({ id }) => id),
          [history[1999]!.id]
        )
      }),
    timeout
  )

  it.effect(
    "6. the commits of earlier runs are read too, each with its run, after whichever version",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const history = [start(freshId())]
        while (history.length < 9) {
          const { summary } = history.at(-1)!
          history.push([restart, after, finish][history.length % 3]!(summary))
        }
        for (const commit of history) yield* store.save(commit)
        for (let version = 0; version <= history.length; version++) {
          const { commits } = yield* loaded(store, history[0]!.workflowId, version)
          assert.deepStrictEqual(
            commits.map(({ id, runId }) => [id, runId]),
            history.slice(version).map(({ id, runId }) => [id, runId])
          )
        }
      }),
    timeout
  )

  it.effect(
    "6. each store sees at once what another one has acknowledged",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        let commit = start(freshId())
        for (let version = 1; version <= 100; version++) {
          yield* all[version % all.length]!.save(commit)
          for (const store of all) {
            const { commits, summary } = yield* loaded(store, commit.workflowId)
            assert.deepStrictEqual(summary, commit.summary)
            assert.strictEqual(commits.length, version)
          }
          commit = after(commit.summary)
        }
      }),
    timeout
  )

  it.effect(
    "10. any string is a good id, and ids that differ in anything are different executions",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const prefix = freshId("strange")
        const ids = [...new Set(strangeIds(prefix))].map((id) => WorkflowId.make(id))
        // Without the prefix an id may be there from an earlier test.
        yield* Effect.forEach(ids, (id) => remove(store, id), { discard: true })
        const commits = yield* Effect.forEach(ids, (id) =>
          Effect.map(
            store.deletion(id),
            Option.match({
              onNone: () => start(id),
              onSome: ({ version }) => restart({ ...start(id).summary, version })
            })
          )
        )
        yield* saveAll(store, commits, 50)
        for (const commit of commits) {
          const { commits, summary } = yield* loaded(store, commit.workflowId)
          assert.deepStrictEqual([summary, commits.map(({ id }) => id)], [commit.summary, [commit.id]])
          yield* store.save(after(summary))
        }
        for (const { version, workflowId } of commits) {
          assert.strictEqual((yield* loaded(store, workflowId)).summary.version, version + 1)
          assert.isTrue(yield* remove(store, workflowId))
          assert.isTrue(Option.isNone(yield* store.load(workflowId)))
        }
      }),
    timeout
  )

  if (!settings.shared) return

  it.effect(
    "5. what was acknowledged is there when the store is opened again",
    () =>
      Effect.gen(function* () {
        const first = start(freshId("kept"))
        const second = after(first.summary)
        yield* Effect.scoped(
          Effect.gen(function* () {
            const store = yield* another(settings)
            yield* store.save(first)
            yield* store.save(second)
          })
        )
        const store = yield* another(settings)
        const { commits, summary } = yield* loaded(store, first.workflowId)
        assert.deepStrictEqual(summary, second.summary)
        assert.deepStrictEqual(
          commits.map(({ events }) => events),
          [first.events, second.events]
        )
      }),
    timeout
  )
}
