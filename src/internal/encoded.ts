/**
 * Programs in encoded form, as executors run them: with what each is given, from the JSON of an input to that of a success, an
 * error or the next input.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import { DurableExecutor } from "../Executor/DurableExecutor.ts"
import type { Registration } from "../Executor/WorkflowRegistry.ts"
import type { WorkflowError } from "../WorkflowError.ts"
import { Continuation, continueWith, orContinues } from "./continueAsNew.ts"
import { effectOf } from "./given.ts"
import { inProgram } from "./inProgram.ts"
import { ActivityTimedOut } from "../ActivityError.ts"
import { bounded, isRecorded, textOf } from "./replay/defect.ts"
import { type Protocol, protocol } from "./replay/Protocol.ts"
import type { Given } from "./requirements.ts"
import { type Codecs, encodedEnd, isA, undecodable } from "./schema.ts"

/** What a program returns that continues as new, as its type says it. */
interface Continues {
  "~perdure/Workflow/ContinueAsNew"(name: any): void
}

/** The program of a workflow in encoded form. `defects`: whether it ends with a defect, or is stopped by it for other code to go on. */
export const makeEncoded = <Input, Success, Error>(
  name: string,
  codecs: Codecs<Input, Success, Error>,
  errors: Schema.Codec<unknown, unknown>,
  defects: "fail" | "block" = "fail"
) => {
  if (defects !== "fail" && defects !== "block") throw new TypeError('defects must be "fail" or "block"')
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
        const blocking = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
          defects === "block" ? Effect.onError(effect, (cause) => halted(context, name, cause)) : effect
        const run = effectOf(`the program of workflow ${name}`, () => program(input.success))
        const given = Effect.provideService(run, DurableExecutor, inProgram(context)).pipe(
          Effect.tap((value) =>
            value instanceof Continuation ? continueWith(context, name, codecs.input, value) : Effect.void
          ),
          // Before its scope is closed: what finalizers do stands in the history, and other code has to repeat it.
          blocking,
          Effect.ensuring(Effect.suspend(() => context.updates().stop)),
          Effect.scoped,
          Effect.onError((cause) => Effect.sync(() => context.compensations.failedWith(cause)))
        )
        const ends = { success: orContinues(codecs.success), error: codecs.error }
        return blocking(encodedEnd(ends, isDeclared, `workflow ${name}`, given))
      })
}

// internal

/** Stops a program that has died by itself. A defect of a handler or of a child is recorded, and remains whatever the program is. */
const halted = ({ halt }: Protocol, name: string, cause: Cause.Cause<unknown>): Effect.Effect<void> => {
  const dead = cause.reasons.find((reason) => Cause.isDieReason(reason) && !isOfHistory(reason.defect))
  if (dead === undefined || !Cause.isDieReason(dead)) return Effect.void
  const { defect } = dead
  const text = bounded(defect instanceof Error ? (defect.stack ?? String(defect)) : textOf(defect))
  const message = `workflow ${JSON.stringify(name)} died with a defect; mend the program, and it goes on from its history: ${text}`
  return halt({ reason: "Defect", message })
}

const isOfHistory = (defect: unknown): boolean => isRecorded(defect) || defect instanceof ActivityTimedOut
