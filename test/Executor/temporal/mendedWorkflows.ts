/**
 * The workflow of `dyingWorkflows.ts` with the right program.
 */
import { Effect } from "effect"
import { Echo } from "../../suites/portable/programs.ts"
import { begin, Careful } from "./dyingWorkflows.ts"

export const mended = Careful.toLayer(() => Effect.andThen(begin, Echo("second")))
