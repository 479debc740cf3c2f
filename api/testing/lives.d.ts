/**
 * Lives: where processes die, and in which order comes what is in flight. As data and in words.
 */
import * as Schema from "effect/Schema";
/** The places of a commit in which a process dies, in their order. */
export declare const places: readonly ["before", "stored", "answered"];
/** So many orders have a number. */
export declare const mostOrders = 1000000;
/** A whole number up to another one, from 0 or more. */
export declare const upTo: (maximum: number, minimum?: number) => Schema.Int;
/**
 * When a process dies: at its commit of this number, from 1. *before* it is stored; after it is *stored*, and before it is answered; or
 * after it is *answered*, when what it asks for has just begun.
 *
 * @category models
 * @since 0.2.0
 */
export declare const Crash: Schema.Struct<{
    readonly commit: Schema.Int;
    readonly place: Schema.Literals<readonly ["before", "stored", "answered"]>;
}>;
export type Crash = typeof Crash.Type;
/**
 * What may come to an execution from its processes: a schema, so that a property test can generate lives and make them smaller.
 *
 * **Example** (A property of all lives)
 *
 * ```ts no-check
 * it.effect.prop("it is paid once", { life: Life }, ({ life }) => live(Order, 100, scenario, life))
 * ```
 *
 * @category models
 * @since 0.2.0
 */
export declare const Life: Schema.Struct<{
    /** Where the first process dies, then the second one, and so on; the one after them lives. */
    readonly crashes: Schema.$Array<Schema.Struct<{
        readonly commit: Schema.Int;
        readonly place: Schema.Literals<readonly ["before", "stored", "answered"]>;
    }>>;
    /** Names the order in which comes what is in flight; 0 for that in which nothing is late. */
    readonly order: Schema.Int;
}>;
export type Life = typeof Life.Type;
/** Every life that can be lived, of which `Life` has what is worth a try by chance. */
export declare const AnyLife: Schema.Struct<{
    readonly crashes: Schema.$Array<Schema.Struct<{
        readonly commit: Schema.Int;
        readonly place: Schema.Literals<readonly ["before", "stored", "answered"]>;
    }>>;
    readonly order: Schema.Int;
}>;
/** A life in which nothing happens. */
export declare const calm: Life;
/** A life in words. */
export declare const lifeInWords: ({ crashes, order }: Life) => string;
