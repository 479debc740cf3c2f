/**
 * The spans of what an executor does for an execution. Each is part of the trace of its execution, and is told once: by the process that
 * made the commit, ran the attempt, or read the history.
 *
 * | span                          | kind       | from, to                                        | attributes                                        |
 * | ----------------------------- | ---------- | ----------------------------------------------- | ------------------------------------------------- |
 * | `workflow.execute NAME`       | `consumer` | the first run of the execution begins, its end  | `workflow.status`, `error.type`                   |
 * | `activity.execute NAME`       | `internal` | an attempt begins, ends                         | `workflow.activity.name`, `workflow.activity.attempt`, `error.type` |
 * | `workflow.timer NAME`         | `internal` | a timer starts, fires                           | `workflow.timer.late`                             |
 * | `workflow.update.handle NAME` | `server`   | an update is asked for, answered                | `workflow.update.name`, `workflow.update.id`, `error.type` |
 * | `workflow.replay NAME`        | `internal` | a history is read, the program is in memory     | `workflow.replay.events`                          |
 *
 * All of them have `workflow.name`, `workflow.id` and `workflow.run.id`. NAME is that of the workflow, the activity or the update.
 */
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import type { Attempting, Committed, Observer, Replayed } from "../../Executor/Observers.ts"
import type { AttemptEnd } from "../../Executor/WorkflowRegistry.ts"
import { type EventOf, isClosing, type ClosingEvent } from "../../HistoryEvent.ts"
import { endOf, endOfAttempt, endOfUpdate, statusOf, succeeded } from "./ends.ts"
import { parentOf, type Spans } from "./Spans.ts"

/** An observer that makes spans. */
export const observer = (spans: Spans): Observer => ({
  committed: (commit) => {
    for (const event of commit.events) {
      if (event._tag === "TimerFired") timer(spans, commit, event)
      else if (event._tag === "UpdateAnswered") update(spans, commit, event)
      else if (isClosing(event)) execution(spans, commit, event)
    }
  },
  attempt: (attempting, next) => attempt(spans, attempting, next),
  replayed: (replayed) => replay(spans, replayed)
})

// internal

const execution = (spans: Spans, commit: Committed, event: ClosingEvent): void => {
  const { startedAt, workflow } = commit.summary
  const attributes = { ...attributesOf(commit), "workflow.status": statusOf(event) }
  const name = `workflow.execute ${workflow}`
  spans.emit({ name, kind: "consumer", parent: parentIn(commit), at: startedAt, attributes }, endOf(event), event.at)
}

const timer = (spans: Spans, commit: Committed, { at, seq }: EventOf<"TimerFired">): void => {
  const started = commit.open(seq)?.issued
  if (started?._tag !== "TimerStarted") return
  const attributes = { ...attributesOf(commit), "workflow.timer.late": Math.max(0, at - started.fireAt) / 1000 }
  const name = `workflow.timer ${commit.summary.workflow}`
  spans.emit({ name, kind: "internal", parent: parentIn(commit), at: started.at, attributes }, succeeded, at)
}

/** It is a part of what its caller does, who may wait for it, and belongs to its execution too. */
const update = (spans: Spans, commit: Committed, { at, exit, id }: EventOf<"UpdateAnswered">): void => {
  const asked = commit.update(id)
  if (asked === undefined) return
  const of = parentIn(commit)
  const caller = asked.trace === undefined ? undefined : Tracer.externalSpan(asked.trace)
  spans.emit(
    {
      name: `workflow.update.handle ${asked.name}`,
      kind: "server",
      parent: caller ?? of,
      links: caller === undefined ? [] : [{ span: of, attributes: {} }],
      at: asked.at,
      attributes: { ...attributesOf(commit), "workflow.update.name": asked.name, "workflow.update.id": id }
    },
    endOfUpdate(exit),
    at
  )
}

const attempt = (
  spans: Spans,
  { chain, context, root, trace }: Attempting,
  next: Effect.Effect<AttemptEnd>
): Effect.Effect<AttemptEnd> => {
  const { activity, attempt: number, runId, workflow, workflowId } = context
  const span = spans.begin({
    name: `activity.execute ${activity}`,
    kind: "internal",
    parent: parentOf({ trace, chain, root }),
    attributes: {
      ...named(workflow, workflowId, runId),
      "workflow.activity.name": activity,
      "workflow.activity.attempt": number
    }
  })
  return Effect.onExit(Effect.provideService(next, Tracer.ParentSpan, span), (exit) =>
    Effect.sync(() => spans.end(span, endOfAttempt(exit)))
  )
}

const replay = (spans: Spans, replayed: Replayed): void => {
  const { duration, events, runId, workflow, workflowId } = replayed
  const until = spans.now()
  spans.emit(
    {
      name: `workflow.replay ${workflow}`,
      kind: "internal",
      parent: parentOf(replayed),
      at: until - duration,
      attributes: { ...named(workflow, workflowId, runId), "workflow.replay.events": events }
    },
    succeeded,
    until
  )
}

const parentIn = ({ summary, trace }: Committed): Tracer.AnySpan =>
  parentOf({ trace, chain: summary.chain ?? summary.runId, root: summary.root })

const attributesOf = ({ summary: { runId, workflow, workflowId } }: Committed) => named(workflow, workflowId, runId)

const named = (workflow: string, workflowId: string, runId: string) => ({
  "workflow.name": workflow,
  "workflow.id": workflowId,
  "workflow.run.id": runId
})
