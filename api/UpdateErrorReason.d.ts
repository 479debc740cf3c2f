/**
 * The reasons with which an update is refused for its id, and how handlers are named in messages.
 */
import * as Schema from "effect/Schema";
declare const UpdateIdInUse_base: Schema.Class<UpdateIdInUse, Schema.TaggedStruct<"UpdateIdInUse", {
    readonly updateId: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * The id belongs to another update of the execution: of another name, or with another input.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class UpdateIdInUse extends UpdateIdInUse_base {
    get message(): string;
}
declare const AnswerDeleted_base: Schema.Class<AnswerDeleted, Schema.TaggedStruct<"AnswerDeleted", {
    readonly updateId: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * An earlier run of the execution did the update and answered it, and the answer was deleted with that run. The update is not done again.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class AnswerDeleted extends AnswerDeleted_base {
    get message(): string;
}
export {};
