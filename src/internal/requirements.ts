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

/**
 * A service that the layer of a program needs and the program does not get as it is: one that `Workflow.pure` vouches for.
 *
 * @category utility types
 * @since 0.2.0
 */
export interface Needs<in out Service> {
  readonly "~perdure/Workflow/Needs": (service: Service) => Service
}

/**
 * The same for each of these services: `A | B` becomes `Needs<A> | Needs<B>`.
 *
 * @category utility types
 * @since 0.2.0
 */
export type NeedsOf<R> = R extends unknown ? Needs<R> : never

/** A message for what only a program may use, and an inline activity is not; `never` where nothing is wrong. */
export type Outside<R> = [Extract<R, WorkflowContext | AnyHandler | Needs<any>>] extends [never]
  ? never
  : "an inline activity runs outside the program: it cannot call activities, receive signals or use Workflow.pure"

/** What is left of a program's requirements for its layer. */
export type LayerNeeds<R> = R extends Given ? never : R extends Needs<infer Service> ? Service : R

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

/** A message for what the handler of a query requires, which only reads; `never` where it requires nothing. */
export type Reading<R, What extends string> = [R] extends [never]
  ? never
  : `${What} only reads: it may not use ${KeyOf<R>}`

/** A message for each error of a handler that its contract does not declare; `never` where nothing is wrong. */
export type Declared<Name extends string, Errors, E> = [E] extends [Errors]
  ? never
  : `${TagOf<E extends Errors ? never : E>} is not an error of ${Name}: declare it, or handle it`

/** A message for a query that cannot be published: its value must not depend on who asks. */
export type Publishable<Name extends string, Input, Error> = void extends Input
  ? [Error] extends [never]
    ? never
    : `${Name} has errors: only a query without input and errors can be published`
  : `${Name} has an input: only a query without input and errors can be published`

// internal

/** What every program is given. */
export type Given = WorkflowContext | DurableExecutor | Scope

type Foreign<R> = R extends Given | AnyHandler | Needs<any> ? never : R

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

type KeyOf<R> = R extends { readonly key: infer Key extends string }
  ? Key
  : R extends AnyHandler
    ? `activity ${R["~perdure/Activity/Handler"]}`
    : "services"

export type IsUnion<T, U = T> = T extends unknown ? ([U] extends [T] ? false : true) : never
