/** 10,000 executions to list and find, and how a listing is read. */
import { Context, Effect, Option } from "effect"
import { RunId, WorkerId, WorkflowId } from "perdure/Ids"
import * as Store from "perdure/Store/WorkflowStore"
import { isFinal, WorkflowStatus } from "perdure/WorkflowState"
import { assert } from "../assert.ts"
import type { WithLayer } from "../Runner.ts"
import { epoch, freshId, freshRun, saveAll, start } from "./builders.ts"
import type { Settings } from "./Settings.ts"

const count = 10_000

/** The workers that own two thirds of the executions. */
export const owners = ["one", "another"].map((name) => WorkerId.make(name))

/** The parents of some executions, and the roots of most of those. The first two have one id. */
export const parents = ["one", "two", "three"].map((chain, n) => ({
  workflowId: WorkflowId.make(n === 2 ? "another parent" : "parent"),
  chain: RunId.make(chain)
}))
export const roots = ["one", "two"].map((chain) => ({ workflowId: WorkflowId.make("root"), chain: RunId.make(chain) }))

/** Texts whose order differs between code units, bytes of UTF-8 and what people expect. */
export const words = [
  ...["", "a", "A", "B", "aa", "a\0b", "ab", "z", "é", "e\u0301", "ß", "0", "10", "9", " ", "\u007f", "\u0080"],
  ...[
    "\ud7ff",
    "\ue000",
    "\ufffd",
    "\ufffe",
    "\uffff",
    "\uffff\uffff",
    "\u{10000}",
    "\u{1f4b3}",
    "\u{10ffff}",
    "a\u{1f4b3}"
  ],
  ...["\ud800", "\udc00", "\udbff", "\udfff", "\udc00\ud800", "\ud800a", "\ud83d\udcb3\ud83d"]
]

const descentOf = (n: number) =>
  n % 17 < 3 ? { parent: parents[n % 17]!, ...(n % 5 === 0 ? {} : { root: roots[n % 2]! }) } : {}

/** Executions of three workflows that only these tests know, in an order that is not that of a listing. */
export class Population extends Context.Service<
  Population,
  {
    readonly workflows: ReadonlyArray<string>
    readonly commits: ReadonlyArray<Store.Commit>
    readonly summaries: ReadonlyArray<Store.ExecutionSummary>
  }
>()("test/Population") {}

/** The tests of listings. */
export type It = WithLayer<Store.WorkflowStore | Population>

export const populate = Effect.fnUntraced(function* (settings: Settings) {
  const store = yield* Store.WorkflowStore
  const name = freshId("listed")
  const workflows = ["A", "B", "C"].map((letter) => `${name} ${letter}`)
  const commits = Array.from({ length: count }, (_, index) => {
    // A permutation, since 7,919 is prime to the count; four executions start at each time.
    const n = (index * 7919) % count
    const status = WorkflowStatus.literals[n % 7]!
    return start(freshId(String(n % 10)), {
      summary: {
        workflow: workflows[n % 3]!,
        status,
        startedAt: epoch + Math.floor(n / 4),
        ...(n % 9 < 3 ? {} : { owner: owners[n % 2]! }),
        ...(n % 4 === 3 ? {} : { wakeAt: epoch + (n % 1000) }),
        ...(isFinal(status) ? { closedAt: epoch + (n % 3000) } : {}),
        ...(n % 13 === 0 ? { owed: (n % 3) + 1, format: 2, chain: freshRun() } : {}),
        ...descentOf(n),
        ...(n % 6 < 2 ? { workflowVersion: String(n % 6) } : {}),
        attributes: {
          tier: n % 5,
          region: n % 2 === 0 ? "eu" : "us",
          urgent: n % 11 === 0,
          total: ((n * 7) % 9000) / 4 - 100,
          word: words[n % words.length]!,
          ...(n % 50 === 0 ? { rare: [n, String(n), true][n % 4 === 0 ? (n / 100) % 3 : 0]! } : {}),
          ...(n % 10 > 0 ? { mixed: [n % 100, String(n % 100), n % 8 === 0][n % 3]! } : {}),
          ...(n % 100 === 0 ? { tenant: "1", 'a.b "c"': 1, "": "" } : {})
        }
      }
    })
  })
  yield* saveAll(store, commits, settings.groupSize)
  return Population.of({ workflows, commits, summaries: commits.map(({ summary }) => summary).sort(inOrder) })
})

/** The order of a listing: by start time and then by id. */
const inOrder = (a: Store.ExecutionSummary, b: Store.ExecutionSummary): number =>
  a.startedAt - b.startedAt || (a.workflowId < b.workflowId ? -1 : 1)

export type Summary = Store.ExecutionSummary

/** All of a listing, page by page; no page is larger than asked, and none but the last is followed by nothing. */
export const pass = Effect.fnUntraced(function* (
  store: Store.WorkflowStore["Service"],
  filter: Store.WorkflowFilter,
  between: Effect.Effect<void> = Effect.void
) {
  const found: Array<Summary> = []
  let next = Option.none<string>()
  let pages = 0
  do {
    assert.isBelow(pages++, 10_000)
    const page: Store.Page = yield* store.list({ ...filter, cursor: Option.getOrUndefined(next) })
    assert.isAtMost(page.executions.length, filter.limit ?? 100)
    found.push(...page.executions)
    next = page.next
    yield* between
  } while (Option.isSome(next))
  return found
})
