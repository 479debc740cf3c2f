/**
 * Reads the registrations out of the layer of workflows, by building it with an executor that only registers.
 */
import { Effect, Layer } from "effect"
import { DurableExecutor, type WorkflowError } from "perdure"

/** What `toLayer` of workflows answers, merged. `Handlers` are those of their activities. */
export type WorkflowsLayer<Handlers> = Layer.Layer<
  never,
  WorkflowError.WorkflowError,
  DurableExecutor.DurableExecutor | Handlers
>

/** The registrations of workflows by name. */
export type Registrations = ReadonlyMap<string, DurableExecutor.Registration>

/** The registrations that the layer makes. */
export const registrationsOf = Effect.fnUntraced(function* <Handlers>(workflows: WorkflowsLayer<Handlers>) {
  const registrations = new Map<string, DurableExecutor.Registration>()
  const registrar = registering((registration) => registrations.set(registration.workflow, registration))
  yield* Layer.build(workflows).pipe(Effect.scoped, Effect.provideService(DurableExecutor.DurableExecutor, registrar))
  return registrations
})

// internal

const registering = (register: (registration: DurableExecutor.Registration) => void) => {
  const refuse = () => Effect.die(new Error("this executor only registers workflows"))
  return DurableExecutor.DurableExecutor.of({
    register: (registration) => Effect.sync(() => register(registration)),
    start: refuse,
    result: refuse,
    signal: refuse,
    cancel: refuse,
    terminate: refuse,
    describe: refuse,
    list: refuse,
    history: refuse,
    delete: refuse
  })
}
