/** Brokers of Kafka for tests, as `servers.ts` has the other servers. */
import { Effect, type Scope } from "effect"
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Proxy, proxy } from "./proxy.ts"
import { answers, freePorts, kafkaHome, memory, running, type Server, temporaryFolder } from "./servers.ts"

/** A broker of Kafka that runs. */
export interface KafkaServer extends Server {
  readonly pid: () => number
}

/** What a Kafka is told. */
export interface KafkaOptions {
  /** Keeps its data in memory, where a test is of something else than the disk. The end of its process loses nothing there either. */
  readonly inMemory?: boolean
  /** Lines of `server.properties`, which may name files in the folder. */
  readonly config?: string | ((folder: string) => string)
  /** How clients and brokers speak: `PLAINTEXT` unless told. */
  readonly protocol?: "PLAINTEXT" | "SASL_SSL"
  /** Lines about listeners, instead of those of the protocol; told the own one. */
  readonly listeners?: (own: string, controller: string) => string
  /** Further parameters with which its folder is formatted, such as users. */
  readonly format?: ReadonlyArray<string>
  /** Calls back with the folder before the server starts. */
  readonly prepare?: (folder: string) => void
}

/** Starts a Kafka that is broker and controller in one. */
export const kafkaServer = (options: KafkaOptions = {}): Effect.Effect<KafkaServer, never, Scope.Scope> =>
  Effect.map(kafkaCluster(1, options), ([server]) => server!)

/** Starts a Kafka with a proxy in front: clients that begin there stay there. */
export const kafkaBehindProxy = Effect.fnUntraced(function* (): Effect.fn.Return<
  { readonly server: KafkaServer; readonly between: Proxy },
  never,
  Scope.Scope
> {
  const [port] = yield* freePorts(1)
  const between = yield* proxy(`127.0.0.1:${port}`)
  const config = (own: string, controller: string) =>
    [
      `listeners=${own},${controller},PROXIED://127.0.0.1:${port}`,
      `advertised.listeners=${own},PROXIED://${between.address}`,
      "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT"
    ].join("\n")
  const server = yield* kafkaServer({ inMemory: true, listeners: config })
  return { server, between }
})

/** Starts brokers of Kafka, of which each is a controller too. */
export const kafkaCluster = Effect.fnUntraced(function* (
  size: number,
  options: KafkaOptions = {}
): Effect.fn.Return<ReadonlyArray<KafkaServer>, never, Scope.Scope> {
  const ports = yield* freePorts(2 * size)
  const quorum = Array.from({ length: size }, (_, node) => `${node + 1}@127.0.0.1:${ports[size + node]}`).join(",")
  return yield* Effect.forEach(
    ports.slice(0, size),
    (port, node) => kafkaNode({ node: node + 1, port, controller: ports[size + node]!, quorum, size, ...options }),
    { concurrency: size }
  )
})

// internal

/** What runs a class of Kafka. */
const javaOf = (main: string): ReadonlyArray<string> => [
  ...["-Xms64m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"],
  `-Dlog4j2.configurationFile=${join(kafkaHome, "log4j2.yaml")}`,
  ...["-cp", join(kafkaHome, "libs", "*"), main]
]

interface KafkaNode extends KafkaOptions {
  readonly node: number
  readonly port: number
  readonly controller: number
  readonly quorum: string
  readonly size: number
}

const kafkaNode = Effect.fnUntraced(function* (options: KafkaNode) {
  const folder = yield* temporaryFolder("kafka", options.inMemory === true && existsSync(memory) ? memory : tmpdir())
  const file = join(folder, "server.properties")
  options.prepare?.(folder)
  writeFileSync(file, kafkaProperties(folder, options))
  const format = [
    ...[...javaOf("kafka.tools.StorageTool"), "format", "-t", "AAAAAAAAAAAAAAAAAAAAAQ", "-c", file],
    ...(options.format ?? [])
  ]
  const made = spawnSync("java", format, { encoding: "utf8", timeout: 60_000 })
  if (made.status !== 0) return yield* Effect.die(new Error(`formatting failed: ${made.stdout}${made.stderr}`))
  const log = join(folder, "log")
  // The log is that of all its lives, so an earlier one says nothing.
  let begun = 0
  const ready = Effect.map(answers(options.port), (answers) => {
    const text = existsSync(log) ? readFileSync(log, "utf8") : ""
    const lives = text.split("Kafka Server started").length - 1
    if (!answers || lives <= begun) return false
    begun = lives
    return true
  })
  const control = yield* running(folder, "java", [...javaOf("kafka.Kafka"), file], ready)
  return { ...control, folder, address: `127.0.0.1:${options.port}` }
})

const kafkaProperties = (folder: string, options: KafkaNode): string => {
  const { config = "", controller, node, port, protocol = "PLAINTEXT", quorum, size } = options
  const copies = Math.min(size, 3)
  const own = `${protocol}://127.0.0.1:${port}`
  return [
    `process.roles=broker,controller\nnode.id=${node}\ncontroller.quorum.voters=${quorum}`,
    `listeners=${own},CONTROLLER://127.0.0.1:${controller}`,
    `advertised.listeners=${protocol}://127.0.0.1:${port}`,
    `controller.listener.names=CONTROLLER\ninter.broker.listener.name=${protocol}`,
    `listener.security.protocol.map=${protocol}:${protocol},CONTROLLER:PLAINTEXT`,
    `log.dirs=${join(folder, "logs")}\nauto.create.topics.enable=false`,
    `offsets.topic.num.partitions=1\noffsets.topic.replication.factor=${copies}`,
    `transaction.state.log.num.partitions=1\ntransaction.state.log.replication.factor=${copies}`,
    "transaction.state.log.min.isr=1\ngroup.initial.rebalance.delay.ms=0",
    // A killed broker comes back in seconds.
    "broker.session.timeout.ms=2000\nbroker.heartbeat.interval.ms=250",
    // The cleaner works often, in little memory.
    "log.cleaner.backoff.ms=500\nlog.cleaner.dedupe.buffer.size=8388608",
    "log.retention.check.interval.ms=1000\nlog.initial.task.delay.ms=500",
    options.listeners?.(own, `CONTROLLER://127.0.0.1:${controller}`) ?? "",
    typeof config === "string" ? config : config(folder)
  ].join("\n")
}
