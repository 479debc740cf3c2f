/**
 * The ETags of heads that this process has written, for components that do not undo transactions. The answer to a write does not tell the new
 * ETag, so it is read afterwards, while the execution goes on: the next commit need not wait for that.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { WorkflowId } from "../../Ids.ts"
import type { Keys } from "./key.ts"
import { decodeHead } from "./record.ts"
import type { Sidecar, Value } from "./Sidecar.ts"

/** What is known of the heads of some ids: of the latest ones. */
export class Etags {
  private readonly known = new Map<WorkflowId, Known>()
  private readonly sidecar: Sidecar
  private readonly keys: Keys
  private readonly scope: Scope.Scope

  constructor(sidecar: Sidecar, keys: Keys, scope: Scope.Scope) {
    this.sidecar = sidecar
    this.keys = keys
    this.scope = scope
  }

  /** Takes the ETag of the head of a version, if it is known or being read. It serves one write. */
  take(workflowId: WorkflowId, version: number): Effect.Effect<string | undefined> {
    return Effect.suspend(() => {
      const known = this.known.get(workflowId)
      this.known.delete(workflowId)
      return known?.version === version ? Deferred.await(known.etag) : Effect.undefined
    })
  }

  /** Reads the ETags of heads that were written, without waiting for it. */
  learn(written: ReadonlyArray<Written>): Effect.Effect<void> {
    return Effect.suspend(() => {
      const all = written.map((each) => ({ ...each, etag: Deferred.makeUnsafe<string | undefined>() }))
      for (const { etag, version, workflowId } of all) this.known.set(workflowId, { version, etag })
      for (const id of this.known.keys()) {
        if (this.known.size <= most) break
        this.known.delete(id)
      }
      const learning = Effect.matchCause(
        this.sidecar.readAll(all.map(({ workflowId }) => this.keys.head(workflowId))),
        {
          onFailure: () => all.forEach(({ etag }) => void Deferred.doneUnsafe(etag, Exit.succeed(undefined))),
          onSuccess: (values) =>
            all.forEach((each, at) => void Deferred.doneUnsafe(each.etag, Exit.succeed(etagOf(each, values[at]))))
        }
      )
      return Effect.asVoid(Effect.forkIn(learning, this.scope, { startImmediately: true }))
    })
  }
}

// internal

interface Written {
  readonly workflowId: WorkflowId
  readonly version: number
}

interface Known {
  readonly version: number
  readonly etag: Deferred.Deferred<string | undefined>
}

const most = 1000

/** The ETag of a head, if it is still of that version. */
const etagOf = ({ version, workflowId }: Written, value: Value | undefined): string | undefined => {
  const head = value === undefined ? undefined : Result.getOrUndefined(decodeHead(workflowId, value.text))
  return head?.version === version ? value!.etag : undefined
}
