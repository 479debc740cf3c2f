/**
 * Attributes of executions: texts, numbers and flags by which they are found. A definition types them once, for starts, programs,
 * filters and what is found.
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Attribute } from "./HistoryEvent.ts"
import { attributesOf, faultOfChanges, faultOfName } from "./internal/attributes.ts"
import { Unfit } from "./internal/core/attributes.ts"
import { type Protocol, protocol } from "./internal/replay/Protocol.ts"
import { attributeCodec, isA, refused } from "./internal/schema.ts"
import type { AttributeConditions, AttributeRange, AttributeTest, ExecutionSummary } from "./Store/StoredExecution.ts"
import type { WorkflowContext } from "./WorkflowContext.ts"
import { InvalidPayload, WorkflowError } from "./WorkflowError.ts"

/**
 * Marks definitions of attributes.
 *
 * @category symbols
 * @since 0.2.0
 */
export const TypeId = "~perdure/Attributes" as const

/**
 * The schema of an attribute. What it encodes to is kept, compared and ordered.
 *
 * @category models
 * @since 0.2.0
 */
export type Field = Schema.Codec<unknown, Attribute>

/**
 * The schemas of attributes by their names.
 *
 * @category models
 * @since 0.2.0
 */
export interface Fields {
  readonly [name: string]: Field
}

/**
 * Values of some attributes. One that is `undefined` is not among them.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Values<F extends Fields> = { readonly [Name in keyof F]?: F[Name]["Type"] | undefined }

/**
 * What an attribute must be: a value, one of several, or within a range of what it is kept as. Flags have no ranges.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Test<F extends Field> =
  | F["Type"]
  | { readonly in: ReadonlyArray<F["Type"]> }
  | ([F["Encoded"]] extends [string | number] ? AttributeRange<F["Type"]> : never)

/**
 * What attributes must be. All of it must hold.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Tests<F extends Fields> = { readonly [Name in keyof F]?: Test<F[Name]> }

/**
 * The definition of some attributes.
 *
 * @category models
 * @since 0.2.0
 */
export interface Attributes<F extends Fields> {
  readonly [TypeId]: typeof TypeId
  readonly fields: F
  /** Attributes for a start: `Order.start(input, { attributes: OrderAttributes.of({ customer: "Ada" }) })`. */
  readonly of: (values: Values<F>) => Readonly<Record<string, Attribute>>
  /**
   * Inside a program: sets attributes, and leaves the others as they are. It is an event of the history, and the execution is found by it
   * from that commit on. Fails with `InvalidPayload` where a value does not fit, or all attributes are too many or too large.
   */
  readonly set: (values: Values<F>) => Effect.Effect<void, WorkflowError, WorkflowContext>
  /** Inside a program: removes attributes. */
  readonly remove: (...names: ReadonlyArray<keyof F & string>) => Effect.Effect<void, never, WorkflowContext>
  /** Conditions for a filter: `executions.list({ where: OrderAttributes.where({ total: { from: 100 } }) })`. */
  readonly where: (tests: Tests<F>) => AttributeConditions
  /** The attributes of an execution that was found or described. Fails with `InvalidPayload` where one does not fit its schema. */
  readonly get: (summary: Described) => Effect.Effect<Values<F>, WorkflowError>
}

/**
 * An execution as far as its attributes are read: a summary is one.
 *
 * @category models
 * @since 0.2.0
 */
export interface Described extends Pick<ExecutionSummary, "attributes"> {
  readonly workflowId?: string | undefined
}

/**
 * Defines attributes. Their schemas encode to texts, finite numbers or flags.
 *
 * **Example** (Orders that are found by their customer and total)
 *
 * ```ts
 * import { Effect, Schema } from "effect"
 * import { Attributes, Executions, Workflow } from "perdure"
 *
 * const OrderAttributes = Attributes.make({ customer: Schema.String, total: Schema.Finite, urgent: Schema.Boolean })
 * const Order = Workflow.make("Order")
 *
 * const OrderLive = Order.toLayer(Effect.fnUntraced(function*() {
 *   yield* OrderAttributes.set({ urgent: true })
 *   yield* Effect.sleep("1 day")
 *   yield* OrderAttributes.remove("urgent")
 * }))
 *
 * const start = Order.start(undefined, { attributes: OrderAttributes.of({ customer: "Ada", total: 120 }) })
 *
 * const found = Effect.flatMap(Executions.Executions, (executions) =>
 *   executions.list({ where: OrderAttributes.where({ customer: "Ada", total: { from: 100, below: 200 } }) })
 * )
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const make = <const F extends Fields>(fields: F): Attributes<F> => {
  const kept = new Map(Object.entries(fields).map(([name, schema]) => [checked(name), keep(schema)]))
  const of = (values: Values<F>): Readonly<Record<string, Attribute>> =>
    // What no compiler has checked may be anything, and is refused where it is used.
    Predicate.isObject(values)
      ? fromEntries(
          Object.entries(values)
            .filter(([, value]) => value !== undefined)
            .map(([name, value]) => [name, kept.get(name)?.encode(value) ?? unknown])
        )
      : values
  return {
    [TypeId]: TypeId,
    fields,
    of,
    set: (values) => Effect.flatMap(protocol, (context) => set(context, of(values))),
    remove: (...names) =>
      Effect.map(protocol, (context) => {
        const known = names.filter((name) => kept.has(name))
        if (known.length > 0) context.setAttributes(Object.fromEntries(known.map((name) => [name, null])))
      }),
    where: (tests) =>
      Predicate.isObject(tests)
        ? fromEntries(Object.entries(tests).map(([name, test]) => [name, kept.get(name)?.test(test) ?? unknown]))
        : tests,
    get: (summary) => get(kept, summary)
  }
}

// internal

/** How an attribute is kept. What does not fit is `Unfit`, until it is refused. */
interface Kept {
  readonly encode: (value: unknown) => Attribute
  readonly test: (test: unknown) => AttributeTest
  readonly decode: (attribute: Attribute) => Result.Result<unknown, string>
}

const fromEntries = <A>(fields: ReadonlyArray<readonly [string, A]>): Readonly<Record<string, A>> =>
  Object.fromEntries(fields)

/** Stands where an attribute would, so that a start or a filter refuses it with its name. */
const unfit = (issue: string): Attribute => new Unfit(issue) as unknown as Attribute

const unknown = unfit("the definition has no such attribute; add it there")

const checked = (name: string): string => {
  const fault = faultOfName(name)
  if (fault !== undefined) throw new TypeError(`attributes cannot have it: ${fault}`)
  return name
}

const keep = (schema: Field): Kept => {
  const codec = attributeCodec(schema)
  const is = isA(schema)
  const encode = (value: unknown) => Result.getOrElse(codec.encode(value), unfit)
  const part = (name: string, value: unknown) => {
    if (name === "in") return Array.isArray(value) ? Array.from(value, encode) : value
    // Bounds that are not given, and names that are none, are for the filter to tell.
    return value === undefined || !bounds.has(name) ? value : encode(value)
  }
  return {
    encode,
    decode: codec.decode,
    test: (test) =>
      Predicate.isObject(test) && !is(test)
        ? (fromEntries(Object.entries(test).map(([name, value]) => [name, part(name, value)])) as AttributeTest)
        : encode(test)
  }
}

const bounds: ReadonlySet<string> = new Set<keyof AttributeRange<unknown>>(["from", "above", "below", "upTo"])

const set = (context: Protocol, given: Readonly<Record<string, Attribute>>): Effect.Effect<void, WorkflowError> => {
  const changes = attributesOf(given)
  if (Result.isFailure(changes)) return refuse(context, changes.failure)
  if (Object.keys(changes.success).length === 0) return Effect.void
  const fault = faultOfChanges(context.attributes(), changes.success)
  return fault === undefined ? Effect.sync(() => context.setAttributes(changes.success)) : refuse(context, fault)
}

const refuse = ({ workflowId }: Protocol, issue: string) =>
  refused("setAttributes", workflowId, "the attributes that the program sets", issue)

const get = <F extends Fields>(
  kept: ReadonlyMap<string, Kept>,
  { attributes, workflowId }: Described
): Effect.Effect<Values<F>, WorkflowError> => {
  const values: Array<readonly [string, unknown]> = []
  for (const [name, { decode }] of kept) {
    if (!Object.hasOwn(attributes, name)) continue
    const value = decode(attributes[name]!)
    if (Result.isFailure(value)) {
      const issue = `${value.failure}\nRead it with the definition by which it was set.`
      const reason = new InvalidPayload({ of: `the attribute ${JSON.stringify(name)}`, issue })
      return Effect.fail(
        new WorkflowError({ operation: "describe", reason, ...(workflowId === undefined ? {} : { workflowId }) })
      )
    }
    values.push([name, value.success])
  }
  // Each has the type of its schema.
  return Effect.succeed(Object.fromEntries(values) as Values<F>)
}
