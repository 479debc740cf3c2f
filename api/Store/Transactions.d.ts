/**
 * Transactions of a store in which others write too: what a handler has written and the commit with its result take effect together, and
 * so do rows of the app and the executions that it starts with them.
 *
 * Stores in SQL databases provide them beside `WorkflowStore`, and other stores have none.
 */
import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { SqlClient } from "effect/sql/SqlClient";
import type { CallPlace, Commit, StoreError, WorkflowStore } from "./WorkflowStore.ts";
/**
 * A transaction that is open.
 *
 * @category models
 * @since 0.2.0
 */
export interface Transaction {
    /** What its body writes with: a client whose statements are part of the transaction, and what belongs to it. */
    readonly services: Context.Context<SqlClient>;
    /** Runs what uses them. When it has ended, nothing of it writes any more: fibers that it leaves behind are interrupted or refused. */
    readonly guard: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>;
    /** The store within the transaction: it sees what is committed and what it has saved, which takes effect with the transaction. */
    readonly store: Pick<WorkflowStore["Service"], "load" | "summary" | "deletion"> & {
        /** `committed` is called once it is known that the commit took effect. */
        readonly save: (commit: Commit, committed?: () => void) => Effect.Effect<void, StoreError>;
    };
    /** Makes an effect a part that can be undone by itself: it is when it fails. */
    readonly part: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | StoreError, R>;
    /** Whether what a statement of it failed with may be gone in another transaction: a lost connection, a deadlock, a full disk. */
    readonly passes: (error: unknown) => boolean;
    /** That of its `Transactions`. */
    readonly database: object;
}
/**
 * What becomes of a transaction.
 *
 * @category models
 * @since 0.2.0
 */
export type Verdict<A> = 
/** It takes effect; `committed` is called once that is known, also when its caller waits no more. */
{
    readonly _tag: "Commit";
    readonly value: A;
    readonly committed: () => void;
} | {
    readonly _tag: "Undo";
    readonly value: A;
};
declare const Transactions_base: Context.ServiceClass<Transactions, "perdure/Store/Transactions", {
    /**
     * Opens a transaction, runs its body, and commits or undoes what that wrote. The bodies for one call of an activity run one after the
     * other, in all processes. What fails or is interrupted is undone.
     *
     * `Unavailable` leaves open whether a commit took effect: a later body of the call sees in the history whether it did. `Unsupported`
     * says what the body may not do.
     */
    readonly run: <A>(call: CallPlace | undefined, body: (transaction: Transaction) => Effect.Effect<Verdict<A>, StoreError>) => Effect.Effect<A, StoreError>;
    /** Stands for the database: the store of it has the very same. */
    readonly database: object;
}>;
/**
 * Runs handlers, and effects of the app, within transactions of the store that provides it.
 *
 * @category services
 * @since 0.2.0
 */
export declare class Transactions extends Transactions_base {
}
export {};
