/** What the store of the laboratory has of an execution. */
import { Effect, Option } from "effect"
import type { EventOf, HistoryEvent } from "perdure/HistoryEvent"
import { WorkflowId } from "perdure/Ids"
import { Lab } from "./Lab.ts"

/** The commits of the current run. */
export const commitsOf = Effect.fnUntraced(function* (id: string) {
  const { store } = yield* Lab
  return Option.getOrThrow(yield* store.load(WorkflowId.make(id))).commits
})

/** Their events. */
export const historyOf = (id: string) => Effect.map(commitsOf(id), (commits) => commits.flatMap(({ events }) => events))

/** Those of one kind. */
export const eventsOf = <Tag extends HistoryEvent["_tag"]>(id: string, tag: Tag) =>
  Effect.map(historyOf(id), (history) => history.filter((event): event is EventOf<Tag> => event._tag === tag))

export const summaryOf = Effect.fnUntraced(function* (id: string) {
  const { store } = yield* Lab
  return Option.getOrThrow(yield* store.summary(WorkflowId.make(id)))
})

export const tags = (history: ReadonlyArray<HistoryEvent>) => history.map(({ _tag }) => _tag)
