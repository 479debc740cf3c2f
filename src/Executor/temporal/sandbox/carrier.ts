/**
 * How Temporal carries out commands. `Execution.ts` has the table of what comes back.
 */
import { deprecatePatch } from "@temporalio/workflow"
import type { Carrier } from "../../../internal/replay/Carrier.ts"
import type { Ending, Owner } from "./Owner.ts"

const close = (execution: Owner, ending: Ending): void => execution.close(ending)

/** A row for each command. */
export const carrier: Carrier<Owner> = {
  ActivityScheduled: (execution, command) => execution.call(command),
  ActivityCancelled: (execution, { seq }) => execution.abandon(seq),
  TimerStarted: (execution, command) => execution.sleep(command),
  TimerCancelled: (execution, { seq }) => execution.abandon(seq),
  MessageSent: (execution, command) => execution.send(command),
  UpdateAccepted: (execution, command) => execution.callers.accepted(command),
  UpdateAnswered: (execution, command) => execution.callers.answered(command),
  // Temporal has recorded the patch when it was asked for it.
  PatchRecorded: (_execution, { deprecated, id }) => (deprecated === true ? deprecatePatch(id) : undefined),
  AttributesSet: (execution, command) => execution.setAttributes(command),
  ExecutionContinued: close,
  ExecutionCompleted: close,
  ExecutionFailed: close,
  ExecutionCancelled: close,
  ExecutionTimedOut: close
}
