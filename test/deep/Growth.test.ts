/** What work that grows costs: the memory of many executions that sleep, and the stalls of one that is long. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { freshFile } from "../support/sqliteFiles.ts"
import * as Processes from "../support/Processes.ts"

const executions = 200_000

/** How much memory a process may take at most while it takes them over, in MB; most of it is garbage that is not yet collected. */
const mostMegabytes = 400

/** How much of the heap may be in use then. */
const mostHeap = 60

it.live(
  `12. a worker that starts again with ${executions} executions that sleep has bounded memory`,
  () =>
    Effect.scoped(
      Effect.gen(function* () {
        const filename = freshFile()
        const filling = yield* Processes.start("../deep/growthProgram.ts", ["fill", filename, String(executions)])
        assert.deepStrictEqual(yield* filling.line, ["filled"])
        yield* filling.rest
        const recovering = yield* Processes.start("../deep/growthProgram.ts", ["recover", filename])
        const [resident, , peak, heap, seconds] = yield* recovering.line
        yield* Effect.log(`${resident} MB, at most ${peak} MB, ${heap} MB of heap in use, ${seconds} s`)
        assert.isBelow(Number(peak), mostMegabytes)
        assert.isBelow(Number(heap), mostHeap)
      })
    ),
  600_000
)

const steps = 100_000

/** How long the event loop may stand still while they are replayed, in milliseconds. */
const longestStall = 100

it.live.each(["sqlite", "memory"])(
  `12. an execution of ${steps} steps comes back with short stalls, on %s`,
  (store) =>
    Effect.scoped(
      Effect.gen(function* () {
        // One that meets the garbage collector or another process says nothing: the best of ten counts.
        const running = yield* Processes.start("../deep/growthProgram.ts", [
          "steps",
          store === "sqlite" ? freshFile() : "",
          String(steps)
        ])
        const [stall] = yield* running.line
        yield* Effect.log(`${stall} ms on ${store}`)
        assert.isBelow(Number(stall), longestStall)
      })
    ),
  600_000
)
