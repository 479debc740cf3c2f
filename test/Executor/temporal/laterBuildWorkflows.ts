/**
 * The workflow of `buildWorkflows.ts` as another build has it.
 */
import { Effect } from "effect"
import { Built, Tell } from "./buildWorkflows.ts"

export const laterBuild = Built.toLayer((how) =>
  Effect.as(how === "at once" ? Effect.void : Tell.receive, "later build")
)
