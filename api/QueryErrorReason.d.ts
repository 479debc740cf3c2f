/**
 * The reasons of a `WorkflowError` that only queries have.
 */
import * as Schema from "effect/Schema";
import { RecordedDefect } from "./HistoryEvent.ts";
declare const UnknownQuery_base: Schema.Class<UnknownQuery, Schema.TaggedStruct<"UnknownQuery", {
    readonly query: Schema.String;
    /** The queries that it answers, at most 20 of them. */
    readonly answers: Schema.$Array<Schema.String>;
}>, import("effect/Cause").YieldableError>;
/**
 * The program answers no query of this name at the moment.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class UnknownQuery extends UnknownQuery_base {
    get message(): string;
}
declare const NoProgram_base: Schema.Class<NoProgram, Schema.TaggedStruct<"NoProgram", {
    readonly workflow: Schema.String;
    readonly query: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * This process has not the program of the execution, and the value of the query is not published.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class NoProgram extends NoProgram_base {
    get message(): string;
}
declare const NotPublished_base: Schema.Class<NotPublished, Schema.TaggedStruct<"NotPublished", {
    readonly query: Schema.String;
    readonly detail: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * The value that the program publishes for a query cannot be kept beside its history.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class NotPublished extends NotPublished_base {
    get message(): string;
}
declare const OnlyReads_base: Schema.Class<OnlyReads, Schema.TaggedStruct<"OnlyReads", {
    readonly query: Schema.String;
    /** What the handler did. */
    readonly what: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * The handler of a query did more than to read.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class OnlyReads extends OnlyReads_base {
    get message(): string;
}
declare const QueryDefect_base: Schema.Class<QueryDefect, Schema.TaggedStruct<"QueryDefect", {
    readonly query: Schema.String;
    readonly defect: Schema.Codec<RecordedDefect, RecordedDefect, never, never>;
}>, import("effect/Cause").YieldableError>;
/**
 * The handler of a query ended with a defect. The program goes on.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class QueryDefect extends QueryDefect_base {
    get message(): string;
}
export {};
