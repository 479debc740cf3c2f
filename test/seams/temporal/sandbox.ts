/**
 * The workflow function that a bundle gives to Temporal: it runs any workflow of a layer.
 */
import { workflowInfo } from "@temporalio/workflow"
import { Context, Effect, type Schema } from "effect"
import { Execution, type StartOptions } from "./Execution.ts"
import { registrationsOf, type WorkflowsLayer } from "./registrations.ts"

/** A function that Temporal calls for every workflow type. */
export const workflowsOf = <Handlers>(workflows: WorkflowsLayer<Handlers>) => {
  // Activities never run here, so the registrations need no handlers.
  const noHandlers = Context.empty() as Context.Context<Handlers>
  const registrations = Effect.runSync(Effect.provideContext(registrationsOf(workflows), noHandlers))
  return (input: Schema.Json, options: StartOptions): Promise<Schema.Json> => {
    const { workflowType } = workflowInfo()
    const registration = registrations.get(workflowType)
    if (registration === undefined) {
      throw new Error(`workflow ${workflowType} is not registered here; there are ${[...registrations.keys()]}`)
    }
    return new Execution(registration).run(input, options)
  }
}
