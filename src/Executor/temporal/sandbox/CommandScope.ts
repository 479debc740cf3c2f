/**
 * The scope in which a command is given to Temporal, which asks it only for what is public of a scope. Temporal takes the stack of every
 * promise in the sandbox, for its query of stack traces, and that is most of what a command costs there: its own scopes make five promises
 * for a command, and this one makes one.
 */
import { CancelledFailure } from "@temporalio/common"
import { CancellationScope } from "@temporalio/workflow"

export class CommandScope implements Pick<CancellationScope, "cancelRequested" | "consideredCancelled" | "run"> {
  readonly cancellable: boolean
  consideredCancelled = false
  readonly run = CancellationScope.prototype.run
  private requested: PromiseWithResolvers<never> | undefined

  /** One that is not cancellable shields its commands from a cancel of the execution. */
  constructor(options?: { readonly cancellable: boolean }) {
    this.cancellable = options?.cancellable ?? true
  }

  get cancelRequested(): Promise<never> {
    this.requested ??= Promise.withResolvers()
    return this.requested.promise
  }

  /** Cancels its command. */
  cancel(): void {
    this.consideredCancelled = true
    this.requested?.reject(new CancelledFailure("the program no longer wants the result"))
  }

  /** What `run` does in the scope. */
  protected runInContext<A>(start: () => Promise<A>): Promise<A> {
    return start()
  }
}
