/**
 * The callers of updates that wait in the sandbox: Temporal's update ends when ours is accepted, or answered, as its caller asked.
 */
import type { EventOf, UpdateExit } from "../../../HistoryEvent.ts"
import type { UpdateReply, UpdateRequest } from "../../../internal/temporal/wire.ts"

interface Waiting {
  readonly wait: UpdateRequest["wait"]
  readonly resolve: (reply: UpdateReply) => void
}

export class Callers {
  /** Replies to the updates that this run has accepted or answered, by their ids. */
  private readonly known = new Map<string, UpdateReply>()
  private readonly waiting = new Map<string, Array<Waiting>>()

  /** Whether this run has accepted an update, and its answer if there is one. */
  get(id: string): UpdateReply | undefined {
    return this.known.get(id)
  }

  /** Waits until an update is where its caller wants it. */
  wait({ id, wait }: Pick<UpdateRequest, "id" | "wait">): Promise<UpdateReply> {
    return new Promise((resolve) => {
      const known = this.known.get(id)
      if (known !== undefined && isEnough(wait, known)) return resolve(known)
      const others = this.waiting.get(id)
      if (others === undefined) this.waiting.set(id, [{ wait, resolve }])
      else others.push({ wait, resolve })
    })
  }

  accepted({ id }: EventOf<"UpdateAccepted">): void {
    this.tell(id, { accepted: true })
  }

  answered({ exit, id }: EventOf<"UpdateAnswered">): void {
    this.tell(id, { accepted: this.known.get(id)?.accepted ?? false, exit })
  }

  private tell(id: string, reply: UpdateReply): void {
    this.known.set(id, reply)
    const all = this.waiting.get(id) ?? []
    const left = all.filter(({ wait }) => !isEnough(wait, reply))
    if (left.length === 0) this.waiting.delete(id)
    else this.waiting.set(id, left)
    for (const { resolve, wait } of all) if (isEnough(wait, reply)) resolve(reply)
  }
}

/** The answer of an update whose validation refuses it, before anything is recorded. */
export const refusal = (exit: UpdateExit): UpdateReply => ({ accepted: false, exit })

// internal

const isEnough = (wait: UpdateRequest["wait"], { accepted, exit }: UpdateReply): boolean =>
  exit !== undefined || (accepted && wait === "accepted")
