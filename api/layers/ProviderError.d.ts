/**
 * Why an executor or a store could not be had by its name.
 */
import * as Schema from "effect/Schema";
declare const Unknown_base: Schema.Class<Unknown, Schema.TaggedStruct<"Unknown", {
    /** The names that there are, sorted. */
    readonly known: Schema.$Array<Schema.String>;
    /** The variable that has the name, where one has. */
    readonly variable: Schema.optionalKey<Schema.String>;
}>, import("effect/Cause").YieldableError>;
/**
 * There is no provider of this name. Names are compared exactly.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class Unknown extends Unknown_base {
    get message(): string;
}
declare const NotInstalled_base: Schema.Class<NotInstalled, Schema.TaggedStruct<"NotInstalled", {
    /** The package that was not found. */
    readonly missing: Schema.String;
    /** All packages that the provider needs beside this library. */
    readonly packages: Schema.$Array<Schema.String>;
}>, import("effect/Cause").YieldableError>;
/**
 * A package that the provider needs is not installed.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class NotInstalled extends NotInstalled_base {
    get message(): string;
}
/**
 * Why a provider could not be had.
 *
 * @category errors
 * @since 0.2.0
 */
export declare const ProviderErrorReason: Schema.Union<readonly [typeof Unknown, typeof NotInstalled]>;
export type ProviderErrorReason = typeof ProviderErrorReason.Type;
declare const ProviderError_base: Schema.Class<ProviderError, Schema.TaggedStruct<"ProviderError", {
    readonly kind: Schema.Literals<readonly ["executor", "store"]>;
    /** The name that was asked for; empty where it cannot be one, since an address with a password in it may stand there. */
    readonly provider: Schema.String;
    readonly reason: Schema.Union<readonly [typeof Unknown, typeof NotInstalled]>;
}>, import("effect/Cause").YieldableError>;
/**
 * An executor or a store could not be had by its name.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class ProviderError extends ProviderError_base {
    get message(): string;
}
export {};
