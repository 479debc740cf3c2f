/**
 * Counts what is asked of a store.
 */
import { Effect, Layer } from "effect"
import { WorkflowStore } from "perdure/Store/WorkflowStore"

/** How often each operation of a store was asked for. */
export type Counts = Record<Operation, number>

/** Counts of nothing. */
export const make = (): Counts => ({ save: 0, saveAll: 0, load: 0, list: 0, delete: 0, heartbeat: 0, workers: 0 })

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
        list: (filter) => count("list", store.list(filter)),
        delete: (workflowId) => count("delete", store.delete(workflowId)),
        heartbeat: (worker, until) => count("heartbeat", store.heartbeat(worker, until)),
        workers: count("workers", store.workers)
      }
    })
  )

// internal

type Operation = Exclude<keyof WorkflowStore["Service"], "changes" | "guarantees">
