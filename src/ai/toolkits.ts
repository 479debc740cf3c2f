/**
 * Toolkits of programs: their handlers are part of the program, and what one could not do is told to the model.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as AiError from "effect/ai/AiError"
import type * as Tool from "effect/ai/Tool"
import type * as Toolkit from "effect/ai/Toolkit"
import { ActivityTimedOut } from "../ActivityError.ts"
import type { WorkflowContext } from "../WorkflowContext.ts"
import { failingWhereTooLarge } from "./tooLarge.ts"

/** Whether the last attempt of a call took too long. */
export const isTimedOut = Schema.is(ActivityTimedOut)

/** A timeout, and a result that is too large, as the failure of a tool. */
export const told = <A, E, R>(tool: string, call: Effect.Effect<A, E, R>) =>
  failingWhereTooLarge(call, (description) => new AiError.UnknownError({ description })).pipe(
    Effect.mapError((error) =>
      isTimedOut(error)
        ? new AiError.UnknownError({
            description: `tool ${tool} had no result within ${Duration.format(Duration.millis(error.after))}`
          })
        : error
    )
  )

/** A toolkit with handlers that are part of the program, which tells the model what it could not do. */
export const withHandlers = <Tools extends Record<string, Tool.Any>>(
  toolkit: Toolkit.Toolkit<Tools>,
  handlers: Handlers
): Effect.Effect<Toolkit.WithHandler<Tools>, never, WorkflowContext> =>
  Effect.gen(function* () {
    const context = yield* Effect.context<WorkflowContext>()
    const inProgram = Object.fromEntries(
      Object.entries(handlers).map(([name, handler]) => [
        name,
        (params: unknown) => Effect.provideContext(handler(params), context)
      ])
    )
    const services = yield* toolkit.toHandlers(inProgram as never)
    const { handle, tools } = yield* Effect.provideContext(toolkit, services)
    const telling = (...[name, params, id, options]: Parameters<typeof handle>) =>
      handle(name, params, id, options).pipe(
        Effect.map(Stream.catchIf(AiError.isAiError, (error) => resultOf(error, "handler"))),
        Effect.catch((error) => Effect.succeed(resultOf(error, "parameters")))
      )
    return { tools, handle: telling as typeof handle }
  })

/** Toolkits as one, whose calls go to the one that has the tool. */
export const merged = (kits: ReadonlyArray<AnyToolkit>): Effect.Effect<AnyToolkit> =>
  Effect.sync(() => {
    const byName = new Map<PropertyKey, AnyToolkit>()
    for (const kit of kits) {
      for (const name of Object.keys(kit.tools)) {
        if (byName.has(name))
          throw new TypeError(`tool ${JSON.stringify(name)} is in two toolkits: leave it out of one`)
        byName.set(name, kit)
      }
    }
    const tools: unknown = Object.assign({}, ...kits.map((kit) => kit.tools))
    // A tool that there is not is the model's fault, and the first toolkit says so.
    const handle: AnyToolkit["handle"] = (name, ...rest) => (byName.get(name) ?? kits[0]!).handle(name, ...rest)
    return { tools, handle }
  })

// internal

type AnyToolkit = Toolkit.WithHandler<any>

type Handlers = Readonly<Record<string, (params: any) => Effect.Effect<any, any, any>>>

const encodedError = Schema.encodeSync(AiError.AiError)

/** A failure as a result, whose text the model reads. */
const resultOf = (error: AiError.AiError, failureOrigin: Tool.FailureOrigin) =>
  Stream.succeed({
    result: error,
    encodedResult: encodedError(error),
    isFailure: true,
    failureOrigin,
    preliminary: false
  })
