/**
 * Reads the registrations out of the layer of workflows, by building it with a registry that keeps them.
 */
import { Effect, Layer } from "effect"
import { type WorkflowError, WorkflowRegistry } from "perdure"

/** What `toLayer` of workflows answers, merged. `Handlers` are those of their activities. */
export type WorkflowsLayer<Handlers> = Layer.Layer<
  never,
  WorkflowError.WorkflowError,
  WorkflowRegistry.WorkflowRegistry | Handlers
>

/** The registrations of workflows by name. */
export type Registrations = ReadonlyMap<string, WorkflowRegistry.Registration>

/** The registrations that the layer makes. */
export const registrationsOf = Effect.fnUntraced(function* <Handlers>(workflows: WorkflowsLayer<Handlers>) {
  const registrations = new Map<string, WorkflowRegistry.Registration>()
  const registry = WorkflowRegistry.WorkflowRegistry.of({
    register: (registration) => Effect.sync(() => registrations.set(registration.workflow, registration))
  })
  yield* Layer.build(workflows).pipe(Effect.scoped, Effect.provideService(WorkflowRegistry.WorkflowRegistry, registry))
  return registrations
})
