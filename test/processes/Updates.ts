/** A worker process with carts, and an executor of this process that asks it for updates over one file. */
import { Context, Effect, Layer } from "effect"
import * as Executor from "perdure/Executor/Default"
import * as Sqlite from "perdure/Store/Sqlite"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import * as FaultyStore from "../suites/executor/FaultyStore.ts"
import * as Processes from "../support/Processes.ts"
import type { Files } from "../support/workerFiles.ts"

/** How often a worker says that it lives, and for how long, in milliseconds. */
export interface Beat {
  readonly heartbeatInterval: number
  readonly lease: number
}

/** It lives and dies within seconds. */
export const beating: Beat = { heartbeatInterval: 250, lease: 1000 }

/** It looks for nothing by itself for as long as a test takes. */
export const still: Beat = { heartbeatInterval: 3_600_000, lease: 14_400_000 }

/** Starts a worker, and waits until it runs. */
export const worker = Effect.fnUntraced(function* ({ store }: Files, name: string, beat: Beat) {
  const { heartbeatInterval, lease } = beat
  const args = [store, name, `${heartbeatInterval}`, `${lease}`]
  const worker = yield* Processes.start("../processes/updatesProgram.ts", args)
  yield* worker.line
  return worker
})

/** An executor without workflows, which asks, and its link to the store. */
export const asker = Effect.fnUntraced(function* ({ store: filename }: Files, beat: Beat) {
  const store = Context.get(yield* Layer.build(Sqlite.layer({ filename })), WorkflowStore)
  const link = FaultyStore.make(store, { begun: 0, underWay: 0 })
  const context = yield* Layer.build(
    Executor.layerWith(beat).pipe(Layer.provide(Layer.succeed(WorkflowStore, link.store)))
  )
  return { context, link }
})
