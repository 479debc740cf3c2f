import type { HistoryEvent } from "../HistoryEvent.ts";
import { type Life } from "./lives.ts";
declare const LifeFailure_base: new <A extends Record<string, any> = {}>(args: import("effect/Types").VoidIfEmpty<{ readonly [P in keyof A as P extends "_tag" ? never : P]: A[P]; }>) => import("effect/Cause").YieldableError & {
    readonly _tag: "LifeFailure";
} & Readonly<A>;
/**
 * A workflow does not survive a life: which one, what is wrong, and how it came to that.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class LifeFailure extends LifeFailure_base<{
    readonly workflow: string;
    readonly life: Life;
    /** What is wrong, in words. */
    readonly why: string;
    /** The history of the execution. */
    readonly history: ReadonlyArray<HistoryEvent>;
    /** Names the life: `crashEverywhere(..., { replay })` runs it alone. */
    readonly replay: string;
    /** What the invariant has thrown, if it is that. */
    readonly cause?: unknown;
}> {
    get message(): string;
}
export {};
