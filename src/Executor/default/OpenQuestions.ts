/**
 * Whether what a program asks of another execution can be answered by now. The execution that is asked tells nothing to the one that
 * asks: a worker that has the latter hears of it, and one that comes by now and then must look.
 */
import * as Effect from "effect/Effect"
import type { WorkflowId } from "../../Ids.ts"
import { askName, type Question, questionOf } from "../../internal/core/asked.ts"
import { stateOf } from "../../internal/store/summary.ts"
import type { ExecutionSummary, StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"
import type { WorkflowState } from "../../WorkflowState.ts"
import { hasWork, soon } from "./due.ts"
import type { Shared } from "./Shared.ts"

/** What the program of an execution asks and has no recorded answer to. */
export const questionsIn = ({ open }: WorkflowState): ReadonlyArray<Question> =>
  Array.from(open.values()).flatMap(({ issued }) =>
    issued._tag === "ActivityScheduled" && issued.name === askName ? [questionOf(issued.input)] : []
  )

/** Whether a question stays open for now: the chain that is asked runs, and has not ended or answered. */
export const isOpen = (
  store: WorkflowStore["Service"],
  { message, operation, runId, workflowId }: Question
): Effect.Effect<boolean, StoreError> => {
  // Of these the answer does not depend on what the execution does.
  if (operation === "find" || operation === "query") return Effect.succeed(false)
  return Effect.map(store.summary(workflowId as WorkflowId), (found) => {
    if (found._tag === "None") return false
    const { chain = found.value.runId, status, waitingFor } = found.value
    if (status !== "running" || (runId !== undefined && runId !== chain)) return false
    if (message?._tag !== "Update") return true
    const open = waitingFor.find((each) => each._tag === "Update" && each.id === message.id)
    return open !== undefined && (message.wait !== "accepted" || !("accepted" in open))
  })
}

/** Leaves out executions that have nothing to do by now or soon but to wait for answers, all of which stay open for now. */
export const withoutWaiting = (
  { fibers, store }: Pick<Shared<never>, "fibers" | "store">,
  summaries: ReadonlyArray<ExecutionSummary>
): Effect.Effect<ReadonlyArray<ExecutionSummary>> =>
  Effect.filter(summaries, (summary) => {
    const waitingFor = summary.waitingFor.filter(({ _tag }) => _tag !== "Answer")
    const isAsking = waitingFor.length < summary.waitingFor.length
    const onlyAsks = isAsking && !hasWork({ ...summary, waitingFor }, fibers.now() + soon)
    return onlyAsks ? mayBeAnswered(store, summary) : Effect.succeed(true)
  })

// internal

/** Whether one of the questions of an execution can be answered. What cannot be read is for the worker that takes it to judge. */
const mayBeAnswered = (store: WorkflowStore["Service"], { workflowId }: ExecutionSummary): Effect.Effect<boolean> =>
  Effect.gen(function* () {
    const found = yield* store.load(workflowId)
    const state = found._tag === "Some" ? stateOf(found.value) : undefined
    if (state === undefined) return true
    for (const question of questionsIn(state)) if (!(yield* isOpen(store, question))) return true
    return false
  }).pipe(Effect.orElseSucceed(() => true))
