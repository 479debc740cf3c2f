/** All that a store can be asked, for tests of what happens when its server does not answer. */
import { Duration, Effect, Exit, Option, Record } from "effect"
import { Sequence, Version } from "perdure/Ids"
import type { Commit, StoreError } from "perdure/Store/WorkflowStore"
import { after, freshWorker, type Store } from "../suites/store/builders.ts"

type Operations = Readonly<{ [name: string]: Effect.Effect<unknown, StoreError> }>
type Ends = Readonly<{ [name: string]: string }>

/** The operations, on an execution of one commit. */
export const everyOperation = (store: Store, first: Commit): Operations => {
  const call = { workflowId: first.workflowId, runId: first.runId, seq: Sequence.make(0) }
  return {
    save: store.save(after(first.summary)),
    load: store.load(first.workflowId),
    "load all runs": store.load(first.workflowId, { after: Version.make(0) }),
    list: store.list(),
    summary: store.summary(first.workflowId),
    deletion: store.deletion(first.workflowId),
    count: store.count(),
    delete: store.delete(first.workflowId, first),
    "delete older runs": store.delete(first.workflowId, { before: Version.make(1) }),
    workers: store.workers,
    heartbeat: store.heartbeat({ id: freshWorker() }, Duration.seconds(1)),
    "save details": store.saveDetails([{ ...call, details: 1 }]),
    details: store.details(call)
  }
}

/** How each of them ends, all at once: with which reason, and whether in time. */
export const endsOf = (operations: Operations, within: Duration.Input): Effect.Effect<Ends> =>
  Effect.all(
    Record.map(operations, (operation) =>
      Effect.map(Effect.exit(Effect.timeoutOption(operation, within)), (exit) =>
        Exit.isSuccess(exit)
          ? Option.match(exit.value, { onNone: () => "late", onSome: () => "done" })
          : Option.match(Exit.findErrorOption(exit), { onNone: () => "defect", onSome: ({ reason }) => reason._tag })
      )
    ),
    { concurrency: "unbounded" }
  )

/** The same end for all of them. */
export const allOf = (operations: Operations, end: string): Ends => Record.map(operations, () => end)
