/**
 * The reason with which an update is refused whose id another one has, and how handlers are named in messages.
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
export {};
