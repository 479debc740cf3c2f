/**
 * The value by which a program says that it continues as new.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Protocol } from "./replay/Protocol.ts"
import { encodedOrDie, type JsonCodec } from "./schema.ts"

/** What `continueAsNew` makes. */
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

/** Says how the next run begins. */
export const continueWith = <Input>(
  context: Protocol,
  name: string,
  codec: JsonCodec<Input>,
  { input, workflow }: Continuation<string, unknown>
): Effect.Effect<void> => {
  if (workflow !== name) {
    return Effect.die(new Error(`workflow ${name} cannot continue as workflow ${workflow}: start that one instead`))
  }
  return encodedOrDie(codec.encode(input as Input), `the next input of workflow ${name}`, undefined, (json) =>
    Effect.as(
      Effect.sync(() => context.continueAsNew(json)),
      null
    )
  )
}
