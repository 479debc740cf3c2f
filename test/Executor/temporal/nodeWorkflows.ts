/**
 * A module that imports what the sandbox cannot have.
 */
import { Effect } from "effect"
import { Workflow } from "perdure"
import { hostname } from "node:os"

export const Named = Workflow.make("Named")
export const named = Named.toLayer(() => Effect.log(hostname()))
