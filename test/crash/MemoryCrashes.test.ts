import { Effect, Layer } from "effect"
import * as Memory from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { Opener, suite } from "./Suite.ts"

/** The store outlives the processes that use it. */
const surviving = Layer.effect(
  Opener,
  Effect.map(Memory.make(), (store) => Layer.succeed(WorkflowStore, store))
)

suite("memory", { store: surviving, share: 1 })
