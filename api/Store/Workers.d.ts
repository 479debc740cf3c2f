/**
 * Workers as a store knows them, and what it tells one of what there is to look for.
 */
import * as Duration from "effect/Duration";
import type { WorkerId } from "../Ids.ts";
/**
 * A worker, by its latest heartbeat.
 *
 * @category models
 * @since 0.2.0
 */
export interface WorkerRecord {
    readonly id: WorkerId;
    /** The workflows of which it has the programs; absent when its release does not tell. */
    readonly workflows?: ReadonlyArray<string> | undefined;
}
/**
 * The workers of which a store knows.
 *
 * @category models
 * @since 0.2.0
 */
export interface Workers {
    readonly living: ReadonlyArray<WorkerRecord>;
    /** Workers that said lately that they end. What other workers ran that live no more was lost with them. */
    readonly left: ReadonlyArray<WorkerId>;
}
/**
 * What a heartbeat asks beside saying that a worker lives.
 *
 * @category models
 * @since 0.2.0
 */
export interface Asked {
    /** Whether executions have something to do before this time is to be told, in milliseconds since 1970. */
    readonly wakeBefore: number;
}
/**
 * What a heartbeat may answer: the workers, the one that beats among them, and whether there is anything for it to look for. `false` is
 * sure, and `true` may be wrong.
 *
 * @category models
 * @since 0.2.0
 */
export interface Outlook extends Workers {
    /** Whether there are executions that are not settled and of which no living worker is the owner. */
    readonly orphans: boolean;
    /** Whether there are executions that are blocked. */
    readonly blocked: boolean;
    /** Whether executions have something to do before the time that was asked for. */
    readonly due: boolean;
}
/**
 * How long a store knows that a worker has left.
 *
 * @category constants
 * @since 0.2.0
 */
export declare const leftTtl: Duration.Duration;
