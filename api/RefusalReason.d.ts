/**
 * Why middleware has refused an operation before it reached the executor.
 */
import * as Schema from "effect/Schema";
declare const Forbidden_base: Schema.Class<Forbidden, Schema.TaggedStruct<"Forbidden", {
    /** What is missing, for the caller to read. */
    readonly detail: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * The caller may not do this.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class Forbidden extends Forbidden_base {
    get message(): string;
}
declare const RateLimited_base: Schema.Class<RateLimited, Schema.TaggedStruct<"RateLimited", {
    /** When the next one would be let through, in milliseconds from now. */
    readonly retryAfter: Schema.Finite;
}>, import("effect/Cause").YieldableError>;
/**
 * Too many operations came at once.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class RateLimited extends RateLimited_base {
    get message(): string;
}
export {};
