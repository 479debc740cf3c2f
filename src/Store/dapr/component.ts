/**
 * Whether a state store component can keep executions: what it says, and what it does.
 *
 * The metadata of a sidecar tell what a component is able to do. How it does that differs: some undo a transaction of which an operation
 * fails, and some do not; within a transaction Redis takes a write without an ETag for one that may replace anything. So a few writes are
 * tried, which the component forgets after a minute.
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { randomUUID } from "node:crypto"
import { type Unavailable, Unsupported } from "../WorkflowStore.ts"
import type { Keys } from "./key.ts"
import { type Manners, type Operation, Refused, type Sidecar } from "./Sidecar.ts"

/** Looks at a component, and refuses it when it cannot keep executions. */
export const inspect = Effect.fnUntraced(function* (
  sidecar: Sidecar,
  keys: Keys
): Effect.fn.Return<Manners, Unavailable | Unsupported> {
  const { component } = sidecar.options
  const all = componentsOf(yield* told(sidecar))
  const found = all.find(({ name }) => name === component)
  if (found === undefined) {
    const stores = all.filter(({ type }) => type.startsWith("state.")).map(({ name }) => name)
    const others = stores.length === 0 ? "it has none" : `it has ${stores.join(", ")}`
    return yield* unsupported(sidecar, `the sidecar has no state store of that name, and ${others}; pass component`)
  }
  const missing = needed.filter((ability) => !found.capabilities.includes(ability))
  if (missing.length > 0) {
    const detail = `${found.type} has no ${missing.join(" and no ")}; use a state store that has ${needed.join(", ")}`
    return yield* unsupported(sidecar, detail)
  }
  // A verdict that came of an answer that was lost does not come again.
  return yield* Effect.retry(tried(sidecar, keys), { times: 1, while: ({ _tag }) => _tag === "Unsupported" })
})

// internal

const needed = ["ETAG", "TRANSACTIONAL", "TTL"]

interface Component {
  readonly name: string
  readonly type: string
  readonly capabilities: ReadonlyArray<unknown>
}

const told = (sidecar: Sidecar): Effect.Effect<unknown, Unavailable | Unsupported> =>
  Effect.catch(sidecar.metadata, (error): Effect.Effect<never, Unavailable | Unsupported> => {
    const status = error.cause instanceof Refused ? error.cause.status : 0
    if (status !== 401 && status !== 403) return Effect.fail(error)
    return unsupported(
      sidecar,
      "the sidecar does not accept the API token; pass token, the DAPR_API_TOKEN of the sidecar"
    )
  })

const componentsOf = (metadata: unknown): ReadonlyArray<Component> => {
  const all = Predicate.hasProperty(metadata, "components") ? metadata.components : undefined
  return (Array.isArray(all) ? (all as ReadonlyArray<unknown>) : []).flatMap((each) => {
    if (!Predicate.hasProperty(each, "name") || !Predicate.hasProperty(each, "type")) return []
    const capabilities = Predicate.hasProperty(each, "capabilities") ? each.capabilities : []
    return {
      name: String(each.name),
      type: String(each.type),
      capabilities: Array.isArray(capabilities) ? capabilities : []
    }
  })
}

const unsupported = ({ options }: Sidecar, detail: string) =>
  Effect.fail(new Unsupported({ detail: `the state store ${options.component}: ${detail}` }))

// Redis counts from 1, and compares numbers.
const neverAnEtag = "-1"
const secondsOfTrial = 60

const tried = Effect.fnUntraced(function* (
  sidecar: Sidecar,
  keys: Keys
): Effect.fn.Return<Manners, Unavailable | Unsupported> {
  const token = randomUUID()
  const key = (name: string) => keys.trial(token, name)
  const put = (name: string): Operation => ({ _tag: "Put", key: key(name), text: name, seconds: secondsOfTrial })
  const create = (name: string): Operation => ({ _tag: "Create", key: key(name), text: "created" })
  const accepts = (operations: ReadonlyArray<Operation>, absent: string | undefined) =>
    accepted(sidecar, operations, { absent, control: put("control") })
  yield* sidecar.transact([put("a"), put("c")], { absent: undefined })
  const absent = (yield* accepts([create("a")], undefined)) ? neverAnEtag : undefined
  if (absent !== undefined && (yield* accepts([create("c")], absent)))
    return yield* unsupported(
      sidecar,
      "its transactions replace values that should be created; use another state store"
    )
  const atomic = !(yield* accepts([put("b"), create("c")], absent)) && (yield* sidecar.read(key("b"))) === undefined
  const [first, other] = yield* sidecar.readAll([key("c"), key("C")])
  if (first === undefined)
    return yield* unsupported(sidecar, "it does not read what it has written; use another state store")
  if (other !== undefined)
    return yield* unsupported(sidecar, "its keys differ in more than case; use a collation that is binary")
  const replace: Operation = { _tag: "Replace", key: key("c"), text: "replaced", etag: first.etag }
  if (!(yield* accepts([replace], absent)) || (yield* accepts([replace], absent)))
    return yield* unsupported(sidecar, "its transactions do not compare ETags; use another state store")
  yield* sidecar.transact(
    ["a", "b", "c", "control"].map((name): Operation => ({ _tag: "Remove", key: key(name) })),
    { absent }
  )
  return { absent, atomic }
})

/**
 * Whether a transaction succeeds. Answers do not tell a condition that was not met from a database that is away for a moment, so a refusal
 * is believed when it has come several times, each time before a write without a condition that succeeded.
 */
const accepted = Effect.fnUntraced(function* (
  sidecar: Sidecar,
  operations: ReadonlyArray<Operation>,
  { absent, control }: { readonly absent: string | undefined; readonly control: Operation }
): Effect.fn.Return<boolean, Unavailable> {
  for (let refusals = 0; refusals < believed; refusals++) {
    const sent = yield* Effect.result(sidecar.transact(operations, { absent }))
    if (Result.isSuccess(sent)) return true
    if (!(sent.failure.cause instanceof Refused)) return yield* sent.failure
    yield* sidecar.transact([control], { absent })
  }
  return false
})

// How many refusals in a row are no accident.
const believed = 3
