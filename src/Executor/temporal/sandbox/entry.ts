/**
 * What is bundled for Temporal's sandbox.
 */
import * as module from "./userWorkflows.ts"
import { workflowsOf } from "./workflows.ts"

// oxlint-disable-next-line import/no-default-export -- Temporal calls the default export for every workflow type
export default workflowsOf(module)
