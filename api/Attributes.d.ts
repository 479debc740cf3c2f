/**
 * Attributes of executions: texts, numbers and flags by which they are found. A definition types them once, for starts, programs,
 * filters and what is found.
 */
import * as Effect from "effect/Effect";
import type * as Schema from "effect/Schema";
import type { Attribute } from "./HistoryEvent.ts";
import type { AttributeConditions, AttributeRange, ExecutionSummary } from "./Store/StoredExecution.ts";
import type { WorkflowContext } from "./WorkflowContext.ts";
import { WorkflowError } from "./WorkflowError.ts";
/**
 * Marks definitions of attributes.
 *
 * @category symbols
 * @since 0.2.0
 */
export declare const TypeId: "~perdure/Attributes";
/**
 * The schema of an attribute. What it encodes to is kept, compared and ordered.
 *
 * @category models
 * @since 0.2.0
 */
export type Field = Schema.Codec<unknown, Attribute>;
/**
 * The schemas of attributes by their names.
 *
 * @category models
 * @since 0.2.0
 */
export interface Fields {
    readonly [name: string]: Field;
}
/**
 * Values of some attributes. One that is `undefined` is not among them.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Values<F extends Fields> = {
    readonly [Name in keyof F]?: F[Name]["Type"] | undefined;
};
/**
 * What an attribute must be: a value, one of several, or within a range of what it is kept as. Flags have no ranges.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Test<F extends Field> = F["Type"] | {
    readonly in: ReadonlyArray<F["Type"]>;
} | ([F["Encoded"]] extends [string | number] ? AttributeRange<F["Type"]> : never);
/**
 * What attributes must be. All of it must hold.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Tests<F extends Fields> = {
    readonly [Name in keyof F]?: Test<F[Name]>;
};
/**
 * The definition of some attributes.
 *
 * @category models
 * @since 0.2.0
 */
export interface Attributes<F extends Fields> {
    readonly [TypeId]: typeof TypeId;
    readonly fields: F;
    /** Attributes for a start: `Order.start(input, { attributes: OrderAttributes.of({ customer: "Ada" }) })`. */
    readonly of: (values: Values<F>) => Readonly<Record<string, Attribute>>;
    /**
     * Inside a program: sets attributes, and leaves the others as they are. It is an event of the history, and the execution is found by it
     * from that commit on. Fails with `InvalidPayload` where a value does not fit, or all attributes are too many or too large.
     */
    readonly set: (values: Values<F>) => Effect.Effect<void, WorkflowError, WorkflowContext>;
    /** Inside a program: removes attributes. */
    readonly remove: (...names: ReadonlyArray<keyof F & string>) => Effect.Effect<void, never, WorkflowContext>;
    /** Conditions for a filter: `executions.list({ where: OrderAttributes.where({ total: { from: 100 } }) })`. */
    readonly where: (tests: Tests<F>) => AttributeConditions;
    /** The attributes of an execution that was found or described. Fails with `InvalidPayload` where one does not fit its schema. */
    readonly get: (summary: Described) => Effect.Effect<Values<F>, WorkflowError>;
}
/**
 * An execution as far as its attributes are read: a summary is one.
 *
 * @category models
 * @since 0.2.0
 */
export interface Described extends Pick<ExecutionSummary, "attributes"> {
    readonly workflowId?: string | undefined;
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
export declare const make: <const F extends Fields>(fields: F) => Attributes<F>;
