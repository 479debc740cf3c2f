/**
 * An execution, as what it has under way outside its program sees it.
 */
import type { Ancestor, Trace } from "../../HistoryEvent.ts"
import type { RunId, Sequence, Version, WorkflowId } from "../../Ids.ts"
import type { Told } from "../../internal/replay/Told.ts"
import type { ActivityHandler, Registration } from "../WorkflowRegistry.ts"
import type { Refuse, Reply } from "./Mail.ts"

export interface Owner {
  readonly workflowId: WorkflowId
  readonly runId: RunId
  /** The first run of its chain. */
  readonly chain: RunId
  readonly registration: Registration
  /** The latest version of which this process knows. */
  readonly version: Version
  /** The term of the worker's lease in which the store last said that the execution is this worker's. */
  term: number
  /** The span that its start belongs to. */
  readonly trace: Trace | undefined
  /** The first ancestor of a child. */
  readonly root: Ancestor | undefined
  /** The time of the execution, in milliseconds since 1970. */
  now(): number
  /** What runs an inline activity that is open; `undefined` while the program is not in memory. */
  inline(seq: Sequence): ActivityHandler | undefined
  /** Lets go of it; senders that wait for an answer get the refusal. */
  release(refuse: Refuse): void
  tell(told: Told, reply?: Reply): void
  /** Notes that a version was committed beside it, which it has to read. */
  notice(version: number): void
}
