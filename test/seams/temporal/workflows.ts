/**
 * What is bundled for Temporal's sandbox.
 */
import { layer } from "./programs.ts"
import { workflowsOf } from "./sandbox.ts"

// oxlint-disable-next-line import/no-default-export -- Temporal calls the default export for every workflow type
export default workflowsOf(layer)
