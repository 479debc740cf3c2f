/**
 * The handlers of the portable programs, and what was seen of them.
 */
import { Effect, Layer, Option } from "effect"
import { ActivityContext, Activity } from "perdure"
import { Charge, Copy, Echo, Endless, Price, Rejected } from "./programs.ts"

/** What handlers have seen. */
export interface Seen {
  readonly echoed: Array<string>
  /** The tokens that were given away, by the ids of their executions. */
  readonly tokens: Map<string, Array<string>>
  readonly interrupted: Array<string>
  readonly attempts: Array<{ readonly workflowId: string; readonly attempt: number; readonly key: string }>
}

export const nothingSeen = (): Seen => ({ echoed: [], tokens: new Map(), interrupted: [], attempts: [] })

/** Handlers that note what they see. */
export const layerOf = (seen: Seen) =>
  Layer.mergeAll(
    Price.toLayer((item) => Effect.succeed(item.length)),
    Echo.toLayer((text) =>
      Effect.sync(() => {
        seen.echoed.push(text)
        return text
      })
    ),
    Charge.toLayer((pause) =>
      Effect.gen(function* () {
        const { attempt, idempotencyKey, token, workflowId } = yield* ActivityContext.ActivityContext
        seen.tokens.set(workflowId, [...(seen.tokens.get(workflowId) ?? []), token])
        seen.attempts.push({ workflowId, attempt, key: idempotencyKey })
        yield* Effect.onInterrupt(Effect.sleep(pause), () => Effect.sync(() => void seen.interrupted.push(workflowId)))
        return yield* Activity.pending
      })
    ),
    Copy.toLayer(() =>
      Effect.gen(function* () {
        const before = yield* Copy.details
        yield* Copy.heartbeat(Option.getOrElse(before, () => 0) + 7)
        if (Option.isNone(before)) return yield* new Rejected({ why: "half way" })
        return before.value
      })
    ),
    Endless.toLayer((id) =>
      Effect.never.pipe(Effect.onInterrupt(() => Effect.sync(() => void seen.interrupted.push(id))))
    )
  )
