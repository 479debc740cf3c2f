/**
 * What a program may require, and what the compiler says of the rest. Where something is wrong the type of a parameter is a
 * message, so that the last line of the compiler's error is a sentence.
 */
import type { Scope } from "effect/Scope"
import type { DurableExecutor } from "../Executor/DurableExecutor.ts"
import type { WorkflowContext } from "../WorkflowContext.ts"

/**
 * What all requirements of handlers have in common. It has no field with a plain name: `Layer.provide` excludes by structure,
 * and a service with such a field would count as every handler.
 */
export interface AnyHandler {
  readonly "~perdure/Activity/Handler": string
}

/** The type of a parameter: what is expected, or the message of what is wrong. */
export type Checked<Expected, Problem> = [Problem] extends [never] ? Expected : Problem

/** A message for each service that a program may not use; `never` where nothing is wrong. */
export type Durable<R> = [Foreign<R>] extends [never] ? never : NotDurableMessage<Foreign<R>>

/** A message for each name that several contracts of a program have; `never` where nothing is wrong. */
export type Distinct<R> = AmbiguousMessage<Extract<R, AnyHandler>>

/** A message for the errors that a compensation fails with; `never` where it has none. */
export type Infallible<E> = [E] extends [never]
  ? never
  : `a compensation cannot fail with ${TagOf<E>}: handle it, or make it a defect with Effect.orDie`

/** A service without a name, in a message. */
export interface NotDurable<in out Service> {
  readonly "is not durable: call it in an activity": Service
}

/** The name itself where it is one literal, and otherwise a message. */
export type LiteralName<Name extends string> =
  {} extends Record<Name, 1>
    ? "a name must be a literal, or a missing handler would compile"
    : true extends IsUnion<Name>
      ? "a name must be one literal, not several"
      : Name

// internal

/** What every program is given. */
export type Given = WorkflowContext | DurableExecutor | Scope

type Foreign<R> = R extends Given | AnyHandler ? never : R

type NotDurableMessage<R> = R extends { readonly key: infer Key extends string }
  ? `${Key} is not durable: call it in an activity`
  : NotDurable<R>

/** The name of an error in a message. */
type TagOf<E> = E extends { readonly _tag: infer Tag extends string }
  ? Tag
  : E extends string | number | boolean
    ? `${E}`
    : "an error"

type AmbiguousMessage<One extends AnyHandler, All = One> = One extends AnyHandler
  ? true extends IsUnion<Extract<All, Pick<One, keyof AnyHandler>>>
    ? `the program calls two activities named ${One["~perdure/Activity/Handler"]}: give one of the two another name`
    : never
  : never

type IsUnion<T, U = T> = T extends unknown ? ([U] extends [T] ? false : true) : never
