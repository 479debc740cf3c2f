/**
 * What the parts of a store have in common.
 */
import type * as Scope from "effect/Scope"
import type { Names } from "./names.ts"
import type { Settings } from "./OwnOptions.ts"
import type { Server } from "./Server.ts"
import type { Sight } from "./Sight.ts"

export interface Shared {
  readonly server: Server
  readonly sight: Sight
  readonly names: Names
  readonly settings: Settings
  readonly scope: Scope.Scope
}
