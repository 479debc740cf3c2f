/** All mutants. */
import { ai } from "./mutants/ai.ts"
import { contracts } from "./mutants/contracts.ts"
import { core } from "./mutants/core.ts"
import { dapr } from "./mutants/dapr.ts"
import { executor } from "./mutants/executor.ts"
import { layers } from "./mutants/layers.ts"
import { postgres } from "./mutants/postgres.ts"
import { replay } from "./mutants/replay.ts"
import { sqlite } from "./mutants/sqlite.ts"
import { stores } from "./mutants/stores.ts"
import { temporal } from "./mutants/temporal.ts"
import { tools } from "./mutants/tools.ts"
import type { Mutant } from "./mutants/Mutant.ts"

/** The mutants, by the part that they break. */
export const mutants: ReadonlyArray<Mutant> = [
  ...ai,
  ...contracts,
  ...core,
  ...dapr,
  ...executor,
  ...layers,
  ...postgres,
  ...replay,
  ...sqlite,
  ...stores,
  ...temporal,
  ...tools
]

export type { Mutant }
