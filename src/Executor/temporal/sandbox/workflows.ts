/**
 * The workflow function that a bundle gives to Temporal: it runs any workflow of a module.
 */
import { patched, workflowInfo } from "@temporalio/workflow"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Schema from "effect/Schema"
import { type Registration, WorkflowRegistry } from "../../WorkflowRegistry.ts"
import { compareVersions, programName } from "../../../internal/core/programName.ts"
import { problemError } from "../../../internal/temporal/failures.ts"
import type { Start } from "../../../internal/temporal/wire.ts"
import { startedEvent } from "../../../internal/temporal/beginning.ts"
import { Execution } from "./Execution.ts"
import { programContext } from "./logger.ts"
import { now } from "./time.ts"

/** A function that Temporal calls for every workflow type. */
export const functionOf =
  (registrations: ReadonlyArray<Registration>) =>
  (input: Schema.Json, given?: Start | null): Promise<Schema.Json> => {
    const start = given ?? {}
    const info = workflowInfo()
    const registration = chosen(registrations, info.workflowType, start)
    const started = startedEvent(info, input ?? null, start, now(), registration.version)
    return new Execution(registration, started, start, programContext()).run()
  }

/** The registrations of the layers that a module exports. Activities never run here, so handlers are not needed. */
export const registrationsIn = (module: Readonly<Record<string, unknown>>): ReadonlyArray<Registration> => {
  const found: Array<Registration> = []
  const registry = WorkflowRegistry.of({
    register: (registration) => Effect.sync(() => void found.push(registration))
  })
  for (const exported of Object.values(module)) {
    if (!Layer.isLayer(exported)) continue
    const layer = exported as unknown as Layer.Layer<never, never, WorkflowRegistry>
    const build = Effect.scoped(Layer.build(layer)).pipe(Effect.provideService(WorkflowRegistry, registry))
    Effect.runSync(Effect.provideContext(build, Context.empty()))
  }
  return found
}

// internal

/**
 * The program of a run: of the version that its start names, or of the highest one that was there when it began, which a marker in the
 * history says.
 */
const chosen = (registrations: ReadonlyArray<Registration>, workflow: string, { version }: Start): Registration => {
  const all = registrations.filter((each) => each.workflow === workflow)
  const exact = all.find((each) => each.version === version)
  if (version !== undefined || all.every((each) => each.version === undefined)) {
    return exact ?? missing(registrations, workflow, version)
  }
  const sorted = all.toSorted((a, b) => compareVersions(b.version, a.version))
  // A run that is older than all versions has the program without one, or that of the lowest.
  return (
    sorted.find((each) => each.version !== undefined && patched(`perdure version ${each.version}`)) ?? sorted.at(-1)!
  )
}

const missing = (registrations: ReadonlyArray<Registration>, workflow: string, version: string | undefined): never => {
  const name = programName({ workflow, workflowVersion: version })
  const known = registrations.map((each) => programName({ workflow: each.workflow, workflowVersion: each.version }))
  throw problemError({
    reason: "Undecodable",
    message:
      `workflow ${JSON.stringify(name)} is not in the module of workflows of this worker, which has ${known.length === 0 ? "none" : known.join(", ")}; ` +
      "export its layer there, or run its executions on a queue of their own"
  })
}
