/**
 * Programs in encoded form, as executors run them: with what each is given, from the JSON of an input to that of a success, an
 * error or the next input.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import { DurableExecutor } from "../Executor/DurableExecutor.ts"
import type { Registration } from "../Executor/WorkflowRegistry.ts"
import type { WorkflowError } from "../WorkflowError.ts"
import { Continuation, continueWith, orContinues } from "./continueAsNew.ts"
import { effectOf } from "./given.ts"
import { inProgram } from "./inProgram.ts"
import { protocol } from "./replay/Protocol.ts"
import type { Given } from "./requirements.ts"
import { type Codecs, encodedEnd, isA, undecodable } from "./schema.ts"

/** What a program returns that continues as new, as its type says it. */
interface Continues {
  "~perdure/Workflow/ContinueAsNew"(name: any): void
}

/** The program of a workflow in encoded form. */
export const makeEncoded = <Input, Success, Error>(
  name: string,
  codecs: Codecs<Input, Success, Error>,
  errors: Schema.Codec<unknown, unknown>
) => {
  const isDeclared = isA(errors)
  return (
    program: (input: Input) => Effect.Effect<Success | Continues, Error | WorkflowError, Given>
  ): Registration["program"] =>
    (json) =>
      Effect.flatMap(protocol, (context) => {
        const input = codecs.input.decode(json)
        if (Result.isFailure(input)) {
          return context.halt(undecodable(`the input of workflow ${name}`, input.failure))
        }
        const run = effectOf(`the program of workflow ${name}`, () => program(input.success))
        const given = Effect.provideService(run, DurableExecutor, inProgram(context)).pipe(
          Effect.tap((value) =>
            value instanceof Continuation ? continueWith(context, name, codecs.input, value) : Effect.void
          ),
          Effect.ensuring(Effect.suspend(() => context.updates().stop)),
          Effect.scoped,
          Effect.onError((cause) => Effect.sync(() => context.compensations.failedWith(cause)))
        )
        const ends = { success: orContinues(codecs.success), error: codecs.error }
        return encodedEnd(ends, isDeclared, `workflow ${name}`, given)
      })
}
