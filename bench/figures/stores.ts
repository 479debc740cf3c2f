/**
 * What the stores on servers are measured by alike: a save alone, and a start with many executions.
 */
import { fileURLToPath } from "node:url"
import { Effect, Schema } from "effect"
import { after, freshId, start, type Store } from "../../test/suites/store/builders.ts"
import * as Child from "../Child.ts"
import * as Figure from "../Figure.ts"

/** What so many saves of an execution alone take. */
export const storeSave = Effect.fnUntraced(function* (name: string, store: Store, saves: number) {
  let commit = start(freshId())
  const taken: Array<number> = []
  for (let count = 0; count < saves * 1.1; count++) {
    const began = performance.now()
    yield* store.save(commit)
    taken.push(performance.now() - began)
    commit = after(commit.summary)
  }
  const sorted = taken.slice(saves / 10).toSorted((a, b) => a - b)
  return [0.5, 0.99].map((share) =>
    Figure.make({ name: `${name}-p${share * 100}`, value: sorted[Math.floor(share * sorted.length)]!, unit: "ms" })
  )
})

/** A store with many executions. */
export interface Filled {
  readonly url: string
  /** As `openStore.ts` calls it. */
  readonly store: string
  readonly count: number
  readonly snapshots?: string
}

/** Saves so many executions, in a process of its own. */
export const storeFill = ({ count, snapshots, store, url }: Filled) =>
  Child.answer(
    Schema.Struct({}),
    Child.node(children.fill, String(count), url, store, ...(snapshots === undefined ? [] : [snapshots]))
  )

/** A start with them, in a process of its own with the library as it is published. */
export const storeStart = Effect.fnUntraced(function* (
  name: string,
  { count, snapshots, store, url }: Filled,
  { mostMegabytes, mostMilliseconds }: { readonly mostMilliseconds?: number; readonly mostMegabytes?: number } = {}
) {
  const started = Child.nodeWithBuild(
    "--expose-gc",
    children.start,
    url,
    store,
    ...(snapshots === undefined ? [] : [snapshots])
  )
  const { found, list, megabytes, milliseconds } = yield* Child.answer(Started, started)
  if (found !== count) return yield* Effect.die(new Error(`${name}: ${found} executions are listed`))
  return [
    Figure.make({ name, value: milliseconds, unit: "ms", atMost: mostMilliseconds }),
    Figure.make({ name: `${name}-memory`, value: megabytes, unit: "MB", atMost: mostMegabytes }),
    Figure.make({ name: `${name}-list`, value: list, unit: "ms" })
  ]
})

// internal

const children = {
  fill: fileURLToPath(import.meta.resolve("../children/storeFill.ts")),
  start: fileURLToPath(import.meta.resolve("../children/storeStart.ts"))
}

const Started = Schema.Struct({
  found: Schema.Int,
  milliseconds: Schema.Finite,
  megabytes: Schema.Finite,
  list: Schema.Finite
})
