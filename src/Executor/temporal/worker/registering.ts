/**
 * Registrations that a worker on Temporal refuses.
 */
import { programName } from "../../../internal/core/programName.ts"
import { invalidName } from "../../../internal/temporal/names.ts"
import { AlreadyRegistered, StoreFailed, type WorkflowErrorReason } from "../../../WorkflowError.ts"
import type { Registration } from "../../WorkflowRegistry.ts"
import type { Handlers } from "./Handlers.ts"

/** Why a worker refuses a registration, if so. `programs` are those of its module, where it runs any. */
export const refusalOf = (
  registration: Registration,
  handlers: Handlers,
  programs: ReadonlySet<string> | undefined
): WorkflowErrorReason | undefined => {
  const { version, workflow } = registration
  if (handlers.has(registration)) return new AlreadyRegistered({ workflow })
  const invalid = invalidName("the name of the workflow", workflow)
  if (invalid !== undefined) return invalid
  for (const { name, transactions } of registration.handlers.values()) {
    const invalid = invalidName(`the name of an activity of workflow ${JSON.stringify(workflow)}`, name)
    if (invalid !== undefined) return invalid
    if (transactions === undefined) continue
    const detail = `activity ${JSON.stringify(name)} is transactional, and Temporal keeps no execution in a database of yours: make it an Activity, or use the default executor`
    return new StoreFailed({ detail })
  }
  const name = programName({ workflow, workflowVersion: version })
  if (programs?.has(name) !== false) return undefined
  const detail = `workflow ${JSON.stringify(name)} is not in the module of workflows, which has ${[...programs].join(", ")}: export its layer there, or run it with a worker and a queue of its own`
  return new StoreFailed({ detail })
}
