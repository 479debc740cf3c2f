/**
 * How programs, handlers of activities and handlers of updates fail, as it is recorded.
 */
import * as Schema from "effect/Schema";
/**
 * A value thrown outside the typed errors of a program or handler: a bug, kept with its stack. Texts are cut at some thousand
 * characters.
 *
 * @category models
 * @since 0.1.0
 */
export interface RecordedDefect {
    readonly name: string;
    readonly message: string;
    readonly stack?: string;
    /** What the error has as its `code`, such as `"ECONNREFUSED"`. */
    readonly code?: string | number;
    /** The activity whose handler threw it. */
    readonly activity?: string;
    /** What caused it, at most 4 causes deep. */
    readonly cause?: RecordedDefect;
    /** The errors that it stands for, at most 10. */
    readonly errors?: ReadonlyArray<RecordedDefect>;
}
export declare const RecordedDefect: Schema.Codec<RecordedDefect>;
/**
 * Why a program, an activity or an update failed: an error of its schema, or a defect.
 *
 * @category models
 * @since 0.1.0
 */
export declare const RecordedFailure: Schema.TaggedUnion<{
    readonly Die: Schema.TaggedStruct<"Die", {
        defect: Schema.Codec<RecordedDefect, RecordedDefect, never, never>;
    }>;
    readonly Fail: Schema.TaggedStruct<"Fail", {
        error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>;
    readonly Other: Schema.TaggedStruct<"Other", {
        operation: Schema.String;
        workflowId: Schema.optionalKey<Schema.String>;
        reason: Schema.String;
        message: Schema.String;
    }>;
}>;
export type RecordedFailure = typeof RecordedFailure.Type;
/**
 * How an update was answered.
 *
 * @category models
 * @since 0.2.0
 */
export declare const UpdateExit: Schema.TaggedUnion<{
    readonly Die: Schema.TaggedStruct<"Die", {
        defect: Schema.Codec<RecordedDefect, RecordedDefect, never, never>;
    }>;
    readonly Fail: Schema.TaggedStruct<"Fail", {
        error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>;
    readonly Other: Schema.TaggedStruct<"Other", {
        operation: Schema.String;
        workflowId: Schema.optionalKey<Schema.String>;
        reason: Schema.String;
        message: Schema.String;
    }>;
    readonly Success: Schema.TaggedStruct<"Success", {
        readonly value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>;
}>;
export type UpdateExit = typeof UpdateExit.Type;
