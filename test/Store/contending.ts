/** Processes that write to the same executions of one server, and what their logs must agree on with what is stored. */
import { assert, it } from "@effect/vitest"
import { type Cause, Console, type Duration, Effect, Fiber, type Scope } from "effect"
import type { StoreError } from "perdure/Store/WorkflowStore"
import { freshId, loaded, save, start, type Store } from "../suites/store/builders.ts"
import * as Processes from "../support/Processes.ts"
import type { Server } from "../support/servers.ts"

type Line = ReadonlyArray<string>

/** Processes at work. */
export interface Contest {
  /** How many versions have been won, as far as they have said. */
  readonly won: () => number
  /** Kills the oldest of them, and starts another one in its place. */
  readonly replace: Effect.Effect<void, Cause.Done, Scope.Scope>
  /** Stops one of them for a time, another one each time. */
  readonly freeze: (time: Duration.Input) => Effect.Effect<void>
  /** Kills all of them, or waits until they have ended, and holds what they said against what is stored. */
  readonly end: (how: "kill" | "wait") => Effect.Effect<void, StoreError, Scope.Scope>
}

/** A kind of server, and how processes and the test itself reach it. */
export interface Place<S extends Server> {
  readonly start: Effect.Effect<S, never, Scope.Scope>
  /** Which store a process is to use, and where. */
  readonly arguments: (server: S) => ReadonlyArray<string>
  readonly open: (server: S) => Effect.Effect<Store, StoreError, Scope.Scope>
}

/** Starts processes that each append so many commits to each of some executions. */
const begin = Effect.fnUntraced(function* <S extends Server>(
  place: Place<S>,
  server: S,
  { count, executions, processes }: { readonly count: number; readonly executions: number; readonly processes: number }
) {
  const ids = Array.from({ length: executions }, (_, index) => freshId(String(index)))
  // Where one process writes it is one of those, so this one has closed its store when they come.
  yield* place.open(server).pipe(
    Effect.flatMap((store) => Effect.forEach(ids, (id) => save(store, start(id)), { concurrency: "unbounded" })),
    Effect.scoped
  )
  const lines: Array<Line> = []
  const killed = new Set<string>()
  let names = 0
  const run = Effect.gen(function* () {
    const name = `writer-${names++}`
    const process = yield* Processes.start("../Store/contendProgram.ts", [
      ...place.arguments(server),
      name,
      String(count),
      ...ids
    ])
    assert.deepStrictEqual(yield* process.line, ["ready"])
    const reading = yield* Effect.forkScoped(
      Effect.ignore(Effect.forever(Effect.map(process.line, (line) => lines.push(line))))
    )
    return { name, process, reading }
  })
  const writers = yield* Effect.replicateEffect(run, processes)
  return {
    won: () => lines.filter(([word]) => word === "won").length,
    replace: Effect.gen(function* () {
      const { name, process } = writers.shift()!
      killed.add(name)
      yield* process.kill
      writers.push(yield* run)
    }),
    freeze: Effect.fnUntraced(function* (time) {
      const writer = writers.shift()!
      process.kill(writer.process.pid, "SIGSTOP")
      yield* Effect.sleep(time)
      process.kill(writer.process.pid, "SIGCONT")
      writers.push(writer)
    }),
    end: Effect.fnUntraced(function* (how) {
      for (const { name, process, reading } of writers) {
        if (how === "kill") {
          killed.add(name)
          yield* process.kill
        }
        yield* Fiber.join(reading)
      }
      const store = yield* place.open(server)
      yield* Effect.forEach(ids, (id) => agree(store, id, lines, killed))
    })
  } satisfies Contest as Contest
})

/** How often a server is killed unless told: `SERVER_KILLS`. */
export const usualKills = Number(process.env["SERVER_KILLS"] ?? 20)

/** Defines the tests of processes that contend on a server, with it or one of them killed in the middle. */
export const contests = <S extends Server>(
  place: Place<S>,
  server: Effect.Effect<S>,
  {
    kills = usualKills,
    seconds = 10,
    writers = 6
  }: { readonly kills?: number; readonly seconds?: number; readonly writers?: number } = {}
): void => {
  it.live(
    "2. four processes append to the same executions: each version is won once, and the logs of all agree",
    () =>
      Effect.gen(function* () {
        const contest = yield* begin(place, yield* server, { processes: 4, executions: 24, count: 15 })
        yield* contest.end("wait")
        assert.strictEqual(contest.won(), 4 * 24 * 15)
      }).pipe(Effect.scoped),
    240_000
  )

  it.live(
    `5. writers that are killed ${writers} times lose nothing that they were told is stored`,
    () =>
      Effect.gen(function* () {
        const contest = yield* begin(place, yield* server, { processes: 3, executions: 12, count: endless })
        for (let kill = 0; kill < writers; kill++) {
          yield* progress(contest, 30)
          yield* contest.replace
        }
        yield* contest.end("kill")
      }).pipe(Effect.scoped),
    240_000
  )

  it.live(
    `5. the server that is killed ${kills} times under load, with writers beside it, keeps every acknowledged commit`,
    () => Effect.scoped(killedUnderLoad(place, kills)),
    120_000 + kills * seconds * 1000
  )
}

/** Waits until so many more versions were won. */
const progress = Effect.fnUntraced(function* ({ won }: Contest, more: number) {
  const wanted = won() + more
  yield* Effect.sleep("10 millis").pipe(Effect.repeat({ until: () => won() >= wanted }), Effect.timeout("60 seconds"))
})

/** More commits than there is time for. */
const endless = 1_000_000

/** Kills a server again and again while processes write to it, and one of those now and then; what they were told must be so. */
export const killedUnderLoad = Effect.fnUntraced(function* <S extends Server>(place: Place<S>, kills: number) {
  const server = yield* place.start
  const contest = yield* begin(place, server, { processes: 3, executions: 12, count: endless })
  for (let kill = 0; kill < kills; kill++) {
    yield* progress(contest, 30)
    yield* server.kill9
    // Now and then a writer too, whose successor comes while the server recovers.
    yield* kill % 5 === 4 ? Effect.all([server.restart, contest.replace], { concurrency: 2 }) : server.restart
  }
  yield* progress(contest, 30)
  yield* contest.end("kill")
  yield* Console.log(`${kills} kills of the server: ${contest.won()} commits were acknowledged, none was lost`)
})

/** Stops a process for a time, again and again, while all write to a server. */
export const frozenUnderLoad = Effect.fnUntraced(function* <S extends Server>(
  place: Place<S>,
  times: number,
  time: Duration.Input
) {
  const contest = yield* begin(place, yield* place.start, { processes: 3, executions: 12, count: endless })
  for (let count = 0; count < times; count++) {
    yield* progress(contest, 30)
    yield* contest.freeze(time)
  }
  yield* progress(contest, 30)
  yield* contest.end("kill")
  yield* Console.log(`${times} times frozen: ${contest.won()} commits were acknowledged, none was lost`)
})

// internal

/** The log of each process that was not killed is complete, so what is stored and was not said to be is of one that was. */
const agree = Effect.fnUntraced(function* (
  store: Store,
  id: ReturnType<typeof freshId>,
  lines: ReadonlyArray<Line>,
  killed: ReadonlySet<string>
) {
  const { commits, summary } = yield* loaded(store, id)
  assert.deepStrictEqual(
    commits.map(({ version }) => Number(version)),
    Array.from({ length: summary.version }, (_, index) => index + 1)
  )
  const stored = new Map(commits.map((commit) => [commit.id, Number(commit.version)]))
  assert.strictEqual(stored.size, commits.length, "a commit is there twice")
  const said = lines.filter(([, of]) => of === id)
  const won = new Map(said.flatMap(([word, , version, commit]) => (word === "won" ? [[commit!, Number(version)]] : [])))
  assert.strictEqual(new Set(won.values()).size, won.size, "a version was won twice")
  for (const [commit, version] of won) assert.strictEqual(stored.get(commit), version, `${commit} was won and lost`)
  for (const [word, , , commit] of said)
    if (word === "lost") assert.isFalse(stored.has(commit!), `${commit} was stored`)
  for (const [commit, version] of stored) {
    if (version === 1 || won.has(commit)) continue
    assert.isTrue(killed.has(commit.split(":")[0]!), `${commit} is stored, and its writer does not know`)
  }
})
