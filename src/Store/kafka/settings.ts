/**
 * The topic and its settings. A setting under which the fold would be wrong is refused; one under which acknowledged commits may be lost
 * is refused too, unless the user accepts it.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Guarantees, Unavailable, Unsupported } from "../WorkflowStore.ts"
import { liveClock } from "../../internal/liveClock.ts"
import type { Client, Failure, Topic } from "./Client.ts"

/** What the settings must allow. */
export interface Demands {
  readonly topic: string
  readonly partitions: number
  readonly replicas: number
  readonly maxCommitBytes: number
  readonly unsafe: boolean
}

/** A topic that the store can work with. */
export interface Opened {
  readonly partitions: number
  readonly durability: Guarantees["durability"]
  /** For how many milliseconds a record stays where it is, whatever comes after it. */
  readonly lag: number
  /** For how many milliseconds a tombstone stays. */
  readonly retention: number
}

/** Opens the topic, creating it when there is none. */
export const open = Effect.fnUntraced(function* (client: Client, demands: Demands): Effect.fn.Return<Opened, Failure> {
  const topic = yield* found(client, demands)
  const broken = unusable(topic, demands)
  if (broken !== undefined) return yield* refuse(demands, broken)
  const losses = lossesOf(topic)
  const isSynced = topic.settings.get("flush.messages") === "1"
  const isCopied = topic.replicas > 1 && number(topic, "min.insync.replicas") > 1
  const risks = [...losses, ...fewCopies(topic, demands), ...(isSynced || isCopied ? [] : [unsynced(topic)])]
  if (risks.length > 0 && !demands.unsafe) return yield* refuse(demands, `${risks.join("; ")}; or pass unsafe: true`)
  return {
    partitions: topic.partitions,
    durability: losses.length > 0 ? "none" : isCopied ? "replicated" : isSynced ? "disk" : "process",
    lag: number(topic, "min.compaction.lag.ms"),
    retention: number(topic, "delete.retention.ms")
  }
})

// internal

/** What a topic is created with, whatever its number of copies. */
const wanted = {
  "cleanup.policy": "compact",
  "message.timestamp.type": "LogAppendTime",
  "min.compaction.lag.ms": "60000",
  "delete.retention.ms": "86400000",
  "unclean.leader.election.enable": "false"
}

/** What is read of a topic that is there. */
const names = [...Object.keys(wanted), "min.insync.replicas", "max.message.bytes", "flush.messages", "compression.type"]

// A batch of small records, or one commit with its summary.
const room = 2 * 1024 * 1024
const leastLag = 10_000
const leastRetention = 3_600_000
const tries = 20
const pause = Duration.millis(250)

const found = Effect.fnUntraced(function* (client: Client, demands: Demands): Effect.fn.Return<Topic, Failure> {
  const there = yield* client.describe(names)
  if (there !== undefined) return there
  const { maxCommitBytes, partitions, replicas } = demands
  const durable: Readonly<Record<string, string>> =
    replicas > 1 ? { "min.insync.replicas": String(Math.ceil((replicas + 1) / 2)) } : { "flush.messages": "1" }
  const settings = { ...wanted, ...durable, "max.message.bytes": String(maxCommitBytes + room) }
  // Another process may have created it meanwhile, with settings of its own.
  const created = yield* Effect.result(client.create({ partitions, replicas, settings }))
  for (let count = 1; ; count++) {
    const topic = yield* client.describe(names)
    if (topic !== undefined && topic.partitions > 0) return topic
    if (created._tag === "Failure") return yield* notCreated(demands, created.failure)
    if (count === tries) return yield* new Unavailable({ cause: new Error("the topic that was created is not there") })
    yield* liveClock.sleep(pause)
  }
})

/** A broker says why it does not create a topic; that is no outage. */
const notCreated = (demands: Demands, failure: Failure): Effect.Effect<never, Failure> => {
  const said = failure._tag === "Unavailable" && failure.cause instanceof Error ? failure.cause.message : ""
  return /replication|policy|authoriz/i.test(said)
    ? refuse(demands, `it could not be created: ${said}`)
    : Effect.fail(failure)
}

const refuse = ({ topic }: Demands, detail: string): Effect.Effect<never, Unsupported> =>
  Effect.fail(new Unsupported({ detail: `the topic ${topic}: ${detail}` }))

const number = ({ settings }: Topic, name: string): number => Number(settings.get(name) ?? 0)

/** Why the store cannot work with a topic at all. */
const unusable = (topic: Topic, { maxCommitBytes }: Demands): string | undefined => {
  const { settings } = topic
  for (const name of ["cleanup.policy", "message.timestamp.type"] as const) {
    if (settings.get(name) !== wanted[name]) return `set ${name} to ${wanted[name]}; it is ${settings.get(name)}`
  }
  const compression = settings.get("compression.type") ?? "producer"
  if (!["producer", "uncompressed", "gzip"].includes(compression))
    return `set compression.type to producer; it is ${compression}`
  const needed = maxCommitBytes + room
  const largest = number(topic, "max.message.bytes")
  return largest >= needed
    ? undefined
    : `set max.message.bytes to ${needed} or more, or maxCommitBytes to less; it is ${largest}`
}

/** Settings by which a topic loses what it acknowledged, or a fold is wrong when its process was slow. */
const lossesOf = (topic: Topic): ReadonlyArray<string> => {
  const losses: Array<string> = []
  if (topic.settings.get("unclean.leader.election.enable") !== "false") {
    losses.push("set unclean.leader.election.enable to false; a broker that lags behind may lead otherwise")
  }
  for (const [name, least] of [
    ["min.compaction.lag.ms", leastLag],
    ["delete.retention.ms", leastRetention]
  ] as const) {
    const found = number(topic, name)
    if (found < least)
      losses.push(`set ${name} to ${least} or more; it is ${found}, and a slow process may miss what is gone`)
  }
  return losses
}

const fewCopies = ({ replicas: found }: Topic, { replicas }: Demands): ReadonlyArray<string> =>
  found < replicas
    ? [`it has ${found} copies and not ${replicas}: move it to more brokers, or set replicas to ${found}`]
    : []

const unsynced = (topic: Topic): string =>
  topic.replicas > 1
    ? `set min.insync.replicas to 2 or more; it is ${number(topic, "min.insync.replicas")}, so one broker alone may have acknowledged`
    : "set flush.messages to 1, because the one broker acknowledges before it writes to disk otherwise"
