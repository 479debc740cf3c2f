/**
 * Counts what is asked of a store.
 */
import { Effect, Layer } from "effect"
import { WorkflowStore } from "perdure/Store/WorkflowStore"

/** How often each operation of a store was asked for. */
export type Counts = Record<Operation, number>

/** Counts of nothing. */
export const make = (): Counts => ({
  save: 0,
  saveAll: 0,
  load: 0,
  summary: 0,
  deletion: 0,
  list: 0,
  count: 0,
  delete: 0,
  heartbeat: 0,
  workers: 0,
  saveDetails: 0,
  details: 0
})

/** How often all of them were. */
export const total = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

/** The store that is provided, counted. */
export const layer = (counts: Counts): Layer.Layer<WorkflowStore, never, WorkflowStore> =>
  Layer.effect(
    WorkflowStore,
    Effect.map(WorkflowStore, (store) => {
      const count = <A, E>(operation: Operation, effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
        Effect.suspend(() => {
          counts[operation]++
          return effect
        })
      return {
        ...store,
        save: (commit) => count("save", store.save(commit)),
        saveAll: (commits) => count("saveAll", store.saveAll(commits)),
        load: (workflowId, options) => count("load", store.load(workflowId, options)),
        summary: (workflowId) => count("summary", store.summary(workflowId)),
        deletion: (workflowId) => count("deletion", store.deletion(workflowId)),
        list: (filter) => count("list", store.list(filter)),
        count: (filter) => count("count", store.count(filter)),
        delete: (workflowId, options) => count("delete", store.delete(workflowId, options)),
        heartbeat: (worker, lease, asked) => count("heartbeat", store.heartbeat(worker, lease, asked)),
        workers: count("workers", store.workers),
        saveDetails: (all) => count("saveDetails", store.saveDetails(all)),
        details: (call) => count("details", store.details(call))
      }
    })
  )

// internal

type Operation = Exclude<keyof WorkflowStore["Service"], "changes" | "database" | "guarantees">
