/** What the store of the laboratory has of an execution. */
import { Effect, Option } from "effect"
import type { HistoryEvent } from "perdure/HistoryEvent"
import { WorkflowId } from "perdure/Ids"
import { Lab } from "./Lab.ts"

/** The events of the current run. */
export const historyOf = Effect.fnUntraced(function* (id: string) {
  const { store } = yield* Lab
  return Option.getOrThrow(yield* store.load(WorkflowId.make(id))).commits.flatMap(({ events }) => events)
})

export const summaryOf = Effect.fnUntraced(function* (id: string) {
  const { store } = yield* Lab
  return Option.getOrThrow(yield* store.summary(WorkflowId.make(id)))
})

export const tags = (history: ReadonlyArray<HistoryEvent>) => history.map(({ _tag }) => _tag)
