/** A store as one executor reaches it: over a link that a test can cut, and that counts what goes over it. */
import { Effect, Exit, Stream } from "effect"
import { StoreError, Unavailable, type WorkflowStore } from "perdure/Store/WorkflowStore"

export type Store = WorkflowStore["Service"]

/** An operation of a store; `changes` stands for each batch of them. */
export type Operation =
  | "saveAll"
  | "load"
  | "summary"
  | "list"
  | "delete"
  | "changes"
  | "heartbeat"
  | "workers"
  | "details"

/** An operation that answers. */
type Question = Exclude<Operation, "changes">

/** What goes wrong with an operation: it is not carried out, or it is and its answer is lost, or comes when something is over. */
export type Fault = "unasked" | "unanswered" | { readonly answeredAfter: Effect.Effect<void> }

/** What is under way over all links of a test. */
export interface Traffic {
  begun: number
  underWay: number
}

export interface FaultyStore {
  readonly store: Store
  /** How many operations of a kind were begun. */
  readonly count: Record<Operation, number>
  /** Which operations go wrong from now on. */
  fault: (operation: Operation) => Fault | undefined
}

/** Nothing goes wrong. */
export const sound: FaultyStore["fault"] = () => undefined

/** All operations fail, or only some. */
export const cut =
  (...operations: ReadonlyArray<Operation>): FaultyStore["fault"] =>
  (operation) =>
    operations.length === 0 || operations.includes(operation) ? "unasked" : undefined

/** Makes a link to a store. */
export const make = (store: Store, traffic: Traffic): FaultyStore => {
  const count = {
    saveAll: 0,
    load: 0,
    summary: 0,
    list: 0,
    delete: 0,
    changes: 0,
    heartbeat: 0,
    workers: 0,
    details: 0
  }
  const over = <A>(operation: Question, effect: Effect.Effect<A, StoreError>): Effect.Effect<A, StoreError> =>
    Effect.suspend(() => {
      count[operation]++
      traffic.begun++
      const fault = link.fault(operation)
      if (fault === "unasked") return Effect.fail(lost(operation))
      traffic.underWay++
      const counted = Effect.ensuring(
        effect,
        Effect.sync(() => traffic.underWay--)
      )
      if (fault === undefined) return counted
      if (fault === "unanswered") return Effect.andThen(Effect.exit(counted), Effect.fail(lost(operation)))
      return Effect.flatMap(Effect.exit(counted), (exit) => Effect.andThen(fault.answeredAfter, exit))
    })
  const link: FaultyStore = {
    count,
    fault: sound,
    store: {
      ...store,
      save: (commit) => over("saveAll", store.save(commit)),
      saveAll: (commits) =>
        over("saveAll", store.saveAll(commits)).pipe(
          Effect.catch((error) => Effect.succeed(commits.map(() => Exit.fail(error.reason))))
        ),
      load: (workflowId, options) => over("load", store.load(workflowId, options)),
      summary: (workflowId) => over("summary", store.summary(workflowId)),
      deletion: (workflowId) => over("load", store.deletion(workflowId)),
      list: (filter) => over("list", store.list(filter)),
      count: (filter, options) => over("list", store.count(filter, options)),
      delete: (workflowId, options) => over("delete", store.delete(workflowId, options)),
      heartbeat: (worker, lease, asked) => over("heartbeat", store.heartbeat(worker, lease, asked)),
      workers: over("workers", store.workers),
      saveDetails: (all) => over("details", store.saveDetails(all)),
      details: (call) => over("details", store.details(call)),
      changes: Stream.filter(store.changes, () => {
        count.changes++
        return link.fault("changes") === undefined
      })
    }
  }
  return link
}

// internal

const lost = (operation: Question): StoreError =>
  new StoreError({
    operation: operation === "saveAll" ? "save" : operation,
    reason: new Unavailable({ cause: new Error("the link is down") })
  })
