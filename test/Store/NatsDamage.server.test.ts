/** Law 17 on NATS: what is damaged affects its own execution alone, whichever header or body it is in. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Option } from "effect"
import { WorkflowId } from "perdure/Ids"
import type { Page, UnreadableExecution, WorkflowFilter } from "perdure/Store/WorkflowStore"
import {
  after,
  epoch,
  freshWorker,
  loaded,
  reasonOf,
  remove,
  save,
  saveAll,
  start,
  type Store
} from "../suites/store/builders.ts"
import { manager, open, publish } from "../support/natsClient.ts"
import { describeWith, natsServer, type NatsServer, shared } from "../support/servers.ts"

/** A whole pass, page by page. */
const pass = Effect.fnUntraced(function* (store: Store, filter: WorkflowFilter) {
  const pages: Array<Page> = []
  for (let cursor: string | undefined = ""; cursor !== undefined;) {
    const page: Page = yield* store.list(cursor === "" ? filter : { ...filter, cursor })
    pages.push(page)
    assert.isBelow(pages.length, 50)
    cursor = Option.getOrUndefined(page.next)
  }
  return {
    executions: pages.flatMap(({ executions }) => executions),
    unreadable: pages.flatMap(({ unreadable = [] }): ReadonlyArray<UnreadableExecution> => unreadable),
    largest: Math.max(...pages.map(({ executions, unreadable = [] }) => executions.length + unreadable.length))
  }
})

/** The latest message of a key. */
const latest = Effect.fnUntraced(function* (server: NatsServer, bucket: string, key: string) {
  const jsm = yield* manager(server)
  const message = yield* Effect.promise(() =>
    jsm.streams.getMessage(`KV_${bucket}`, { last_by_subj: `$KV.${bucket}.${key}` })
  )
  // The conditions of its publication do not belong to it.
  const names = message!.header.keys().filter((name) => !/^Nats-(?!Rollup)/.test(name))
  const headers = new Map(names.map((name) => [name, message!.header.get(name)] as const))
  return { body: message!.data, headers }
})

/** How the latest message of an execution is damaged: another text for a header, or a changed part of its JSON. */
type Damage = readonly [what: string, header: string, text: string | Readonly<Record<string, unknown>>, said: RegExp]

const label = "Perdure-Commit"
const summary = "Perdure-Summary"

const damages: ReadonlyArray<Damage> = [
  ["a label without JSON", label, "{", /JSON/],
  ["a label that is a number", label, "5", /the header Perdure-Commit is 5/],
  ["a label that is nothing", label, "null", /the header Perdure-Commit is null/],
  ["a label without an id", label, { workflowId: 5 }, /the header Perdure-Commit is /],
  ["a label of another execution", label, { workflowId: "other" }, /a commit of "other"|is of version/],
  ["a label of another version", label, { version: 7 }, /the summary is of version 1 of "d3"/],
  ["a label with half a version", label, { version: 1.5 }, /the header Perdure-Commit is /],
  ["a label with a base that is none", label, { base: -1 }, /the header Perdure-Commit is /],
  ["a label with parts without number", label, { parts: "x" }, /the header Perdure-Commit is /],
  ["a label with a format that is none", label, { format: 0 }, /the header Perdure-Commit is /],
  ["no label", label, "", /a message that no store wrote/],
  ["a summary without JSON", summary, "{", /the summary is not JSON/],
  ["a summary that is nothing", summary, "null", /the summary is null/],
  ["a summary that is a list", summary, "[]", /the summary is \[\]/],
  ["a summary of another execution", summary, { workflowId: "other" }, /the summary is of version 1 of "other"/],
  ["a summary of another run", summary, { runId: "other" }, /the summary is of version/],
  ["a summary with an unknown status", summary, { status: "walking" }, /the summary has the status walking|"walking"/],
  ["a summary with no time", summary, { startedAt: null }, /the summary has the startedAt null/],
  ["a summary with a wrong time", summary, { wakeAt: "soon" }, /the summary has the wakeAt "soon"/],
  ["a summary with wrong attributes", summary, { attributes: { a: {} } }, /the summary has the attributes /],
  ["a summary without attributes", summary, { attributes: undefined }, /the summary has the attributes undefined/],
  ["a summary with a wrong list", summary, { waitingFor: "x" }, /the summary has the waitingFor "x"/],
  ["a summary with a wrong owner", summary, { owner: 5 }, /the summary has the owner 5/],
  ["a summary with a wrong parent", summary, { parent: {} }, /the summary has the parent \{\}/]
]

describeWith("nats", "what is damaged on NATS", () => {
  const server = shared(natsServer())
  let buckets = 0

  /** Ten executions, of which the fourth is then damaged, in a bucket that a store has open. */
  const damagedBy = Effect.fnUntraced(function* ([, header, text]: Damage) {
    const on = yield* server
    const bucket = `damaged${buckets++}`
    const store = yield* open(on, { bucket })
    const commits = Array.from({ length: 10 }, (_, n) =>
      start(WorkflowId.make(`d${n}`), { summary: { startedAt: epoch + n, attributes: { kind: "a" } } })
    )
    yield* saveAll(store, commits)
    const { body, headers } = yield* latest(on, bucket, "d3")
    const damaged = typeof text === "string" ? text : JSON.stringify({ ...JSON.parse(headers.get(header)!), ...text })
    if (damaged === "") for (const name of headers.keys()) headers.delete(name)
    else headers.set(header, damaged)
    yield* publish(on, `$KV.${bucket}.d3`, body, [...headers])
    return { bucket, on, others: commits.filter((_, n) => n !== 3), store, workflowId: WorkflowId.make("d3") }
  })

  describe("the latest message of an execution", () => {
    it.live.each(damages)("17. stops nothing else: %s", (damage) =>
      Effect.gen(function* () {
        const { bucket, on, others, store, workflowId } = yield* damagedBy(damage)
        const said = damage[3]
        for (const each of [store, yield* open(on, { bucket })]) {
          for (const order of ["oldest", "newest"] as const) {
            for (const limit of [1, 3, 1000]) {
              const found = yield* pass(each, { order, limit })
              const expected = order === "oldest" ? others : others.toReversed()
              assert.deepStrictEqual(
                found.executions,
                expected.map(({ summary }) => summary)
              )
              assert.lengthOf(found.unreadable, 1)
              assert.strictEqual(found.unreadable[0]!.workflowId, workflowId)
              assert.match(found.unreadable[0]!.detail, said)
              assert.isAtMost(found.largest, limit)
            }
          }
          assert.strictEqual(yield* each.count(), 10)
          const recovery = yield* pass(each, { unsettled: true, ownerNotIn: [freshWorker()], limit: 4 })
          assert.lengthOf(recovery.executions, 9)
          for (const ask of [Effect.asVoid(each.summary(workflowId)), Effect.asVoid(each.load(workflowId))]) {
            const error = yield* Effect.flip(ask)
            assert.strictEqual(error.reason._tag, "Corrupt")
            assert.match(error.message, said)
            assert.match(error.message, /no other execution is affected, so restore this one from a backup/)
          }
          assert.strictEqual(yield* reasonOf(each.save(start(workflowId))), "Corrupt")
        }
        yield* save(store, after(others[0]!.summary))
        yield* loaded(store, others[0]!.workflowId)
        assert.isTrue(yield* remove(store, others[1]!.workflowId))
        assert.lengthOf((yield* pass(store, {})).executions, 8)
      }).pipe(Effect.scoped)
    )

    it.live("17. stops nothing else: a summary in a body", () =>
      Effect.gen(function* () {
        const on = yield* server
        const store = yield* open(on, { bucket: "bodies" })
        const [good, bad] = ["good", "bad"].map((id) =>
          start(WorkflowId.make(id), { summary: { waitingFor: [{ _tag: "Other", text: "w".repeat(40 * 1024) }] } })
        )
        yield* saveAll(store, [good!, bad!])
        const { body, headers } = yield* latest(on, "bodies", "bad")
        yield* publish(on, "$KV.bodies.bad", Buffer.from(body).fill("x", 0, 5), [...headers])
        for (const each of [store, yield* open(on, { bucket: "bodies" })]) {
          const found = yield* pass(each, { limit: 1 })
          assert.deepStrictEqual(found.executions, [good!.summary])
          assert.deepStrictEqual(
            found.unreadable.map(({ workflowId }) => workflowId),
            [bad!.workflowId]
          )
          assert.strictEqual(yield* reasonOf(each.summary(bad!.workflowId)), "Corrupt")
        }
      }).pipe(Effect.scoped)
    )

    it.live("17. is reported until it is removed, and the id is free again", () =>
      Effect.gen(function* () {
        const { bucket, on, store, workflowId } = yield* damagedBy(damages[0]!)
        assert.lengthOf((yield* pass(store, {})).unreadable, 1)
        yield* publish(on, `$KV.${bucket}.d3`, "", [
          ["KV-Operation", "PURGE"],
          ["Nats-Rollup", "sub"]
        ])
        assert.deepStrictEqual((yield* pass(store, {})).unreadable, [])
        yield* save(store, start(workflowId))
        for (const each of [store, yield* open(on, { bucket })]) {
          const found = yield* pass(each, {})
          assert.lengthOf(found.executions, 10)
          assert.deepStrictEqual(found.unreadable, [])
        }
      }).pipe(Effect.scoped)
    )
  })

  describe("a commit in the middle of a history", () => {
    it.live("17. stops nothing else", () =>
      Effect.gen(function* () {
        const on = yield* server
        const store = yield* open(on, { bucket: "middle" })
        const [first, healthy] = [start(WorkflowId.make("first")), start(WorkflowId.make("healthy"))]
        yield* saveAll(store, [first, healthy])
        const { headers } = yield* latest(on, "middle", "first")
        const second = after(first.summary)
        // Its summary is whole, and its events are not.
        const told = { ...JSON.parse(headers.get(label)!), id: second.id, version: 2, previous: 1 }
        yield* publish(on, "$KV.middle.first", "[{]", [
          [label, JSON.stringify(told)],
          [summary, JSON.stringify(second.summary)]
        ])
        for (const each of [store, yield* open(on, { bucket: "middle" })]) {
          assert.deepStrictEqual(yield* each.summary(first.workflowId), Option.some(second.summary))
          const error = yield* Effect.flip(each.load(first.workflowId))
          assert.strictEqual(error.reason._tag, "Corrupt")
          assert.match(error.message, /first: version 2: the events are not JSON.*no other execution is affected/)
          assert.lengthOf((yield* pass(each, {})).executions, 2)
          yield* loaded(each, healthy.workflowId)
        }
      }).pipe(Effect.scoped)
    )
  })

  describe("the record of a deletion", () => {
    it.live.each(["{", "null", '{"version":0}', '{"version":2,"seen":{"chain":"x"}}', '{"version":2,"seen":[]}'])(
      "17. stops nothing else: %s",
      (text) =>
        Effect.gen(function* () {
          const on = yield* server
          const bucket = `records${buckets++}`
          const store = yield* open(on, { bucket })
          const [gone, healthy] = [start(WorkflowId.make("gone")), start(WorkflowId.make("healthy"))]
          yield* saveAll(store, [gone, healthy])
          yield* remove(store, gone.workflowId)
          const { headers } = yield* latest(on, bucket, "gone")
          yield* publish(on, `$KV.${bucket}.gone`, text, [...headers])
          for (const each of [store, yield* open(on, { bucket })]) {
            const error = yield* Effect.flip(each.deletion(gone.workflowId))
            assert.strictEqual(error.reason._tag, "Corrupt")
            assert.match(error.message, /the record of its deletion is .*no other execution is affected/)
            const exits = yield* each.saveAll([start(gone.workflowId), start(WorkflowId.make(`next${freshWorker()}`))])
            assert.isTrue(Exit.isFailure(exits[0]!) && Exit.isSuccess(exits[1]!))
            assert.isTrue(Option.isNone(yield* each.deletion(healthy.workflowId)))
            assert.isEmpty((yield* pass(each, {})).unreadable)
          }
        }).pipe(Effect.scoped)
    )
  })
})
