/**
 * The settings of servers and buckets that the laws of stores need, and what follows from those found.
 *
 * A client of NATS can ask for the settings of a stream, but not whether the servers sync what they write: that is told by
 * their monitoring ports alone, so those are asked, or the user states it.
 */
import type { StreamConfig, StreamInfo } from "@nats-io/jetstream"
import { DiscardPolicy, JetStreamApiCodes, JetStreamApiError, RetentionPolicy, StorageType } from "@nats-io/jetstream"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { shown } from "../../internal/options.ts"
import { type Guarantees, Unavailable, Unsupported } from "../WorkflowStore.ts"
import * as Address from "./address.ts"
import { Bucket } from "./Bucket.ts"
import type { Connection } from "./Connection.ts"

/** What is asked of servers and buckets. */
export interface Demands {
  readonly replicas: number
  readonly maxCommitBytes: number
  /** The addresses of monitoring ports. */
  readonly monitor: ReadonlyArray<string>
  /** The user states that the servers sync every write. */
  readonly stated: boolean
  readonly unsafe: boolean
}

/** Opens the bucket of executions, creating it when there is none; returns how durable it is. */
export const openExecutions = Effect.fnUntraced(function* (
  connection: Connection,
  name: string,
  demands: Demands
): Effect.fn.Return<
  { readonly bucket: Bucket; readonly durability: Guarantees["durability"] },
  Unavailable | Unsupported
> {
  yield* checkServer(connection, demands)
  const bucket = new Bucket(connection, name)
  const info = yield* openStream(bucket, executionsConfig(bucket, demands.replicas))
  const broken = unusable(info.config)
  if (broken !== undefined) return yield* unsupported(bucket, broken)
  const synced = demands.stated || (yield* everyWriteSynced(connection, info, demands.monitor))
  const losses = lossesOf(info.config)
  const risks = [
    ...losses,
    ...fewReplicas(info.config, demands.replicas),
    ...(synced ? [] : [unsynced(demands.monitor)])
  ]
  if (risks.length > 0 && !demands.unsafe) {
    return yield* unsupported(bucket, `${risks.join("; ")}; or pass unsafe: true`)
  }
  const kept = info.config.num_replicas > 1 ? "replicated" : "disk"
  return { bucket, durability: losses.length > 0 ? "none" : synced ? kept : "process" }
})

/** Opens a bucket of the latest messages of its keys, of workers or of details, creating it when there is none. */
export const openLatest = Effect.fnUntraced(function* (connection: Connection, name: string, replicas: number) {
  const bucket = new Bucket(connection, name)
  const info = yield* openStream(bucket, { ...common(bucket, replicas), max_msgs_per_subject: 1 })
  const broken = unmet(info.config, { allow_direct: true, allow_msg_ttl: true, allow_rollup_hdrs: true })
  return broken === undefined ? bucket : yield* unsupported(bucket, broken)
})

// internal

type Config = Partial<StreamConfig>

const oldestServer = [2, 12] as const
const mostMessagesOfBatch = 1000

const unsupported = (bucket: Bucket, detail: string) =>
  Effect.fail(new Unsupported({ detail: `the bucket ${bucket.name} (stream ${bucket.stream}): ${detail}` }))

const checkServer = ({ nats }: Connection, demands: Demands): Effect.Effect<void, Unsupported> => {
  const info = nats.info
  const [major = 0, minor = 0] = (info?.version ?? "").split(".").map(Number)
  if (major < oldestServer[0] || (major === oldestServer[0] && minor < oldestServer[1])) {
    return Effect.fail(
      new Unsupported({ detail: `nats-server ${info?.version} has no atomic batches; update it to 2.12 or later` })
    )
  }
  const needed = Math.max(smallestPayload, Math.ceil((2 * demands.maxCommitBytes) / mostMessagesOfBatch))
  if (info !== undefined && info.max_payload >= needed) return Effect.void
  return Effect.fail(
    new Unsupported({
      detail:
        `the server's max_payload of ${info?.max_payload} bytes is too small for commits of ` +
        `${demands.maxCommitBytes} bytes; set max_payload to ${needed} or more, or maxCommitBytes to less`
    })
  )
}

// Room for the headers of a commit with long ids.
const smallestPayload = 16 * 1024

const common = (bucket: Bucket, replicas: number) => ({
  name: bucket.stream,
  subjects: [`${bucket.prefix}>`],
  storage: StorageType.File,
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.New,
  num_replicas: replicas,
  allow_rollup_hdrs: true,
  allow_direct: true,
  allow_msg_ttl: true,
  deny_delete: true
})

/** A KV bucket that keeps the whole history of each key, which is the history of an execution. */
const executionsConfig = (bucket: Bucket, replicas: number) => ({
  ...common(bucket, replicas),
  max_msgs_per_subject: wholeHistory,
  allow_atomic: true
})

/** More messages than any key has. Without a limit (-1) other clients of NATS take a stream for no KV bucket. */
const wholeHistory = Number.MAX_SAFE_INTEGER

const openStream = (
  bucket: Bucket,
  config: Config & { readonly name: string }
): Effect.Effect<StreamInfo, Unavailable | Unsupported> => {
  const { jsm, request } = bucket.connection
  const info = request(() => jsm.streams.info(bucket.stream))
  const create = request(() => jsm.streams.add(config)).pipe(
    // Another process may have created it meanwhile, with settings of its own.
    Effect.catch((error) => info.pipe(Effect.catch(() => refused(bucket, error))))
  )
  return Effect.catchIf(info, isNotFound, () => create)
}

const isNotFound = ({ cause }: Unavailable) =>
  cause instanceof JetStreamApiError && cause.code === JetStreamApiCodes.StreamNotFound

const refused = (bucket: Bucket, error: Unavailable): Effect.Effect<never, Unavailable | Unsupported> =>
  error.cause instanceof JetStreamApiError
    ? unsupported(bucket, `the server did not create it: ${error.cause.message}`)
    : Effect.fail(error)

/** The first of some settings that a stream does not have, and what to set. */
const unmet = (config: Config, wanted: Config): string | undefined => {
  for (const [name, value] of Object.entries(wanted)) {
    const found = config[name as keyof Config]
    if ((found ?? false) !== value) return `set ${name} to ${value}; it is ${found ?? "not set"}`
  }
  return undefined
}

/** Why the store cannot work with a stream at all. Allowing atomic batches excludes `persist_mode: async` by itself. */
const unusable = (config: Config): string | undefined => {
  if (config.mirror !== undefined) return "it is a mirror; use the bucket that it mirrors"
  if (config.subject_transform !== undefined) return "remove its subject_transform"
  return unmet(config, {
    allow_atomic: true,
    allow_direct: true,
    allow_msg_ttl: true,
    allow_rollup_hdrs: true,
    deny_purge: false,
    sealed: false,
    retention: RetentionPolicy.Limits
  })
}

const limited = (value: number | undefined) => value !== undefined && value > 0

/** Settings by which a stream loses what it acknowledged. */
const lossesOf = (config: Config): ReadonlyArray<string> => {
  const losses: Array<string> = []
  if (config.storage !== StorageType.File) losses.push("set storage to file; memory is lost when the server ends")
  if (limited(config.max_age)) losses.push("remove max_age; it deletes histories by their age")
  if (limited(config.max_msgs_per_subject) && config.max_msgs_per_subject !== wholeHistory) {
    losses.push(`set max_msgs_per_subject to ${wholeHistory}; it cuts histories off`)
  }
  if (config.discard !== DiscardPolicy.New && (limited(config.max_bytes) || limited(config.max_msgs))) {
    losses.push("set discard to new; at max_bytes or max_msgs the oldest histories are deleted")
  }
  return losses
}

const fewReplicas = ({ num_replicas: found = 1 }: Config, wanted: number): ReadonlyArray<string> =>
  found < wanted ? [`set num_replicas to ${wanted}; it is ${found}`] : []

const unsynced = (monitor: ReadonlyArray<string>): string =>
  "set `jetstream { sync_interval: always }` in the configuration of every nats-server, because they acknowledge before " +
  "they write to disk otherwise" +
  (monitor.length > 0
    ? ""
    : "; no client can see that setting, so pass the addresses of their monitoring ports as `monitor` to have it " +
      'checked, or `syncInterval: "always"` to state it')

/**
 * Asks monitoring ports whether their servers sync every write; they must be all servers that have the stream. A server may be away, as
 * long as most of the others have answered: a commit needs most of them.
 */
const everyWriteSynced = Effect.fnUntraced(function* (
  { nats }: Connection,
  { cluster }: StreamInfo,
  monitor: ReadonlyArray<string>
): Effect.fn.Return<boolean, Unavailable | Unsupported> {
  if (monitor.length === 0) return false
  const ask = (each: string) => Effect.catchTag(askMonitor(each), "Unavailable", (silent) => Effect.succeed(silent))
  const told = yield* Effect.forEach(monitor, ask, { concurrency: 8 })
  const silent = told.filter((each) => each instanceof Unavailable)
  const answers = told.filter((each): each is Varz => !(each instanceof Unavailable))
  const synced = new Set(
    answers.flatMap(({ server_name: name, jetstream }) => (jetstream?.config?.sync_always ? [name] : []))
  )
  const replicas = cluster?.replicas?.map(({ name }) => name) ?? []
  const wanted = [cluster?.leader ?? nats.info?.server_name ?? "", ...replicas]
  const asked = new Set(answers.map(({ server_name: name }) => name))
  const unasked = wanted.filter((name) => !asked.has(name))
  if (unasked.length > silent.length) {
    const detail = `the servers ${unasked.join(", ")} keep the bucket, and no address in \`monitor\` is theirs; add theirs`
    return yield* new Unsupported({ detail })
  }
  if (!wanted.every((name) => synced.has(name) || !asked.has(name))) return false
  if (unasked.length === 0) return true
  if (unasked.length >= wanted.length / 2) return yield* silent[0]!
  const away = monitor
    .filter((_, index) => told[index] instanceof Unavailable)
    .map((each) => Address.parse(each).address)
  yield* Effect.logWarning(
    `the monitoring ports ${away.join(", ")} did not answer; the other servers that keep the bucket sync every write`
  )
  return true
})

interface Varz {
  readonly server_name: string
  readonly jetstream?: { readonly config?: { readonly sync_always?: boolean } }
}

const askMonitor = (monitor: string): Effect.Effect<Varz, Unavailable | Unsupported> => {
  const { address, credentials } = Address.parse(monitor)
  const url = address.includes("://") ? address : `http://${address}`
  if (!URL.canParse("/varz", url))
    return Effect.fail(new Unsupported({ detail: `monitor: ${shown(address)} is no address` }))
  const headers = new Headers()
  if (Option.isSome(credentials)) {
    const { password = "", user } = credentials.value
    headers.set("authorization", `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`)
  }
  return Effect.tryPromise({
    try: (signal) =>
      fetch(new URL("/varz", url), {
        headers,
        signal: AbortSignal.any([signal, AbortSignal.timeout(monitorPatience)])
      }).then((response) => {
        if (!response.ok) throw new Error(`it answered with status ${response.status}`)
        return response.json() as Promise<Varz>
      }),
    catch: (cause) => new Unavailable({ cause: new Error(`the monitoring port ${address} did not answer`, { cause }) })
  })
}

const monitorPatience = 5_000
