/** The store of the demo: a SQLite file, a PostgreSQL, a NATS, a Kafka, a sidecar of Dapr, or a server of Inngest or a double of it. */
import { join } from "node:path"
import { parseArgs } from "node:util"
import { Effect, FileSystem, Schema, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"

/** A store, and how processes are told of it. */
export interface Chosen {
  readonly name: string
  readonly env: Record<string, string>
}

class NoStore extends Schema.TaggedError<NoStore>()("NoStore", { detail: Schema.String }) {
  override get message() {
    return this.detail
  }
}

/** Chooses the store that the command names. What it starts ends with the scope. */
export const choose = Effect.fn("choose")(function* (folder: string) {
  const { values } = parseArgs({ options: { store: { type: "string", default: "sqlite" }, url: { type: "string" } } })
  switch (values.store) {
    case "sqlite":
      return {
        name: "one SQLite file",
        env: { PERDURE_STORE: "sqlite", PERDURE_STORE_URL: join(folder, "orders.db") }
      } satisfies Chosen
    case "postgres": {
      const url = values.url ?? (yield* startPostgres(folder))
      // The orders of another run are none of this one.
      const schema = `demo_${process.pid}_${Math.trunc(performance.timeOrigin)}`
      return {
        name: "one PostgreSQL",
        env: { PERDURE_STORE: "postgres", PERDURE_STORE_URL: url, PERDURE_STORE_SCHEMA: schema }
      } satisfies Chosen
    }
    case "nats": {
      const servers = values.url ?? (yield* start(folder, "nats", "nats-server"))
      const env = {
        PERDURE_STORE: "nats",
        PERDURE_STORE_URL: servers,
        PERDURE_STORE_BUCKET: `demo_${process.pid}_${Math.trunc(performance.timeOrigin)}`,
        // The one that is started here waits for its disk. Of others the environment says so, or where to ask.
        ...(values.url === undefined ? { PERDURE_STORE_SYNC_INTERVAL: "always" } : {})
      }
      return { name: "one nats-server", env } satisfies Chosen
    }
    case "kafka": {
      const brokers = values.url ?? (yield* start(folder, "kafka", "a broker of Kafka"))
      const env = {
        PERDURE_STORE: "kafka",
        PERDURE_STORE_URL: brokers,
        PERDURE_STORE_TOPIC: `demo-${process.pid}-${Math.trunc(performance.timeOrigin)}`,
        // The one that is started here is alone.
        ...(values.url === undefined ? { PERDURE_STORE_REPLICAS: "1" } : {})
      }
      return { name: "one broker of Kafka", env } satisfies Chosen
    }
    case "dapr": {
      const url = values.url ?? `http://${yield* start(folder, "daprd", "a sidecar of Dapr")}`
      const prefix = `demo-${process.pid}-${Math.trunc(performance.timeOrigin)}`
      return {
        name: "one sidecar of Dapr",
        env: { PERDURE_STORE: "dapr", PERDURE_STORE_URL: url, PERDURE_STORE_PREFIX: prefix }
      } satisfies Chosen
    }
    case "inngest": {
      const { INNGEST_BASE_URL, INNGEST_EVENT_KEY, INNGEST_SIGNING_KEY } = process.env
      const named = values.url ?? INNGEST_BASE_URL
      const url = named ?? (yield* startDouble(folder))
      const env = {
        PERDURE_STORE: "inngest",
        PERDURE_STORE_URL: url,
        PERDURE_STORE_PREFIX: `demo-${process.pid}-${Math.trunc(performance.timeOrigin)}`,
        // The orders wait for an approval for 7 days at most, and their first event must be there then.
        PERDURE_STORE_RETENTION: "30 days",
        // The second worker takes the place of the one that was killed.
        PERDURE_STORE_LEASE: "3 seconds",
        ...(INNGEST_EVENT_KEY === undefined ? {} : { PERDURE_STORE_EVENT_KEY: INNGEST_EVENT_KEY }),
        ...(INNGEST_SIGNING_KEY === undefined ? {} : { PERDURE_STORE_SIGNING_KEY: INNGEST_SIGNING_KEY })
      }
      const double =
        "a double of a server of Inngest, which no package has (--url or INNGEST_BASE_URL names a real one)"
      return { name: named === undefined ? double : "one server of Inngest", env } satisfies Chosen
    }
    default:
      return yield* new NoStore({
        detail: `the demo runs on sqlite, postgres, nats, kafka, dapr or inngest, and not on ${values.store}`
      })
  }
})

// internal

const servers = join(import.meta.dirname, "../../servers")

const startPostgres = Effect.fn("startPostgres")(function* (folder: string) {
  // PostgreSQL runs as another user where this is root.
  yield* Effect.flatMap(FileSystem.FileSystem, (files) => files.chmod(folder, 0o755))
  return `postgres://postgres@${yield* start(folder, "postgres", "PostgreSQL")}/postgres`
})

/** Starts the double on which the tests run; returns its address. */
const startDouble = Effect.fn("startDouble")(function* (folder: string) {
  const double = join(import.meta.dirname, "../../test/support/inngestDouble.ts")
  const options = { stdin: "ignore", stderr: "inherit", killSignal: "SIGKILL" } as const
  const { stdout } = yield* ChildProcess.make(process.execPath, [double, "0", folder], options)
  const port = yield* stdout.pipe(Stream.decodeText, Stream.splitLines, Stream.take(1), Stream.mkString)
  if (port === "") return yield* new NoStore({ detail: "the double of a server of Inngest does not start" })
  return `http://127.0.0.1:${port}`
})

/** Starts a server, which ends with the scope; returns its address. */
const start = Effect.fn("start")(function* (
  folder: string,
  server: "postgres" | "nats" | "kafka" | "daprd",
  name: string
) {
  const spawner = yield* ChildProcessSpawner
  const env = {
    PERDURE_RUN: join(folder, "run"),
    POSTGRES_PORT: "0",
    NATS_PORT: "0",
    KAFKA_PORT: "0",
    KAFKA_CONTROLLER_PORT: "0",
    DAPRD_PORT: "0",
    DAPRD_GRPC_PORT: "0",
    DAPRD_INTERNAL_PORT: "0"
  }
  const bash = (script: string, ...words: ReadonlyArray<string>) =>
    ChildProcess.make("bash", [join(servers, script), ...words], { env, extendEnv: true, stderr: "ignore" })
  if ((yield* spawner.exitCode(bash("install.sh", server))) !== 0) {
    return yield* new NoStore({ detail: `there is no ${name} here; name one with --url` })
  }
  yield* Effect.addFinalizer(() => Effect.ignore(spawner.exitCode(bash("servers.sh", "stop", server))))
  const address = (yield* spawner.string(bash("servers.sh", "start", server))).trim()
  if (address === "") return yield* new NoStore({ detail: `${name} does not start` })
  return address
})
