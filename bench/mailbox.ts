/**
 * What a mailbox costs that is a fiber, and one that is callbacks, as `docs/decisions/0008-callbacks.md` compares them:
 * microseconds of CPU for a message that is saved and answered, bytes for an execution that waits.
 *
 * `node --expose-gc bench/mailbox.ts`
 */
import { Console, Deferred, Effect, type Exit, type Fiber, Queue } from "effect"

const executions = 20_000
const messages = 400_000

interface Mailbox {
  /** Completes when a message is saved. */
  readonly tell: Effect.Effect<void>
}

/** Stands for a store that answers at once. */
const save = Effect.void

const fiber = Effect.gen(function* () {
  const inbox = yield* Queue.unbounded<Deferred.Deferred<void>>()
  const takeTurn = Effect.gen(function* () {
    const mail = yield* Queue.takeAll(inbox)
    yield* save
    for (const reply of mail) yield* Deferred.succeed(reply, undefined)
  })
  yield* Effect.forkScoped(Effect.forever(takeTurn))
  const tell = Effect.gen(function* () {
    const reply = yield* Deferred.make<void>()
    yield* Queue.offer(inbox, reply)
    yield* Deferred.await(reply)
  })
  return { tell } satisfies Mailbox
})

class Callbacks {
  private inbox: Array<() => void> = []
  private working = false
  private readonly fork: (effect: Effect.Effect<void>) => Fiber.Fiber<void>

  constructor(fork: (effect: Effect.Effect<void>) => Fiber.Fiber<void>) {
    this.fork = fork
  }

  readonly tell: Effect.Effect<void> = Effect.callback((resume) => {
    this.inbox.push(() => resume(Effect.void))
    this.work()
  })

  private work(): void {
    while (!this.working && this.inbox.length > 0) {
      const mail = this.inbox
      this.inbox = []
      this.working = true
      const saving = this.fork(save)
      const saved = (_: Exit.Exit<void>) => {
        this.working = false
        for (const reply of mail) reply()
        this.work()
      }
      saving.addObserver(saved)
    }
  }
}

const callbacks = Effect.map(Effect.context<never>(), (context) => new Callbacks(Effect.runForkWith(context)))

const heap = (): number => {
  globalThis.gc!()
  return process.memoryUsage().heapUsed
}

const measure = <R>(make: Effect.Effect<Mailbox, never, R>) =>
  Effect.gen(function* () {
    const before = heap()
    const mailboxes = yield* Effect.replicateEffect(make, executions)
    yield* Effect.sleep("50 millis")
    const bytes = (heap() - before) / executions
    const tellAll = (count: number) =>
      Effect.forEach(
        Array.from({ length: count }, (_, index) => mailboxes[index % executions]!.tell),
        (tell) => tell,
        { concurrency: 64, discard: true }
      )
    yield* tellAll(messages / 8)
    const cpu = process.cpuUsage()
    yield* tellAll(messages)
    const { system, user } = process.cpuUsage(cpu)
    return { bytes, microseconds: (user + system) / messages }
  })

const program = Effect.gen(function* () {
  yield* Console.log("callbacks", yield* measure(callbacks))
  yield* Console.log("a fiber", yield* Effect.scoped(measure(fiber)))
})

void Effect.runPromise(program)
