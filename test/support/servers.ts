/**
 * Real servers for tests: each test that needs one starts its own, on free ports of 127.0.0.1 with a folder of its own, and
 * it ends with the scope.
 *
 * A server that is not there is installed by `servers/install.sh`. Without Python, or Java, that is not possible: then the tests
 * are skipped by name, and with `CI=true` that is a failure.
 */
import { afterAll, beforeAll, describe } from "@effect/vitest"
import { Deferred, Effect, Exit, Schedule, Scope } from "effect"
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import {
  appendFileSync,
  chownSync,
  closeSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync
} from "node:fs"
import * as Net from "node:net"
import { homedir, tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** A server that runs. */
export interface Server {
  /** Where clients connect: `host:port`. */
  readonly address: string
  /** What it keeps; removed at the end of the scope. */
  readonly folder: string
  /** Ends it at once, with all that it had not written. */
  readonly kill9: Effect.Effect<void>
  /** Starts it again, on the same ports and data. */
  readonly restart: Effect.Effect<void>
}

/** A nats-server that runs. */
export interface NatsServer extends Server {
  /** Where it tells about itself: `http://host:port`. */
  readonly monitor: string
}

/** A sidecar of Dapr that runs. */
export interface DaprServer extends Server {
  /** Where it answers HTTP: `http://host:port`. */
  readonly url: string
  readonly pid: () => number
}

/** A Temporal development server that runs. */
export interface TemporalServer extends Server {
  /** Where it answers HTTP: `http://host:port`. */
  readonly http: string
  /** The program, which is a client too. */
  readonly binary: string
}

/** A PostgreSQL that runs. Its user `postgres` needs no password, unless told otherwise. */
export interface PostgresServer extends Server {
  /** Where clients connect, with user and database: `postgres://postgres@host:port/postgres`. */
  readonly url: string
  /** The process that all others of the server come from. */
  readonly pid: () => number
}

/** What a PostgreSQL is told. */
export interface PostgresOptions {
  /** Keeps its data in memory, where a test is of something else than the disk. The end of its process loses nothing there either. */
  readonly inMemory?: boolean
  /** Lines of `postgresql.conf`. */
  readonly config?: string
  /** Lines of `pg_hba.conf`, instead of trust in everybody. */
  readonly hba?: string
  /** The password of the user `postgres`. */
  readonly password?: string
  /** Calls back with the folder before the server starts, which belongs to the user `owner`. */
  readonly prepare?: (folder: string, owner: number | undefined) => void
}

/** What a nats-server is told. */
export interface NatsOptions {
  /** What stands in `jetstream { ... }` beside the folder; `sync_interval: always` unless told. False: no JetStream. */
  readonly jetstream?: string | false
  /** Further lines of the configuration. */
  readonly config?: string
}

/** Starts a nats-server. */
export const natsServer = Effect.fnUntraced(function* (
  options: NatsOptions = {}
): Effect.fn.Return<NatsServer, never, Scope.Scope> {
  const folder = yield* temporaryFolder("nats")
  const [port, monitor] = yield* freePorts(2)
  const { jetstream = "sync_interval: always", config = "" } = options
  const file = join(folder, "nats.conf")
  writeFileSync(
    file,
    [
      `listen: "127.0.0.1:${port}"`,
      `http: "127.0.0.1:${monitor}"`,
      jetstream === false ? "" : `jetstream { store_dir: "${folder}", ${jetstream} }`,
      config
    ].join("\n")
  )
  const control = yield* running(folder, binaries.nats, ["-c", file], answers(port!))
  return { ...control, folder, address: `127.0.0.1:${port}`, monitor: `http://127.0.0.1:${monitor}` }
})

/** Starts nats-servers that form a cluster. */
export const natsCluster = Effect.fnUntraced(function* (
  size: number
): Effect.fn.Return<ReadonlyArray<NatsServer>, never, Scope.Scope> {
  const ports = yield* freePorts(size)
  const routes = ports.map((port) => `nats-route://127.0.0.1:${port}`).join(", ")
  return yield* Effect.forEach(
    ports,
    (port, index) =>
      natsServer({
        config: `server_name: "server-${index}"\ncluster { name: tests, listen: "127.0.0.1:${port}", routes: [${routes}] }`
      }),
    { concurrency: size }
  )
})

/** Starts a Temporal development server. */
export const temporalServer = Effect.fnUntraced(function* (): Effect.fn.Return<TemporalServer, never, Scope.Scope> {
  const folder = yield* temporaryFolder("temporal")
  const [port, http] = yield* freePorts(2)
  // A server that is not ready yet may take a request and never answer it.
  const ready = Effect.promise(() =>
    fetch(`http://127.0.0.1:${http}/api/v1/namespaces/default`, { signal: AbortSignal.timeout(2000) }).then(
      ({ ok }) => ok,
      () => false
    )
  )
  const control = yield* running(
    folder,
    binaries.temporal,
    [
      ...["server", "start-dev", "--headless", "--log-level", "error", "--ip", "127.0.0.1"],
      ...["--port", String(port), "--http-port", String(http), "--db-filename", join(folder, "temporal.db")],
      // Three times as fast, and safe when the process dies.
      ...["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"],
      // Timers are up to a second late otherwise.
      ...["--dynamic-config-value", `history.timerProcessorMaxTimeShift="1ms"`],
      // A deletion waits until the server has saved that the execution is closed, which it does every 30 seconds otherwise.
      ...["--dynamic-config-value", `history.transferProcessorUpdateAckInterval="1s"`]
    ],
    ready
  )
  return {
    ...control,
    folder,
    address: `127.0.0.1:${port}`,
    http: `http://127.0.0.1:${http}`,
    binary: binaries.temporal
  }
})

/** Starts a PostgreSQL with a cluster of its own. */
export const postgresServer = Effect.fnUntraced(function* (
  options: PostgresOptions = {}
): Effect.fn.Return<PostgresServer, never, Scope.Scope> {
  const folder = yield* temporaryFolder("postgres", options.inMemory === true && existsSync(memory) ? memory : tmpdir())
  const data = join(folder, "data")
  const [port] = yield* freePorts(1)
  const binary = postgresBinary()!
  const owner = unprivileged()
  const { config = "", hba, password, prepare = () => {} } = options
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid)
  const file = join(folder, "password")
  writeFileSync(file, `${password ?? "none"}\n`, { mode: 0o644 })
  const initdb = [
    ...[join(binary, "..", "initdb"), "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"],
    ...["--auth=trust", `--pwfile=${file}`]
  ]
  const made = spawnSync(initdb[0]!, initdb.slice(1), { encoding: "utf8", cwd: folder, ...owner, env: postgresEnv() })
  if (made.status !== 0) return yield* Effect.die(new Error(`initdb failed: ${made.stderr}`))
  appendFileSync(
    join(data, "postgresql.conf"),
    [
      `\nlisten_addresses = '127.0.0.1'\nport = ${port}\nunix_socket_directories = ''`,
      // What a killed server leaves in memory is in its folder then.
      "max_connections = 200\nmax_wal_size = 256MB\ndynamic_shared_memory_type = mmap\n",
      config
    ].join("\n")
  )
  if (hba !== undefined) writeFileSync(join(data, "pg_hba.conf"), hba)
  prepare(data, owner?.uid)
  const accepts = Effect.sync(
    () => spawnSync(join(binary, "..", "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", String(port)]).status === 0
  )
  const { kill9, pid, restart } = yield* running(folder, binary, ["-D", data], accepts, {
    ...owner,
    env: postgresEnv(),
    // The processes of a killed server need a moment to find that it is gone.
    tries: 100,
    // At once, though not without removing what it has in memory.
    end: "SIGQUIT"
  })
  return {
    kill9,
    restart,
    pid,
    folder,
    address: `127.0.0.1:${port}`,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`
  }
})

/** Starts a Redis that writes to disk before it answers, or one that keeps nothing. */
export const redisServer = Effect.fnUntraced(function* ({
  inMemory = false,
  keeps = true
}: { readonly inMemory?: boolean; readonly keeps?: boolean } = {}): Effect.fn.Return<
  Server & { readonly pid: () => number },
  never,
  Scope.Scope
> {
  const folder = yield* temporaryFolder("redis", inMemory && existsSync(memory) ? memory : tmpdir())
  const [port] = yield* freePorts(1)
  const parameters = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""]
  const durable = keeps ? ["--appendonly", "yes", "--appendfsync", "always"] : []
  const control = yield* running(
    folder,
    redisBinary()!,
    [...parameters, ...durable],
    says(port!, "PING\r\n", "+PONG"),
    {
      env: environmentOf("redis")
    }
  )
  return { ...control, folder, address: `127.0.0.1:${port}` }
})

/** What a sidecar of Dapr is told. */
export interface DaprOptions {
  /** Keeps its data in memory, where a test is of something else than the disk. The end of its process loses nothing there either. */
  readonly inMemory?: boolean
  /** The address of a Redis for the component `redis`. */
  readonly redis?: string
  /** The API token that it wants. */
  readonly token?: string
  /** Further parameters. */
  readonly parameters?: ReadonlyArray<string>
}

/** Starts a sidecar of Dapr with the state stores `sqlite`, `memory` and, where there is a Redis, `redis`. */
export const daprServer = Effect.fnUntraced(function* (
  options: DaprOptions = {}
): Effect.fn.Return<DaprServer, never, Scope.Scope> {
  const folder = yield* temporaryFolder("daprd", options.inMemory === true && existsSync(memory) ? memory : tmpdir())
  const [port, grpc, internal] = yield* freePorts(3)
  const resources = join(folder, "resources")
  mkdirSync(resources)
  const component = (name: string, metadata: Readonly<Record<string, string>>) =>
    writeFileSync(
      join(resources, `${name}.yaml`),
      JSON.stringify({
        apiVersion: "dapr.io/v1alpha1",
        kind: "Component",
        metadata: { name },
        spec: {
          type: name === "memory" ? "state.in-memory" : `state.${name}`,
          version: "v1",
          metadata: Object.entries({ keyPrefix: "none", ...metadata }).map(([name, value]) => ({ name, value }))
        }
      })
    )
  component("sqlite", { connectionString: join(folder, "state.db") })
  component("memory", {})
  if (options.redis !== undefined) component("redis", { redisHost: options.redis })
  const { token } = options
  const ready = Effect.promise(() =>
    fetch(`http://127.0.0.1:${port}/v1.0/healthz/outbound`, { signal: AbortSignal.timeout(2000) }).then(
      ({ ok }) => ok,
      () => false
    )
  )
  const control = yield* running(
    folder,
    binaries.daprd,
    [
      ...["--app-id", "perdure", "--mode", "standalone", "--resources-path", resources, "--log-level", "warn"],
      ...["--enable-metrics=false", "--dapr-listen-addresses", "127.0.0.1", "--dapr-http-port", String(port)],
      ...["--dapr-grpc-port", String(grpc), "--dapr-internal-grpc-port", String(internal)],
      ...["--dapr-internal-grpc-listen-address", "127.0.0.1", ...(options.parameters ?? [])]
    ],
    ready,
    token === undefined ? {} : { env: { ...process.env, DAPR_API_TOKEN: token } }
  )
  return { ...control, folder, address: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}` }
})

/** Whether a server is there, without an attempt to install it. */
export const isInstalled = (server: keyof typeof binaries): boolean => binaryOf(server) !== undefined

/** Describes tests that need a server; skips them, with the reason in their title, where it cannot be had. */
export const describeWith = (server: keyof typeof binaries, title: string, tests: () => void): void => {
  const missing = why(server)
  if (missing !== undefined && process.env["CI"] === "true") throw new Error(`${title}: ${missing}`)
  const name = missing === undefined ? title : `${title} (skipped: ${missing})`
  describe.skipIf(missing !== undefined)(name, tests)
}

/** Starts a server before the tests that are being described and ends it after them. */
export const shared = <A>(start: Effect.Effect<A, never, Scope.Scope>): Effect.Effect<A> => {
  const scope = Scope.makeUnsafe()
  const server = Deferred.makeUnsafe<A>()
  beforeAll(() => Effect.runPromise(start.pipe(Scope.provide(scope), Deferred.into(server), Effect.asVoid)))
  afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))
  return Deferred.await(server)
}

// internal

const version = (name: string): string => {
  const found = new RegExp(`${name}_VERSION:=([^}]+)}`).exec(readFileSync(script("lib.sh"), "utf8"))
  return process.env[`${name}_VERSION`] ?? found![1]!
}

const script = (name: string): string => fileURLToPath(new URL(`../../servers/${name}`, import.meta.url))

const cache =
  process.env["PERDURE_CACHE"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "perdure")

/** Where Maven has put Kafka. */
export const kafkaHome = join(cache, `kafka-${version("KAFKA")}`)

const binaries = {
  nats: join(cache, `nats-${version("NATS")}`, "bin", "nats-server"),
  temporal: join(cache, `temporal-${version("TEMPORAL")}`, "bin", "temporal"),
  /** The mark that Maven's folder is complete; Java is that of the system. */
  kafka: join(kafkaHome, ".complete"),
  daprd: join(cache, `daprd-${version("DAPR")}`, "daprd"),
  /** Below the cache; that of the system comes first. */
  redis: join(cache, "redis", "usr/bin/redis-server"),
  /** Below the cache; that of the system comes first. */
  postgres: join(cache, `postgres-${version("POSTGRES")}`, `usr/lib/postgresql/${version("POSTGRES")}/bin/postgres`)
}

const binaryOf = (server: keyof typeof binaries): string | undefined => {
  if (server === "postgres") return postgresBinary()
  if (server === "redis") return redisBinary()
  if (server === "kafka" && spawnSync("java", ["-version"]).status !== 0) return undefined
  return existsSync(binaries[server]) ? binaries[server] : undefined
}

/** The newest PostgreSQL of the system, or the one that was installed below the cache. */
const postgresBinary = (): string | undefined =>
  globSync("/usr/lib/postgresql/*/bin/postgres")
    .toSorted((a, b) => Number(a.split("/")[4]) - Number(b.split("/")[4]))
    .at(-1) ?? (existsSync(binaries.postgres) ? binaries.postgres : undefined)

const redisBinary = (): string | undefined => {
  const [, found] = /^(.+)$/m.exec(spawnSync("which", ["redis-server"], { encoding: "utf8" }).stdout) ?? []
  return found ?? (existsSync(binaries.redis) ? binaries.redis : undefined)
}

const postgresEnv = (): NodeJS.ProcessEnv => environmentOf(`postgres-${version("POSTGRES")}`)

/** The environment of a program that was unpacked into a folder of the cache, with its libraries. */
const environmentOf = (folder: string): NodeJS.ProcessEnv => {
  const libraries = globSync(join(cache, folder, "usr/lib/*-linux-gnu*"))
  const path = [process.env["LD_LIBRARY_PATH"], ...libraries].filter((each) => each !== undefined).join(":")
  return path === "" ? process.env : { ...process.env, LD_LIBRARY_PATH: path }
}

/** The user `nobody` for root, as whom PostgreSQL refuses to run. */
const unprivileged = (): { readonly uid: number; readonly gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined
  const [, , uid, gid] = /^nobody:.*$/m.exec(readFileSync("/etc/passwd", "utf8"))![0].split(":")
  return { uid: Number(uid), gid: Number(gid) }
}

const noToolchain = 3

/** Why a server cannot run here, after an attempt to install it; `undefined` when it can. */
const why = (server: keyof typeof binaries): string | undefined => {
  if (binaryOf(server) !== undefined) return undefined
  // Building a sidecar takes minutes, which are over before its tests begin.
  if (server === "daprd" && process.env["CI"] !== "true") return "daprd is not built: npm run servers:install daprd"
  const { status, stderr } = spawnSync("bash", [script("install.sh"), server], { encoding: "utf8", timeout: 600_000 })
  if (status === 0) return undefined
  const said = stderr.trim().replaceAll("[servers] ", "")
  if (status === noToolchain) return said
  throw new Error(`installing ${server} failed: ${said}`)
}

/** Where Linux has files in memory, or a folder there. */
export const memory = process.env["PERDURE_MEMORY"] ?? "/dev/shm"

export const temporaryFolder = (name: string, parent = tmpdir()): Effect.Effect<string, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(parent, `perdure-${name}-`))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  )

/** Free ports, different ones. */
export const freePorts = (count: number): Effect.Effect<ReadonlyArray<number>> =>
  Effect.scoped(
    Effect.forEach(Array.from({ length: count }), () =>
      Effect.map(
        Effect.acquireRelease(
          Effect.callback<Net.Server>((resume) => {
            const server = Net.createServer().listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
          }),
          (server) => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
        ),
        (server) => (server.address() as Net.AddressInfo).port
      )
    )
  )

export const answers = (port: number): Effect.Effect<boolean> =>
  Effect.callback((resume) => {
    const socket = Net.connect(port, "127.0.0.1")
      .on("connect", () => resume(Effect.succeed(true)))
      .on("error", () => resume(Effect.succeed(false)))
      .on("connect", () => void socket.destroy())
  })

/** Whether what listens on a port answers a line with another one. */
const says = (port: number, line: string, answer: string): Effect.Effect<boolean> =>
  Effect.callback((resume) => {
    const socket = Net.connect(port, "127.0.0.1", () => socket.write(line))
      .on("data", (bytes) => {
        resume(Effect.succeed(bytes.toString().startsWith(answer)))
        socket.destroy()
      })
      .on("error", () => resume(Effect.succeed(false)))
  })

/** Runs a server for as long as the scope; the log is in its folder. */
export const running = Effect.fnUntraced(function* (
  folder: string,
  binary: string,
  parameters: ReadonlyArray<string>,
  ready: Effect.Effect<boolean>,
  {
    end = "SIGKILL",
    tries = 2,
    ...process
  }: {
    readonly uid?: number
    readonly gid?: number
    readonly env?: NodeJS.ProcessEnv
    readonly tries?: number
    readonly end?: NodeJS.Signals
  } = {}
) {
  let child: ChildProcess
  const log = join(folder, "log")
  const spawned = Effect.sync(() => {
    const output = openSync(log, "a")
    child = spawn(binary, parameters, { stdio: ["ignore", output, output], ...process })
    closeSync(output)
  })
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  const kill = (signal: NodeJS.Signals) =>
    Effect.callback<void>((resume) => {
      if (hasEnded()) return resume(Effect.void)
      child.once("exit", () => resume(Effect.void))
      child.kill(signal)
    })
  const kill9 = kill("SIGKILL")
  const isReady = ready.pipe(
    Effect.repeat({
      until: (ready) => ready || hasEnded(),
      schedule: Schedule.upTo(Schedule.spaced("50 millis"), { duration: "30 seconds" })
    })
  )
  // Again when it has ended or hangs, which happens to a development server once in a while.
  const start = Effect.andThen(spawned, isReady).pipe(
    Effect.map((ready) => ready && !hasEnded()),
    Effect.tap((ready) => (ready ? Effect.void : kill9)),
    Effect.repeat({
      until: (ready) => ready,
      times: tries,
      schedule: Schedule.spaced(tries === 2 ? "1 second" : "100 millis")
    }),
    Effect.flatMap((ready) => (ready ? Effect.void : notReady(binary, log)))
  )
  yield* Effect.acquireRelease(start, () => Effect.andThen(Effect.timeoutOption(kill(end), "5 seconds"), kill9))
  return { kill9, restart: Effect.andThen(kill9, start), pid: () => child.pid! }
})

const notReady = (binary: string, log: string) =>
  Effect.die(new Error(`${binary} was not ready in time:\n${readFileSync(log, "utf8").slice(-2000)}`))
