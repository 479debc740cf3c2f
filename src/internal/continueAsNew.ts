/**
 * The value by which a program says that it continues as new.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Protocol } from "./replay/Protocol.ts"
import { encodedOrDie, type JsonCodec } from "./schema.ts"

/** What `continueAsNew` makes, of an input or of a function that makes it. */
export class Continuation<Name extends string, Input> {
  declare readonly "~perdure/Workflow/ContinueAsNew": (name: Name) => void
  readonly workflow: Name
  readonly input: Input

  constructor(workflow: Name, input: Input) {
    this.workflow = workflow
    this.input = input
  }
}

/** The success of a program that may continue as new: that means nothing then. */
export const orContinues = <A, C>(codec: JsonCodec<A>): Pick<JsonCodec<A | C>, "encode"> => ({
  encode: (value) => (value instanceof Continuation ? Result.succeed(null) : codec.encode(value as A))
})

/** Waits for the handlers of updates that run, which belong to this run, and says how the next one begins. */
export const continueWith = <Input>(
  context: Protocol,
  name: string,
  codec: JsonCodec<Input>,
  { input, workflow }: Continuation<string, unknown>
): Effect.Effect<void> => {
  if (workflow !== name) {
    return Effect.die(new Error(`workflow ${name} cannot continue as workflow ${workflow}: start that one instead`))
  }
  const next = Effect.suspend(() =>
    encodedOrDie(
      codec.encode((typeof input === "function" ? input() : input) as Input),
      `the next input of workflow ${name}`,
      undefined,
      (json) =>
        Effect.as(
          Effect.sync(() => context.continueAsNew(json)),
          null
        )
    )
  )
  return Effect.gen(function* () {
    // A cancel that the run was given with its start must find it: a run that never waits could not be cancelled.
    yield* Effect.yieldNow
    const updates = context.updates()
    yield* tellOf(name, updates.underWay, typeof input === "function")
    yield* updates.finish
    return yield* next
  })
}

// internal

/** Says that a run waits to continue, and a warning when what it waits for is lost. */
const tellOf = (name: string, underWay: ReadonlyArray<string>, isFunction: boolean): Effect.Effect<void> => {
  if (underWay.length === 0) return Effect.void
  const handlers = [...new Set(underWay)].map((update) => JSON.stringify(update)).join(", ")
  const text = `workflow ${name} continues as new once its handlers of updates have ended: ${handlers}`
  if (isFunction) return Effect.logInfo(text)
  const late = "the next input is made already, and has nothing of what they change"
  return Effect.logWarning(`${text}; ${late}: give continueAsNew a function that makes it, () => input`)
}
