/**
 * A workflow that is blocked by its defects, with a program that dies.
 */
import { Effect, Schema } from "effect"
import { Workflow } from "perdure"
import { Echo } from "../../suites/portable/programs.ts"

export const Careful = Workflow.make("Careful", { success: Schema.String, defects: "block" })

/** What both programs begin with. */
export const begin = Effect.andThen(
  Workflow.withCompensation(Echo("first"), () => Echo("undone")),
  Effect.addFinalizer(() => Effect.orDie(Echo("closed")))
)

export const dying = Careful.toLayer(() => Effect.andThen(begin, Effect.die(new Error("a bug"))))
