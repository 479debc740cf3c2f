/**
 * Whom definitions and handles ask, and for what.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { DurableExecutor } from "../Executor/DurableExecutor.ts"
import type { Ref } from "../Ids.ts"
import { tooLong } from "./request.ts"

/**
 * Asks the executor of the fiber that asks, so that what was made outside is durable in a program; elsewhere the one that made it.
 */
export const askNearest = <A, E>(
  maker: DurableExecutor["Service"],
  question: (executor: DurableExecutor["Service"]) => Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.withFiber((fiber) =>
    question(Option.getOrElse(Context.getOption(fiber.context, DurableExecutor), () => maker))
  )

/** The execution that a caller names; `undefined` when it is none, since what no compiler has checked may be anything. */
export const refOf = (to: Ref | string): Ref | undefined => {
  const ref: unknown = typeof to === "string" ? { workflowId: to } : to
  if (!Predicate.hasProperty(ref, "workflowId") || !Predicate.isString(ref.workflowId)) return undefined
  return ref as unknown as Ref
}

/** What is said of a receiver that is none. */
export const noReceiver = "it must be an id, a ref or a handle"

/** Why a text cannot name one message among others; `undefined` when it can, and when none is given. */
export const keyFault = (key: unknown): string | undefined => {
  if (key === undefined) return undefined
  if (typeof key !== "string" || key === "" || !key.isWellFormed()) {
    return "it must be a text that is not empty and has no unpaired surrogates"
  }
  return tooLong(key) === undefined ? undefined : "it may have 1024 bytes; use a digest of it"
}
