/** Who takes an execution whose worker is gone. */
import { it } from "@effect/vitest"
import { Effect, Layer, Schedule, Schema } from "effect"
import { Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import { WorkerId } from "perdure/Ids"
import * as MemoryStore from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"

const Wait = Workflow.make("Wait", { input: Schema.Int, workflowId: (number) => `wait-${number}` })

const worker = (name: string) =>
  Layer.build(
    Wait.toLayer(() => Effect.never).pipe(
      Layer.provideMerge(DefaultExecutor.layerWith({ worker: name, heartbeat: "1 hour" }))
    )
  )

it.live(
  "a worker that starts again under its name takes its executions at once, whoever else lives",
  Effect.fnUntraced(
    function* () {
      const store = yield* WorkflowStore
      const numbers = Array.from({ length: 20 }, (_, index) => index)
      // Open until the end of the test: like a process that was killed, it does not say that it ends.
      const killed = yield* worker("w")
      yield* Effect.forEach(numbers, (number) => Wait.start(number)).pipe(Effect.provideContext(killed))
      for (const other of ["a", "b", "c"]) yield* store.heartbeat(WorkerId.make(other), Number.MAX_SAFE_INTEGER)

      const again = yield* worker("w")
      const isTaken = Effect.fnUntraced(function* (number: number) {
        const handle = yield* Wait.handle(`wait-${number}`)
        return (yield* handle.history).some((event) => event._tag === "OwnerChanged")
      }, Effect.provideContext(again))
      yield* Effect.forEach(numbers, isTaken).pipe(
        Effect.filterOrFail((all) => all.every((taken) => taken)),
        Effect.retry({ schedule: Schedule.spaced("10 millis"), times: 300 })
      )
    },
    Effect.scoped,
    Effect.provide(MemoryStore.layer)
  )
)
