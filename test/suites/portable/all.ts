/**
 * All portable workflows with their handlers.
 */
import { Layer } from "effect"
import { layerOf, type Seen } from "./handlers.ts"
import * as Workflows from "./workflows.ts"

/** All of them, with handlers that note what they see. */
export const allOf = (seen: Seen) =>
  Layer.mergeAll(
    Workflows.cart,
    Workflows.copying,
    Workflows.end,
    Workflows.first,
    Workflows.impatient,
    Workflows.leaving,
    Workflows.listed,
    Workflows.parent,
    Workflows.passing,
    Workflows.payment,
    Workflows.relay,
    Workflows.second,
    Workflows.slow,
    Workflows.speaker,
    Workflows.stuck,
    Workflows.sum,
    Workflows.turning,
    Workflows.undoing,
    Workflows.wait
  ).pipe(Layer.provide(layerOf(seen)))
