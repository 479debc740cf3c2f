/**
 * By which patches a program goes. The first call decides: one that is live goes by the patch, one that is replayed does what
 * it did. So a replay must know what is recorded before the program comes to it.
 */
import type { EventOf } from "../../HistoryEvent.ts"

/** The mark of a patch, without what the interpreter adds to each command. */
type Mark = Omit<EventOf<"PatchRecorded">, "_tag" | "at">

export class Patches {
  /** Patches that the history has. */
  private readonly recorded = new Set<string>()
  /** What the program was told. */
  private readonly decided = new Map<string, boolean>()
  private readonly record: (mark: Mark) => void
  /** Decides in place of the history, where an executor keeps none that it replays. */
  known: ((id: string) => boolean) | undefined = undefined

  /** `record` issues the command of a patch, which is recorded, or matched in replay. */
  constructor(record: (mark: Mark) => void) {
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
    const isPatched = this.known?.(id) ?? (!isReplaying || this.recorded.has(id))
    this.decided.set(id, isPatched)
    if (isPatched) this.record({ id })
    return isPatched
  }

  /** Says that every program goes by a patch by now, also for an older release, which would ask. */
  deprecate(id: string, isReplaying: boolean): void {
    if (this.decided.has(id)) return
    this.decided.set(id, true)
    if (!isReplaying || this.recorded.has(id)) this.record({ id, deprecated: true })
  }
}
