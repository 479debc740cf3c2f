/**
 * What handlers report of their attempts.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import { ActivityContext } from "../ActivityContext.ts"
import { jsonCodec } from "./schema.ts"

/** How a handler reports details, and finds those of the attempt before it. */
export const makeHeartbeat = <S extends Schema.Codec<unknown, unknown>>(activity: string, schema: S) => {
  const codec = jsonCodec<Schema.Codec<S["Type"], unknown>>(schema)
  return {
    heartbeat: (details: S["Type"]): Effect.Effect<void, never, ActivityContext> =>
      Effect.flatMap(ActivityContext, ({ activity: running, report }) => {
        if (running !== activity) return Effect.die(new Error(strayed(activity, running)))
        const json = codec.encode(details)
        if (Result.isSuccess(json)) return report(json.success)
        return Effect.die(new Error(`the details of activity ${activity} do not fit their schema: ${json.failure}`))
      }),
    details: Effect.flatMap(ActivityContext, ({ reported }) =>
      Effect.flatMap(reported, (json): Effect.Effect<Option.Option<S["Type"]>> => {
        if (Option.isNone(json)) return Effect.succeedNone
        const details = codec.decode(json.value)
        if (Result.isSuccess(details)) return Effect.succeedSome(details.success)
        const text = `the details of activity ${activity} are left out, since they do not fit their schema: ${details.failure}`
        return Effect.as(Effect.logWarning(text), Option.none())
      })
    )
  }
}

// internal

const strayed = (activity: string, running: string): string =>
  `heartbeat of activity ${JSON.stringify(activity)} was called in the handler of ${JSON.stringify(running)}; call that of its own contract`
