/**
 * A workflow that calls one activity.
 */
import { Schema } from "effect"
import { Workflow } from "perdure"
import { Echo } from "../../suites/portable/programs.ts"

export const Echoing = Workflow.make("Echoing", { input: Schema.String, success: Schema.String })
export const echoing = Echoing.toLayer((text) => Echo(text))
