/**
 * What the portable promises need of an executor, in real time.
 */
import { Context, type Effect } from "effect"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import type { Executions } from "perdure/Executor/Executions"
import type { Seen } from "./handlers.ts"

export class Portable extends Context.Service<
  Portable,
  {
    /** Runs an effect of a caller. */
    readonly run: <A, E, R>(
      effect: Effect.Effect<A, E, R>
    ) => Effect.Effect<A, E, Exclude<R, DurableExecutor | Executions>>
    readonly executor: DurableExecutor["Service"]
    readonly seen: Seen
    /** Called with each id that a test starts. */
    readonly note: (workflowId: string) => void
  }
>()("perdure/test/suites/portable/Portable") {}
