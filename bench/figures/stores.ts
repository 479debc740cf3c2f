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

/** A start with so many executions, in a process of its own. */
export const storeStart = Effect.fnUntraced(function* (options: {
  readonly name: string
  readonly url: string
  /** As `storeStart.ts` calls it. */
  readonly store: string
  readonly count: number
  readonly mostMilliseconds: number
  readonly mostMegabytes: number
}) {
  const { count, mostMegabytes, mostMilliseconds, name, store, url } = options
  yield* Child.answer(Schema.Struct({}), Child.node(program, "fill", url, store, String(count)))
  const { found, list, megabytes, milliseconds } = yield* Child.answer(
    Started,
    Child.node(program, "start", url, store)
  )
  if (found !== count) return yield* Effect.die(new Error(`${name}: ${found} executions are listed`))
  return [
    Figure.make({ name, value: milliseconds, unit: "ms", atMost: mostMilliseconds }),
    Figure.make({ name: `${name}-memory`, value: megabytes, unit: "MB", atMost: mostMegabytes }),
    Figure.make({ name: `${name}-list`, value: list, unit: "ms" })
  ]
})

// internal

const program = fileURLToPath(import.meta.resolve("../children/storeStart.ts"))

const Started = Schema.Struct({
  found: Schema.Int,
  milliseconds: Schema.Finite,
  megabytes: Schema.Finite,
  list: Schema.Finite
})
