/** A sample of the crash proof, on a store whose payloads are encrypted. */
import { Effect, Layer } from "effect"
import * as Memory from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { encrypted } from "../support/encrypted.ts"
import { Opener, sample } from "./Suite.ts"

/** The store outlives the processes that use it, each with a codec of its own. */
const surviving = Layer.effect(
  Opener,
  Effect.map(Memory.make(), (store) => encrypted(Layer.succeed(WorkflowStore, store)))
)

sample("memory, encrypted", { store: surviving, times: 12, seed: "encrypted" })
