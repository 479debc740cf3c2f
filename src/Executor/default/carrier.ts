/**
 * How the default executor carries out commands. Alarms and deliveries follow from the saved state (`waitForNext` in
 * `Execution.ts`, `deliver` in `UnderWay.ts`), and a run that is over is let go.
 */
import type { Sequence } from "../../Ids.ts"
import type { Carrier } from "../../internal/replay/Carrier.ts"

/** What commands begin and end outside the program. */
interface Work {
  begin(seq: Sequence): void
  abandon(seq: Sequence): void
}

const nothing = (): void => {}

/** A row for each command. */
export const carrier: Carrier<Work> = {
  ActivityScheduled: (work, { seq }) => work.begin(seq),
  ActivityCancelled: (work, { seq }) => work.abandon(seq),
  TimerStarted: nothing,
  TimerCancelled: nothing,
  MessageSent: nothing,
  UpdateAccepted: nothing,
  UpdateAnswered: nothing,
  PatchRecorded: nothing,
  AttributesSet: nothing,
  ExecutionContinued: nothing,
  ExecutionCompleted: nothing,
  ExecutionFailed: nothing,
  ExecutionCancelled: nothing,
  ExecutionTimedOut: nothing
}
