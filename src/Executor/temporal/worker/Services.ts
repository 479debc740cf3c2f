/**
 * The services of a worker on Temporal.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { TemporalError } from "../../../internal/temporal/TemporalError.ts"
import type { DurableExecutor } from "../../DurableExecutor.ts"
import type * as Executions from "../../Executions.ts"
import type { Observers } from "../../Observers.ts"
import type { WorkflowRegistry } from "../../WorkflowRegistry.ts"

/**
 * A worker on Temporal.
 *
 * @category services
 * @since 0.2.0
 */
export class TemporalWorker extends Context.Service<
  TemporalWorker,
  {
    /** Never succeeds, and fails when the worker has ended by itself. `launch` waits for it. */
    readonly ended: Effect.Effect<never, TemporalError>
  }
>()("perdure/Executor/TemporalWorker") {}

/**
 * The services of a worker: those of the default executor, without inline activities, which Temporal does not run.
 *
 * @category models
 * @since 0.2.0
 */
export type Services = DurableExecutor | WorkflowRegistry | Executions.Executions | Observers | TemporalWorker
