/**
 * The order and the times of translated events: as a program has seen them. Temporal tells a program of all that has come when a task of its
 * workflow begins, at the time of that beginning, signals and updates first; and what the program issues follows at the end of the task.
 */
import { type HistoryEvent, isDelivered } from "../../HistoryEvent.ts"
import { timeOf } from "./json.ts"
import type { HistoryEvent as TemporalEvent } from "./pages.ts"

/** An event of ours, and the number of Temporal's from which it comes. */
export interface Translated {
  readonly eventId: number
  readonly event: HistoryEvent
}

/** Events in the order and at the times of their tasks. */
export const inOrder = (
  events: ReadonlyArray<TemporalEvent>,
  translated: ReadonlyArray<Translated>
): ReadonlyArray<Translated> => {
  const tasks = tasksIn(events)
  const issuers = new Map(events.map((event) => [idOf(event), issuedIn(event, tasks)]))
  const updates = new Set(events.filter(isUpdate).map(idOf))
  const placed = translated.map((each, index) => {
    const issuer = issuers.get(each.eventId)
    const task =
      issuer === undefined
        ? tasks.find(({ started }) => started > each.eventId)
        : tasks.find(({ completed }) => completed === issuer)
    const comesByUpdate = updates.has(each.eventId) && isDelivered(each.event)
    return { each, index, task, rank: comesByUpdate ? 1 : rankOf(each.event) }
  })
  const last = Number.POSITIVE_INFINITY
  return placed
    .toSorted(
      (a, b) =>
        compare(a.task?.started ?? last, b.task?.started ?? last) || compare(a.rank, b.rank) || a.index - b.index
    )
    .map(({ each, task }) => (task === undefined ? each : { ...each, event: at(each.event, task.at) }))
}

// internal

/** A task of a workflow that was completed: the numbers of its events, and when it began. */
interface Task {
  readonly started: number
  readonly completed: number
  readonly at: number
}

const idOf = ({ eventId }: TemporalEvent): number => Number(eventId ?? 0)

const tasksIn = (events: ReadonlyArray<TemporalEvent>): ReadonlyArray<Task> => {
  const times = new Map(events.map((event) => [idOf(event), timeOf(event.eventTime)]))
  return events.flatMap((event) => {
    const completed = event.workflowTaskCompletedEventAttributes
    if (!completed) return []
    const started = Number(completed.startedEventId ?? 0)
    return [{ started, completed: idOf(event), at: times.get(started) ?? timeOf(event.eventTime) }]
  })
}

const isUpdate = (event: TemporalEvent): boolean =>
  !!(event.workflowExecutionUpdateAcceptedEventAttributes ?? event.workflowExecutionUpdateCompletedEventAttributes)

/** The end of the task that has issued an event; `undefined` for what a program is told of. */
const issuedIn = (event: TemporalEvent, tasks: ReadonlyArray<Task>): number | undefined => {
  // Events of updates do not name their task. They follow its end.
  if (isUpdate(event)) return tasks.findLast(({ completed }) => completed < idOf(event))?.completed
  const attributes: unknown = event.attributes === undefined ? undefined : event[event.attributes]
  if (typeof attributes !== "object" || attributes === null || !("workflowTaskCompletedEventId" in attributes))
    return undefined
  const id = Number(attributes.workflowTaskCompletedEventId ?? 0)
  return id > 0 ? id : undefined
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)

/** The start, what comes from outside, what has become of commands, and then commands. */
const rankOf = (event: HistoryEvent): number => {
  switch (event._tag) {
    case "ExecutionStarted":
      return 0
    case "SignalReceived":
      return 1
    case "CancelRequested":
      return event.kind === "cancel" ? 2 : 3
    default:
      return isDelivered(event) ? 3 : 4
  }
}

const at = (event: HistoryEvent, time: number): HistoryEvent =>
  event._tag === "TimerStarted"
    ? { ...event, at: time, fireAt: time + event.fireAt - event.at }
    : { ...event, at: time }
