/**
 * Walks through a store and says which executions are damaged, or break what the executor goes by. It writes nothing.
 *
 * An execution is sound when all of it can be read, its versions have no gaps, each of its runs begins with a start and ends where it ends,
 * its summary is what its events add up to, and each child that it waits for is there to tell of its end.
 */
import * as Effect from "effect/Effect";
import * as Stream from "effect/Stream";
import { type WorkflowId } from "../Ids.ts";
import { type StoreError, type WorkflowFilter, WorkflowStore } from "../Store/WorkflowStore.ts";
/**
 * An execution that was looked at, and what is wrong with it in words: nothing, if it is sound.
 *
 * @category models
 * @since 0.2.0
 */
export interface Verdict {
    readonly workflowId: WorkflowId;
    readonly faults: ReadonlyArray<string>;
}
/**
 * Looks at every execution that matches, sound ones included. Workers may run meanwhile: what changes while it is looked at is looked at
 * again. Fails when the store cannot be reached.
 *
 * **Example** (What is wrong in a file)
 *
 * ```ts
 * import { Console, Effect, Stream } from "effect"
 * import { Verify } from "perdure"
 * import * as SqliteStore from "perdure/Store/Sqlite"
 *
 * const program = Verify.stream().pipe(
 *   Stream.filter(({ faults }) => faults.length > 0),
 *   Stream.runForEach(({ faults, workflowId }) => Console.log(workflowId, faults)),
 *   Effect.provide(SqliteStore.layer({ filename: "orders.db" }))
 * )
 * ```
 *
 * @category operations
 * @since 0.2.0
 */
export declare const stream: (filter?: Omit<WorkflowFilter, "cursor">) => Stream.Stream<Verdict, StoreError, WorkflowStore>;
/**
 * Looks at one execution; `undefined` if there is none of the id.
 *
 * @category operations
 * @since 0.2.0
 */
export declare const one: (workflowId: string) => Effect.Effect<Verdict | undefined, StoreError, WorkflowStore>;
