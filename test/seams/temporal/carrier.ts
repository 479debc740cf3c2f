/**
 * How Temporal carries out commands.
 */
import type { Carrier } from "../../../src/internal/replay/Carrier.ts"
import type { Ending, Execution } from "./Execution.ts"

const close = (execution: Execution, ending: Ending): void => execution.close(ending)

/** Nothing asks for updates there yet: a request would come from a handler of an update of Temporal. */
const unsupported = (_execution: Execution, { id }: { readonly id: string }): never => {
  throw new Error(`update ${id} has no way to its caller`)
}

/** A row for each command. */
export const carrier: Carrier<Execution> = {
  ActivityScheduled: (execution, command) => execution.activity(command),
  ActivityCancelled: (execution, { seq }) => execution.abandon(seq),
  TimerStarted: (execution, command) => execution.timer(command),
  TimerCancelled: (execution, { seq }) => execution.abandon(seq),
  MessageSent: (execution, command) => execution.send(command),
  UpdateAccepted: unsupported,
  UpdateAnswered: unsupported,
  PatchRecorded: () => {
    throw new Error("Temporal does not carry patches yet")
  },
  // The seam lists no executions.
  AttributesSet: () => {},
  ExecutionContinued: () => {
    throw new Error("Temporal does not carry a run on yet")
  },
  ExecutionCompleted: close,
  ExecutionFailed: close,
  ExecutionCancelled: close,
  ExecutionTimedOut: close
}
