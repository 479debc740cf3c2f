/** What the NATS store remembers of executions, and in which order news may reach it. */
import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import type { WorkflowFilter } from "perdure/Store/WorkflowStore"
import { type Head, Table } from "../../src/Store/nats/Table.ts"
import { after, freshId, start } from "../suites/store/builders.ts"

const headOf = ({ id, runId, summary, version }: ReturnType<typeof start>): Head => ({
  id,
  runId,
  version,
  origin: 0,
  base: 0,
  summary
})

const versions = (table: Table, filter: WorkflowFilter = {}) =>
  table.page(filter, Option.none()).executions.map(({ version }) => Number(version))

describe("the table of a bucket", () => {
  const first = start(freshId())
  const second = after(first.summary)

  it("keeps the later one of two commits, in whatever order it hears of them", () => {
    const table = new Table()
    table.put("key", 2, headOf(second))
    table.put("key", 1, headOf(first))
    assert.deepStrictEqual(versions(table), [2])
    assert.strictEqual(table.get("key")?.seq, 2)
    assert.strictEqual(table.get("key")?.version, 2)
  })

  it("does not bring back what was deleted by the news of a commit before the deletion", () => {
    const table = new Table()
    table.put("key", 1, headOf(first))
    table.bury("key", 3, first.workflowId, 3)
    table.put("key", 2, headOf(second))
    assert.deepStrictEqual(versions(table), [])
    // The watch has seen the deletion, so nothing is remembered of it.
    table.remove("key")
    table.passed = 3
    table.put("key", 2, headOf(second))
    table.bury("key", 3, first.workflowId, 3)
    assert.deepStrictEqual(versions(table), [])
    assert.isUndefined(table.get("key"))
    table.put("key", 4, headOf(second))
    assert.deepStrictEqual(versions(table), [2])
  })

  it("remembers the version after which a deleted execution goes on", () => {
    const table = new Table()
    table.put("key", 1, headOf(first))
    table.bury("key", 2, first.workflowId, 2)
    table.advance("key", 3)
    assert.deepInclude(table.get("key"), { seq: 3, version: 2, head: Option.none() })
    table.put("key", 4, headOf(second))
    assert.deepInclude(table.get("key"), { seq: 4, version: 2, head: Option.some(headOf(second)) })
  })

  it("takes what was read of a commit that did not tell its summary", () => {
    const table = new Table()
    table.unread.set("key", 5)
    table.passed = 7
    table.put("key", 5, headOf(first))
    assert.deepStrictEqual(versions(table), [1])
    table.unread.set("key", 6)
    table.remove("key")
    table.put("key", 6, headOf(second))
    assert.deepStrictEqual(versions(table), [])
  })

  it("does not bring back what was deleted while it was read, and is damaged", () => {
    const unreadable = { workflowId: first.workflowId, startedAt: 0, detail: "it is damaged" }
    const table = new Table()
    const damaged = () => table.page({}, Option.none()).unreadable?.map(({ workflowId }) => workflowId) ?? []
    table.passed = 7
    table.unread.set("key", 5)
    table.spoil("key", 5, unreadable)
    assert.deepStrictEqual(damaged(), [first.workflowId])
    table.unread.set("key", 6)
    table.remove("key")
    table.spoil("key", 6, unreadable)
    assert.deepStrictEqual(damaged(), [])
    assert.deepStrictEqual(table.keys(), [])
    table.spoil("key", 8, unreadable)
    assert.deepStrictEqual(damaged(), [first.workflowId])
  })

  it("pages from both ends alike", () => {
    const table = new Table()
    const ids = Array.from({ length: 50 }, (_, index) => String(index).padStart(2, "0"))
    for (const id of ids) {
      const commit = start(freshId(id), { summary: { startedAt: 1000 + Math.floor(Number(id) / 3) } })
      table.put(commit.workflowId, Number(id) + 1, headOf(commit))
    }
    const filters: ReadonlyArray<WorkflowFilter> = [
      {},
      { startedFrom: 1005 },
      { startedBefore: 1005 },
      { startedFrom: 1003, startedBefore: 1009 },
      { startedFrom: 2000 },
      { startedBefore: 1000 }
    ]
    for (const filter of filters) {
      const all = table.page(filter, Option.none()).executions
      assert.strictEqual(table.count(filter), all.length)
      assert.deepStrictEqual(table.page({ ...filter, order: "newest" }, Option.none()).executions, all.toReversed())
      const middle = all[Math.floor(all.length / 2)]
      if (middle === undefined) continue
      const place = Option.some(middle)
      const [older, newer] = [all.slice(0, all.indexOf(middle)), all.slice(all.indexOf(middle) + 1)]
      assert.deepStrictEqual(table.page(filter, place).executions, newer)
      assert.deepStrictEqual(table.page({ ...filter, order: "newest" }, place).executions, older.toReversed())
    }
  })
})
