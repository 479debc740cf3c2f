/**
 * Transactions of a store in which handlers write: what a handler has written and the commit with its result take effect together.
 *
 * Stores in SQL databases provide them beside `WorkflowStore`, and other stores have none.
 */
import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { SqlClient } from "effect/sql/SqlClient";
import type { CallPlace, StoreError, WorkflowStore } from "./WorkflowStore.ts";
/**
 * A transaction that is open.
 *
 * @category models
 * @since 0.2.0
 */
export interface Transaction {
    /** What a handler writes with: a client whose statements are part of the transaction, and what belongs to it. */
    readonly services: Context.Context<SqlClient>;
    /** The store within the transaction: it sees what is committed, and what it saves takes effect with the transaction. */
    readonly store: Pick<WorkflowStore["Service"], "load" | "save">;
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
     * Opens a transaction for an attempt of a call, runs its body, and commits or undoes what that wrote. The bodies of one call run one
     * after the other, in all processes. What fails or is interrupted is undone.
     *
     * `Unavailable` leaves open whether a commit took effect: a later body of the call sees in the history whether it did. `Unsupported`
     * says what the body may not do.
     */
    readonly run: <A>(call: CallPlace, body: (transaction: Transaction) => Effect.Effect<Verdict<A>, StoreError>) => Effect.Effect<A, StoreError>;
}>;
/**
 * Runs handlers within transactions of the store that provides it.
 *
 * @category services
 * @since 0.2.0
 */
export declare class Transactions extends Transactions_base {
}
export {};
