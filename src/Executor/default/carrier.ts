/**
 * How the default executor carries out commands. Timers need nothing here, since the alarm of an execution follows from its
 * state; and a closing command ends all that is under way.
 */
import type { Sequence } from "../../Ids.ts"
import type { Carrier } from "../../internal/replay/Carrier.ts"

/** What commands begin and end outside the program. */
interface Work {
  begin(seq: Sequence): void
  abandon(seq: Sequence): void
  abandonAll(): void
  deliver(): void
}

const nothing = (): void => {}

/** A row for each command. */
export const carrier: Carrier<Work> = {
  ActivityScheduled: (work, { seq }) => work.begin(seq),
  ActivityCancelled: (work, { seq }) => work.abandon(seq),
  TimerStarted: nothing,
  TimerCancelled: nothing,
  MessageSent: (work) => work.deliver(),
  ExecutionCompleted: (work) => work.abandonAll(),
  ExecutionFailed: (work) => work.abandonAll(),
  ExecutionCancelled: (work) => work.abandonAll(),
  ExecutionTimedOut: (work) => work.abandonAll()
}
