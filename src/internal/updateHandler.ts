/**
 * The handler of an update in encoded form.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Scope } from "effect/Scope"
import { WorkflowContext } from "../WorkflowContext.ts"
import type { WorkflowError } from "../WorkflowError.ts"
import { dieWith } from "./exits.ts"
import { effectOf } from "./given.ts"
import { defectIn, defectOf } from "./replay/defect.ts"
import { protocolOf } from "./replay/Protocol.ts"
import type { UpdateHandler } from "./replay/Updates.ts"
import { type Codecs, encodedEnd, isA, undecodableMessage } from "./schema.ts"

type Validate<Input, Error> = ((input: Input) => Effect.Effect<void, Error>) | undefined

/** How a program registers a handler. */
export const makeHandle = <Input, Success, Error>(
  name: string,
  codecs: Codecs<Input, Success, Error>,
  errors: Schema.Codec<unknown, unknown>
) => {
  const isDeclared = isA(errors)
  return (
    handler: (input: Input) => Effect.Effect<Success, Error | WorkflowError, WorkflowContext | Scope>,
    options?: { readonly validate?: Validate<Input, Error> }
  ): Effect.Effect<void, never, WorkflowContext> =>
    Effect.contextWith((context: Context.Context<WorkflowContext>) => {
      const { halt, handleUpdates } = protocolOf(Context.get(context, WorkflowContext))
      const run: UpdateHandler["run"] = (json) => {
        const input = codecs.input.decode(json)
        if (Result.isFailure(input)) return halt(undecodableMessage(`the input of update ${name}`, input.failure))
        const answer = effectOf(`the handler of update ${name}`, () => handler(input.success))
        const given = Effect.provideContext(Effect.scoped(answer), context)
        return encodedEnd(codecs, isDeclared, `update ${name}`, given)
      }
      return handleUpdates(name, { context, refuse: makeRefuse(name, codecs, options?.validate), run })
    })
}

// internal

const makeRefuse =
  <Input, Error>(
    name: string,
    codecs: Pick<Codecs<Input, unknown, Error>, "input" | "error">,
    validate: Validate<Input, Error>
  ): UpdateHandler["refuse"] =>
  (json, read) => {
    const input = codecs.input.decode(json)
    if (Result.isFailure(input)) return dieWith(`the input of update ${name} does not fit its schema: ${input.failure}`)
    if (validate === undefined) return undefined
    const ran = read(Effect.suspend(() => effectOf(`the validation of update ${name}`, () => validate(input.success))))
    if (ran._tag === "Thrown") return { _tag: "Die", defect: defectOf(ran.thrown) }
    if (ran._tag === "Misdeed") {
      return dieWith(`the validation of update ${name} may only read, and it ${ran.what}; do that in the handler`)
    }
    const { exit } = ran
    if (Exit.isSuccess(exit)) return undefined
    const fail = exit.cause.reasons.find(Cause.isFailReason)
    if (fail !== undefined) {
      const error = codecs.error.encode(fail.error)
      return Result.isSuccess(error)
        ? { _tag: "Fail", error: error.success }
        : dieWith(`the error of update ${name} does not fit its schema: ${error.failure}`, fail.error)
    }
    return { _tag: "Die", defect: defectIn(exit.cause, `the validation of update ${name}`) }
  }
