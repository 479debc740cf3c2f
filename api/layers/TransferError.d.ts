/**
 * Why executions could not be moved.
 */
import * as Schema from "effect/Schema";
declare const StillRunning_base: Schema.Class<StillRunning, Schema.TaggedStruct<"StillRunning", {
    readonly workers: Schema.$Array<Schema.brand<Schema.String, "WorkerId">>;
}>, import("effect/Cause").YieldableError>;
/**
 * Workers run on the store. What an export reads is out of date at once then, and would go on in two stores. Of an import they take what
 * is there before the rest has come, and what that owes to the rest is lost.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class StillRunning extends StillRunning_base {
    get message(): string;
}
declare const BadLine_base: Schema.Class<BadLine, Schema.TaggedStruct<"BadLine", {
    /** Its number, from 1. */
    readonly line: Schema.Int;
    readonly detail: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * A line is not what an export has there. What came before it is imported.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class BadLine extends BadLine_base {
    get message(): string;
}
declare const NewerExport_base: Schema.Class<NewerExport, Schema.TaggedStruct<"NewerExport", {
    /** The form of the lines, or the format of the events in them. */
    readonly form: Schema.Int;
    readonly known: Schema.Int;
}>, import("effect/Cause").YieldableError>;
/**
 * A newer release has made the export.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class NewerExport extends NewerExport_base {
    get message(): string;
}
declare const CutOff_base: Schema.Class<CutOff, Schema.TaggedStruct<"CutOff", {
    /** How many lines there were. */
    readonly lines: Schema.Int;
}>, import("effect/Cause").YieldableError>;
/**
 * The lines end too early. What came is imported, and importing the whole export goes on from there.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class CutOff extends CutOff_base {
    get message(): string;
}
/**
 * Why executions could not be moved.
 *
 * @category errors
 * @since 0.2.0
 */
export declare const TransferErrorReason: Schema.Union<readonly [typeof StillRunning, typeof BadLine, typeof NewerExport, typeof CutOff]>;
export type TransferErrorReason = typeof TransferErrorReason.Type;
declare const TransferError_base: Schema.Class<TransferError, Schema.TaggedStruct<"TransferError", {
    readonly operation: Schema.Literals<readonly ["export", "import"]>;
    readonly reason: Schema.Union<readonly [typeof StillRunning, typeof BadLine, typeof NewerExport, typeof CutOff]>;
}>, import("effect/Cause").YieldableError>;
/**
 * Executions could not be moved.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class TransferError extends TransferError_base {
    get message(): string;
}
export {};
