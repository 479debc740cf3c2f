/**
 * The handlers of activities that a worker has, by workflow and activity, for as long as their layers live.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { ActivityHandler, Registration } from "../../WorkflowRegistry.ts"

export class Handlers {
  private readonly registrations = new Set<Registration>()
  private news = Deferred.makeUnsafe<void>()

  add(registration: Registration): void {
    this.registrations.add(registration)
    Deferred.doneUnsafe(this.news, Effect.void)
    this.news = Deferred.makeUnsafe()
  }

  remove(registration: Registration): void {
    this.registrations.delete(registration)
  }

  /** Whether the version of a workflow is registered. */
  has({ version, workflow }: Registration): boolean {
    for (const each of this.registrations) if (each.workflow === workflow && each.version === version) return true
    return false
  }

  /** The handler of an activity of a workflow: of the version that was registered last. */
  get(workflow: string, activity: string): ActivityHandler | undefined {
    let found: ActivityHandler | undefined
    for (const each of this.registrations) {
      if (each.workflow === workflow) found = each.handlers.get(activity) ?? found
    }
    return found
  }

  /** The same; waits a moment for layers that are being built. */
  find(workflow: string, activity: string): Effect.Effect<ActivityHandler | undefined> {
    const found = this.get(workflow, activity)
    if (found !== undefined) return Effect.succeed(found)
    return Effect.suspend(() => Deferred.await(this.news)).pipe(
      Effect.repeat({ until: () => this.get(workflow, activity) !== undefined }),
      Effect.timeoutOption(patience),
      Effect.map(() => this.get(workflow, activity))
    )
  }
}

// internal

/** How long an attempt waits for its handler to be registered. */
const patience = "5 seconds"
