/**
 * What does not belong in the program of a workflow: how it is named, what is wrong with it there, and what to write instead. The table in
 * `docs/linting.md` is this one.
 */

/**
 * The rules, by the kind of harm: what goes unnoticed until a replay disagrees, what blocks the execution at once, what is done again by
 * each replay, and what executions share.
 */
export type RuleName = "no-nondeterminism" | "no-async" | "no-io" | "no-shared-state"

/** Something that does not belong in a program. */
export interface Construct {
  readonly rule: RuleName
  /** How the table shows it. */
  readonly shown: string
  /** The names that mean it, each with all that is below it. None where it is no name, but syntax. */
  readonly names: ReadonlyArray<string>
  /** What is wrong with it, after its name. */
  readonly why: string
  /** What to write instead, as an imperative. */
  readonly instead: string
  /** It makes an effect, which runs with the program wherever it was made. Default: it has its effect where it stands. */
  readonly isLazy?: true
  /** Only a call with fewer arguments than this is meant. Default: whatever is made of the name. */
  readonly below?: number | undefined
}

const host = "tells the time of the host, which is another one in each replay"
const blocks = "is asynchronous work of the host, which blocks the execution"
const again = "has an effect on the world, again in each replay"
const asActivity = "make it an activity, or wrap it in `Activity.inline`"

/** The constructs of which each has a name of its own. */
export const syntax = {
  async: {
    rule: "no-async",
    shown: "`async` functions, `await`, `for await`",
    names: [],
    why: "answers with a promise, which blocks the execution",
    instead: "write `Effect.fn`, and make what answers with a promise an activity, or wrap it in `Activity.inline`"
  },
  import: {
    rule: "no-async",
    shown: "`import()`",
    names: [],
    why: blocks,
    instead: "import it at the top of the file"
  },
  write: {
    rule: "no-shared-state",
    shown: "writing to a variable outside of the program",
    names: [],
    why: "is shared by all executions and is in no history",
    instead: "keep it in a `Ref` that the program makes, or write it in an activity"
  },
  read: {
    rule: "no-shared-state",
    shown: "reading a `let` outside of the program that changes",
    names: [],
    why: "changes outside of the program, and is in no history",
    instead: "pass it as input, or read it in an activity"
  },
  cell: {
    rule: "no-shared-state",
    shown: "a `Ref`, `Semaphore`, `Queue` or other cell that is made outside of the program",
    names: [],
    why: "is a cell that executions share, and is in no history",
    instead: "make it in the program, or make it a workflow of its own"
  },
  inline: {
    rule: "no-shared-state",
    shown: "an inline activity that writes to a variable of its program",
    names: [],
    why: "is written by an inline activity, which is not recorded",
    instead: "let the inline activity return it"
  }
} as const satisfies Readonly<Record<string, Construct>>

const time: ReadonlyArray<Construct> = [
  {
    rule: "no-nondeterminism",
    shown: "`Date.now()`",
    names: ["Date.now"],
    why: host,
    instead: "yield `Clock.currentTimeMillis`, the time of the latest event"
  },
  {
    rule: "no-nondeterminism",
    shown: "`new Date()`, `Date()`",
    names: ["new Date", "Date()"],
    below: 1,
    why: host,
    instead: "yield `DateTime.now`, the time of the latest event"
  },
  {
    rule: "no-nondeterminism",
    shown: "`performance.now()`, `process.hrtime()`",
    names: ["performance", "process.hrtime", "process.uptime", "node:perf_hooks", "node:process.hrtime"],
    why: host,
    instead: "yield `Clock.currentTimeNanos`, the time of the latest event"
  },
  {
    rule: "no-nondeterminism",
    shown: "`DateTime.nowUnsafe()`, `isFutureUnsafe`, `isPastUnsafe`, `Temporal.Now`",
    names: [
      "effect:DateTime.nowUnsafe",
      "effect:DateTime.isFutureUnsafe",
      "effect:DateTime.isPastUnsafe",
      "Temporal.Now"
    ],
    why: host,
    instead: "yield `DateTime.now`, `DateTime.isFuture` or `DateTime.isPast`, by the time of the latest event"
  },
  {
    rule: "no-nondeterminism",
    shown: "`Cron.next(cron)`, `Cron.prev(cron)`",
    names: ["effect:Cron.next", "effect:Cron.prev"],
    below: 2,
    why: "begins at the time of the host, which is another one in each replay",
    instead: "give it `yield* DateTime.now`"
  },
  {
    rule: "no-nondeterminism",
    shown: "`DateTime.zoneMakeLocal()`, `withCurrentZoneLocal`, `layerCurrentZoneLocal`, `formatLocal`",
    names: ["zoneMakeLocal", "withCurrentZoneLocal", "layerCurrentZoneLocal", "formatLocal"].map(
      (name) => `effect:DateTime.${name}`
    ),
    why: "has the time zone of the host, which another process may not have",
    instead: "name the time zone"
  }
]

const chance: ReadonlyArray<Construct> = [
  {
    rule: "no-nondeterminism",
    shown: "`Math.random()`",
    names: ["Math.random"],
    why: "draws other numbers in each replay",
    instead: "yield `Random.next`, whose numbers the run fixes"
  },
  {
    rule: "no-nondeterminism",
    shown: "`crypto.randomUUID()`, `crypto.getRandomValues()`, `randomBytes`, `randomInt` of `node:crypto`",
    names: [
      ...["crypto.randomUUID", "crypto.getRandomValues", "node:crypto.randomUUID", "node:crypto.getRandomValues"],
      ...["node:crypto.randomBytes", "node:crypto.randomInt", "node:crypto.randomFill", "node:crypto.randomFillSync"],
      ...["node:crypto.webcrypto.randomUUID", "node:crypto.webcrypto.getRandomValues"]
    ],
    why: "draws other values in each replay",
    instead: "draw it from `Random`, or make it in an activity"
  },
  {
    rule: "no-nondeterminism",
    shown: "`Effect.runSync`, `runSyncExit`",
    names: ["runSync", "runSyncExit", "runSyncWith", "runSyncExitWith"].map((name) => `effect:Effect.${name}`),
    why: "runs with the clock and the random numbers of the host",
    instead: "yield the effect"
  }
]

const asynchrony: ReadonlyArray<Construct> = [
  { rule: "no-async", shown: "`Promise`", names: ["Promise"], why: blocks, instead: asActivity },
  {
    rule: "no-async",
    shown: "`Effect.promise`, `Effect.tryPromise`",
    names: ["effect:Effect.promise", "effect:Effect.tryPromise"],
    isLazy: true,
    why: "waits for a promise, which blocks the execution",
    instead: asActivity
  },
  {
    rule: "no-async",
    shown: "`Effect.callback`, `Stream.callback`",
    names: ["effect:Effect.callback", "effect:Stream.callback"],
    isLazy: true,
    why: "blocks the execution when something of the host resumes it",
    instead: "make it an activity, wrap it in `Activity.inline`, or wait for a `Deferred` of the program"
  },
  {
    rule: "no-async",
    shown: "`Stream.fromAsyncIterable`, `fromReadableStream`, `fromEventListener`",
    names: [
      ...["effect:Stream.fromAsyncIterable", "effect:Stream.fromReadableStream", "effect:Stream.fromEventListener"],
      ...[
        "effect:Channel.fromAsyncIterable",
        "effect:Channel.fromAsyncIterableArray",
        "effect:Channel.fromReadableStream"
      ]
    ],
    isLazy: true,
    why: blocks,
    instead: "read it in an activity that returns what it has read"
  },
  {
    rule: "no-async",
    shown: "`Effect.runPromise`, `runPromiseExit`, `runFork`, `runCallback`",
    names: [
      ...["runPromise", "runPromiseExit", "runPromiseWith", "runPromiseExitWith"],
      ...["runFork", "runCallback", "runCallbackWith"]
    ].map((name) => `effect:Effect.${name}`),
    why: "runs an effect by the host, which blocks the execution when it waits",
    instead: "yield the effect, or fork it with `Effect.forkChild`"
  },
  {
    rule: "no-async",
    shown: "`setTimeout`",
    names: ["setTimeout", "node:timers.setTimeout", "node:timers/promises"],
    why: "is a timer of the host, which no restart survives",
    instead: "yield `Effect.sleep`, which is durable"
  },
  {
    rule: "no-async",
    shown: "`setInterval`",
    names: ["setInterval", "node:timers.setInterval", "node:timers/promises.setInterval"],
    why: "is a timer of the host, which no restart survives",
    instead: "use `Effect.repeat` with a `Schedule`, which is durable"
  },
  {
    rule: "no-async",
    shown: "`setImmediate`, `queueMicrotask`, `process.nextTick`",
    names: ["setImmediate", "queueMicrotask", "process.nextTick", "node:timers.setImmediate", "node:process.nextTick"],
    why: "runs when the host says so, and not in the order of the program",
    instead: "yield `Effect.yieldNow`, or fork with `Effect.forkChild`"
  },
  {
    rule: "no-async",
    shown: "`crypto.subtle`",
    names: ["crypto.subtle", "node:crypto.subtle", "node:crypto.webcrypto.subtle"],
    why: "answers with promises, which block the execution",
    instead: asActivity
  }
]

const world: ReadonlyArray<Construct> = [
  {
    rule: "no-io",
    shown: "`fetch`, `WebSocket`, `EventSource`, `XMLHttpRequest`",
    names: ["fetch", "WebSocket", "EventSource", "XMLHttpRequest"],
    why: again,
    instead: asActivity
  },
  {
    rule: "no-io",
    shown: "files and what else comes from `node:*`",
    names: ["node:"],
    why: "reaches out of the program, again in each replay",
    instead: asActivity
  },
  {
    rule: "no-io",
    shown: "`process.env` and the rest of `process`",
    names: ["process", "node:process"],
    why: "is that of one process, and another one goes on with the execution",
    instead: "read it outside and pass it as input, or read it in an activity"
  },
  {
    rule: "no-io",
    shown: "`Deno`, `Bun`",
    names: ["Deno", "Bun"],
    why: "reaches out of the program, again in each replay",
    instead: asActivity
  },
  {
    rule: "no-io",
    shown: "`Config`",
    names: ["effect:Config"],
    isLazy: true,
    why: "reads the configuration of one process, which blocks the execution",
    instead: "read it outside and pass it as input, or read it in an activity"
  },
  {
    rule: "no-io",
    shown: "`console`",
    names: ["console"],
    why: "prints again in each replay",
    instead: "yield `Effect.log` or `Console.log`, which are silent while the program is replayed"
  }
]

/** All of them, in the order of the table. */
export const constructs: ReadonlyArray<Construct> = [
  ...time,
  ...chance,
  ...asynchrony.slice(0, 1),
  syntax.async,
  syntax.import,
  ...asynchrony.slice(1),
  ...world,
  syntax.write,
  syntax.read,
  syntax.cell,
  syntax.inline
]

/** The construct that a name means. The longest name of the table counts: `process.hrtime` is not `process`. */
export const named = (name: string): Construct | undefined => {
  for (let end = name.length; end > 0; end = name.lastIndexOf(".", end - 1)) {
    const found = byName.get(name.slice(0, end))
    if (found !== undefined) return found
  }
  return name.startsWith("node:") && !computing.test(name) ? byName.get("node:") : undefined
}

// internal

const byName: ReadonlyMap<string, Construct> = new Map(
  constructs.flatMap((construct) => construct.names.map((name) => [name, construct] as const))
)

/** What of Node.js only computes: the same arguments, the same answer. */
const computing =
  /^node:(assert|buffer|events|path|punycode|querystring|string_decoder|url|util)(\/|\.|$)|^node:crypto(\.(create(Hash|Hmac)|hash|timingSafeEqual|constants)|$)/
