/**
 * What is told of a workflow that does not survive a life.
 */
import * as Schema from "effect/Schema";
import { History } from "./replaying.ts";
declare const LifeFailure_base: Schema.Class<LifeFailure, Schema.TaggedStruct<"LifeFailure", {
    readonly workflow: Schema.String;
    readonly life: Schema.Struct<{
        readonly crashes: Schema.$Array<Schema.Struct<{
            readonly commit: Schema.Int;
            readonly place: Schema.Literals<readonly ["before", "stored", "answered"]>;
        }>>;
        readonly order: Schema.Int;
    }>;
    /** What is wrong, in words. */
    readonly why: Schema.String;
    /** The history of the execution. */
    readonly history: History;
    /** What lived the life. */
    readonly by: Schema.Literals<readonly ["crashEverywhere", "interleave", "live"]>;
    /** Names the life: `live` runs it alone, as does what lived it: `crashEverywhere(…, { replay })`. */
    readonly replay: Schema.String;
    /** What the invariant has thrown, if it is that. */
    readonly cause: Schema.optionalKey<Schema.Defect>;
}>, import("effect/Cause").YieldableError>;
/**
 * A workflow does not survive a life: which one, what is wrong, and how it came to that.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class LifeFailure extends LifeFailure_base {
    get message(): string;
}
export {};
