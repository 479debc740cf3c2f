/**
 * By which patches a program goes. The first call decides: one that is live goes by the patch, one that is replayed does what
 * it did. So a replay must know what is recorded before the program comes to it.
 */
import type { EventOf } from "../../HistoryEvent.ts"

export class Patches {
  /** Patches that the history has. */
  private readonly recorded = new Set<string>()
  /** What the program was told. */
  private readonly decided = new Map<string, boolean>()
  private readonly record: (id: string) => void

  /** `record` issues the command of a patch, which is recorded, or matched in replay. */
  constructor(record: (id: string) => void) {
    this.record = record
  }

  /** Learns of a patch that is recorded in what is to be replayed. */
  foresee({ id }: EventOf<"PatchRecorded">): void {
    this.recorded.add(id)
  }

  /** Whether the program goes by a patch. */
  decide(id: string, isReplaying: boolean): boolean {
    const known = this.decided.get(id)
    if (known !== undefined) return known
    const isPatched = !isReplaying || this.recorded.has(id)
    this.decided.set(id, isPatched)
    if (isPatched) this.record(id)
    return isPatched
  }

  /** Matches what is recorded of a patch that every program has by now. */
  deprecate(id: string): void {
    if (this.decided.has(id)) return
    this.decided.set(id, true)
    if (this.recorded.has(id)) this.record(id)
  }
}
