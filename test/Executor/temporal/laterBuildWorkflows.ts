/**
 * The workflow of `buildWorkflows.ts` as another build has it.
 */
import { Effect } from "effect"
import { Built, Tell } from "./buildWorkflows.ts"

export const laterBuild = Built.toLayer(() => Effect.as(Tell.receive, "later build"))
