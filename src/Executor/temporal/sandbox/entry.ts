/**
 * What is bundled for Temporal's sandbox.
 */
import * as module from "./userWorkflows.ts"
import { functionOf, registrationsIn } from "./workflows.ts"
import { programName } from "../../../internal/core/programName.ts"

const registrations = registrationsIn(module)

/** The names of its programs, which a worker looks at when it is made. */
export const programs: ReadonlyArray<string> = registrations.map(({ version, workflow }) =>
  programName({ workflow, workflowVersion: version })
)

// oxlint-disable-next-line import/no-default-export -- Temporal calls the default export for every workflow type
export default functionOf(registrations)
