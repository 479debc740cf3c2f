/**
 * PostgreSQL, which waits for the disk before it acknowledges: steps a second and the transactions of a step, what is asked while all
 * sleep, and how soon a change is heard.
 */
import { fileURLToPath } from "node:url"
import * as PgClient from "@effect/sql-pg/PgClient"
import { Console, Effect, Fiber, Layer, Redacted, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Postgres from "perdure/Store/Postgres"
import { after, freshId, start } from "../../test/suites/store/builders.ts"
import { type PostgresServer, postgresServer } from "../../test/support/servers.ts"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Workload from "../Workload.ts"

/** Steps a second with so many executions in flight, against commits of one row over as many connections of the same client. */
export const postgres = (name: string, fibers: number, factor: number, mostTransactions: number) =>
  onServer(
    name,
    Effect.fnUntraced(function* (server) {
      const client = yield* connect(server, Math.min(fibers, 64))
      const commits = yield* makeCommits(client, fibers)
      const context = yield* Layer.build(Workload.layer().pipe(Layer.provide(storeOf(server))))
      const subject = Effect.gen(function* () {
        const before = yield* transactions(client)
        const sample = yield* Effect.provideContext(Workload.steps(fibers), context)
        const steps = sample.rate * sampleSeconds
        return { ...sample, transactions: ((yield* transactions(client)) - before) / steps }
      })
      const rounds = yield* Meter.rounds(Effect.all({ before: commits, subject, after: commits }))
      const rate = ({ after, before }: (typeof rounds)[number]) => (before.rate + after.rate) / 2
      const round = Figure.median(rounds, (round) => round.subject.rate / rate(round))
      const reference = { name: "raw one-row commits, as many connections", value: rate(round), unit: "commits/s" }
      const value = round.subject.rate
      return [
        Figure.make({ name, value, unit: "steps/s", atLeast: factor * reference.value, reference }),
        Figure.make({
          name: `${name}-transactions`,
          value: round.subject.transactions,
          unit: "/step",
          atMost: mostTransactions
        })
      ]
    })
  )

/** Statements a second while 1,000 executions sleep for a day. */
export const postgresIdle = (name: string, atMost: number) =>
  onServer(
    name,
    Effect.fnUntraced(function* (server) {
      const client = yield* connect(server, 1)
      const context = yield* Layer.build(Workload.layer().pipe(Layer.provide(storeOf(server))))
      yield* Workload.startMany(1000, (options) => Workload.Sleeping.start(undefined, options)).pipe(
        Effect.provideContext(context)
      )
      // Connections tell what they have done when they have been idle for ten seconds.
      yield* Effect.sleep("11 seconds")
      const before = yield* statements(client)
      yield* Effect.sleep(idleSeconds * 1000)
      const value = ((yield* statements(client)) - before) / idleSeconds
      return [Figure.make({ name, value, unit: "statements/s", atMost })]
    })
  )

/** The time from the beginning of a save to when another store has told its listener. */
export const postgresHeard = (name: string, atMost: number) =>
  onServer(
    name,
    Effect.fnUntraced(function* (server) {
      const [one, two] = yield* Effect.replicateEffect(Postgres.make({ url: Redacted.make(server.url) }), 2)
      const heard = new Map<number, number>()
      const id = freshId()
      const listening = yield* two!.changes.pipe(
        Stream.runForEach((changes) =>
          Effect.sync(() => changes.forEach(({ version }) => heard.set(version, performance.now())))
        ),
        Effect.forkScoped
      )
      yield* Effect.sleep("500 millis")
      let commit = start(id)
      const began = new Map<number, number>()
      for (let count = 0; count < 1000; count++) {
        began.set(commit.version, performance.now())
        yield* one!.save(commit)
        commit = after(commit.summary)
        yield* Effect.sleep("2 millis")
      }
      yield* Effect.sleep("500 millis")
      yield* Fiber.interrupt(listening)
      const all = [...began].map(([version, at]) => (heard.get(version) ?? Number.POSITIVE_INFINITY) - at)
      const sorted = all.slice(100).toSorted((a, b) => a - b)
      const [p50, p99] = [0.5, 0.99].map((share) => sorted[Math.floor(share * sorted.length)]!)
      return [
        Figure.make({ name: `${name}-p50`, value: p50!, unit: "ms" }),
        Figure.make({ name: `${name}-p99`, value: p99!, unit: "ms", atMost })
      ]
    })
  )

// internal

const installer = fileURLToPath(import.meta.resolve("../../servers/install.sh"))

/** How long a sample of steps takes. */
const sampleSeconds = 1

const idleSeconds = 10

/** Runs a bench with a server of its own, where one can be had. */
const onServer = Effect.fnUntraced(function* <E, R>(
  name: string,
  bench: (server: PostgresServer) => Effect.Effect<ReadonlyArray<Figure.Figure>, E, R>
) {
  const spawner = yield* ChildProcessSpawner
  if ((yield* spawner.exitCode(ChildProcess.make("bash", [installer, "postgres"]))) !== 0) {
    yield* Console.error(`${name} is skipped: there is no PostgreSQL, nor apt to install it with`)
    return []
  }
  return yield* bench(yield* postgresServer())
})

const storeOf = ({ url }: PostgresServer) => Postgres.layer({ url: Redacted.make(url) })

const connect = ({ url }: PostgresServer, connections: number) =>
  PgClient.make({ url: Redacted.make(url), minConnections: connections, maxConnections: connections }).pipe(
    Effect.provide(Reactivity.layer)
  )

/** Inserts of one row, each a transaction: how many a second. */
const makeCommits = Effect.fnUntraced(function* (client: PgClient.PgClient, fibers: number) {
  yield* client.unsafe(
    "CREATE TABLE raw (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, data text NOT NULL)"
  )
  const data = "x".repeat(200)
  const insert = client`INSERT INTO raw (data) VALUES (${data})`
  return Meter.sample(Meter.repeatFor({ milliseconds: 500, fibers, effect: insert }))
})

/** The number of the next transaction that writes. */
const transactions = (client: PgClient.PgClient) =>
  Effect.map(client<{ readonly next: string }>`SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next`, ([row]) =>
    Number(row!.next)
  )

const statements = (client: PgClient.PgClient) =>
  Effect.map(
    client<{ readonly done: string }>`
      SELECT (xact_commit + xact_rollback)::text AS done FROM pg_stat_database WHERE datname = current_database()
    `,
    ([row]) => Number(row!.done)
  )
