/**
 * The state API of a sidecar, over HTTP.
 *
 * A value is a text, which Dapr keeps as a JSON string: what it keeps as an object it writes anew, with fields in another order. A
 * transaction that fails says nothing, since its answer may be lost, and since not every component undoes it: it is read back.
 *
 * Something between the two, such as a gateway, may answer with success and a page of its own. So an answer counts only if it is one that a
 * sidecar gives: a write has no content, a value has an ETag, and a list has every key.
 *
 * A request that nothing waits for any more goes on to its answer: one that is broken off may leave `state.sqlite` of daprd 1.18
 * locked until the sidecar is started again.
 *
 * The token is in no error: those of the client have the request in them, so their words alone are kept. There are no spans either.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import * as Redacted from "effect/Redacted"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import { parsed } from "../../internal/core/parse.ts"
import { client as httpClient, wordsOf } from "../../internal/store/http.ts"
import { Trouble } from "../../internal/store/Trouble.ts"
import { within } from "../../internal/store/within.ts"
import { Unavailable } from "../WorkflowStore.ts"

/** A value, and the ETag that a write must name to replace just this one. */
export interface Value {
  readonly text: string
  readonly etag: string
}

/** One operation of a transaction. What is written is kept for so many seconds, if it says how many. */
export type Operation =
  /** Writes a value, whatever there is. */
  | { readonly _tag: "Put"; readonly key: string; readonly text: string; readonly seconds?: number }
  /** Writes a value where there is none. */
  | { readonly _tag: "Create"; readonly key: string; readonly text: string; readonly seconds?: number }
  /** Writes a value in place of the one with an ETag. */
  | {
      readonly _tag: "Replace"
      readonly key: string
      readonly text: string
      readonly etag: string
      readonly seconds?: number
    }
  /** Removes what there is. */
  | { readonly _tag: "Remove"; readonly key: string }

/** Writes a value in place of the one with an ETag; without one, where there is none. */
export const inPlaceOf = (
  etag: string | undefined,
  written: { readonly key: string; readonly text: string; readonly seconds?: number }
): Operation => (etag === undefined ? { _tag: "Create", ...written } : { _tag: "Replace", ...written, etag })

/** How a component creates a value within a transaction, and whether it undoes transactions. */
export interface Manners {
  /** The ETag that says that there is no value; none where the absence of an ETag says so. */
  readonly absent: string | undefined
  /** Whether a transaction of which one operation fails changes nothing. */
  readonly atomic: boolean
}

/** What the settings of a sidecar are. */
export interface SidecarOptions {
  readonly url: string
  readonly component: string
  readonly token: Redacted.Redacted | undefined
  /** How long one request may take, in milliseconds. */
  readonly timeout: number
}

/** A request that was refused, with the status. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The state API of one component. */
export class Sidecar {
  readonly options: SidecarOptions
  private readonly client: HttpClient.HttpClient
  private readonly requests: Requests
  private readonly state: string
  private readonly trouble = new Trouble()

  constructor(options: SidecarOptions, client: HttpClient.HttpClient, requests: Requests) {
    this.options = options
    this.client = client
    this.requests = requests
    this.state = `/v1.0/state/${encodeURIComponent(options.component)}`
  }

  /** How many milliseconds ago the sidecar was last away, or late with an answer; infinite when it never was. */
  get sinceTrouble(): number {
    return this.trouble.since
  }

  /** What the sidecar tells about itself. */
  get metadata(): Effect.Effect<unknown, Unavailable> {
    return Effect.flatMap(this.request("GET", "/v1.0/metadata"), (answer) => {
      const told = Option.getOrUndefined(parsed(answer.text))
      return Predicate.isObject(told) ? Effect.succeed(told) : Effect.fail(strange(answer))
    })
  }

  /** Reads a value; `undefined` when there is none. */
  read(key: string): Effect.Effect<Value | undefined, Unavailable> {
    const path = `${this.state}/${encodeURIComponent(key)}?consistency=strong`
    return Effect.flatMap(this.request("GET", path), (answer) => {
      const { etag, status, text } = answer
      if (status === 204) return Effect.undefined
      if (etag === "") return Effect.fail(strange(answer))
      return Effect.succeed({ text: textOf(Option.getOrUndefined(parsed(text)), text), etag })
    })
  }

  /** Reads many values in one request, in the order of their keys. */
  readAll(keys: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<Value | undefined>, Unavailable> {
    if (keys.length === 0) return Effect.succeed([])
    const body = JSON.stringify({ keys, parallelism: 64 })
    return Effect.flatMap(this.request("POST", `${this.state}/bulk`, body), (answer) => {
      const items = Option.getOrUndefined(parsed(answer.text))
      const found = Array.isArray(items) ? valuesOf(items) : new Map<string, undefined>()
      if (typeof found === "string") return Effect.fail(unavailable(found))
      return keys.every((key) => found.has(key))
        ? Effect.succeed(keys.map((key) => found.get(key)))
        : Effect.fail(strange(answer))
    })
  }

  /** Runs operations as one transaction. When it fails the outcome is unknown. */
  transact(
    operations: ReadonlyArray<Operation>,
    { absent }: Pick<Manners, "absent">
  ): Effect.Effect<void, Unavailable> {
    const body = JSON.stringify({ operations: operations.map((each) => requestOf(each, absent)) })
    return this.write("POST", `${this.state}/transaction`, body)
  }

  /** Removes the value with an ETag, if it is still there. */
  remove(key: string, etag: string): Effect.Effect<void, Unavailable> {
    const path = `${this.state}/${encodeURIComponent(key)}?concurrency=first-write&consistency=strong`
    return this.write("DELETE", path, undefined, { "if-match": etag })
  }

  private write(...asked: Parameters<Sidecar["request"]>): Effect.Effect<void, Unavailable> {
    return Effect.flatMap(this.request(...asked), (answer) =>
      answer.status === 204 ? Effect.void : Effect.fail(strange(answer))
    )
  }

  private request(
    method: "GET" | "POST" | "DELETE",
    path: string,
    body?: string,
    headers: Readonly<Record<string, string>> = {}
  ): Effect.Effect<Answer, Unavailable> {
    const plain = HttpClientRequest.make(method)(`${this.options.url}${path}`, { headers })
    const request = body === undefined ? plain : HttpClientRequest.bodyText(plain, body, "application/json")
    const answer = Effect.flatMap(this.client.execute(request), (response) =>
      Effect.map(
        response.text,
        (text): Answer => ({
          status: response.status,
          etag: response.headers["etag"] ?? "",
          text
        })
      )
    )
    const told = answer.pipe(
      Effect.mapError((error) => unavailable(wordsOf(error))),
      goingOn(this.requests),
      Effect.flatMap((answer) => (answer.status < 300 ? Effect.succeed(answer) : Effect.fail(refused(answer)))),
      within(this.options.timeout, tooLate)
    )
    return this.trouble.watch(told, ({ cause }) => !(cause instanceof Refused && cause.status < 500))
  }
}

/** Makes what speaks to a sidecar, until the end of the scope, which waits a while for the requests under way. */
export const make = (options: SidecarOptions): Effect.Effect<Sidecar, never, Scope.Scope> =>
  Effect.gen(function* () {
    const { timeout, token } = options
    const client = HttpClient.mapRequest(yield* httpClient, (request) =>
      token === undefined ? request : HttpClientRequest.setHeader(request, "dapr-api-token", Redacted.value(token))
    )
    const requests = yield* FiberSet.make<Answer, Unavailable>()
    yield* Effect.addFinalizer(() => Effect.ignore(FiberSet.awaitEmpty(requests).pipe(within(timeout, tooLate))))
    return new Sidecar(options, client, requests)
  })

// internal

/** After so many milliseconds a request is broken off in any case. */
const longest = 30_000

/** The requests under way. */
type Requests = FiberSet.FiberSet<Answer, Unavailable>

/** Keeps a request from being broken off where its caller is interrupted, or waits no longer. */
const goingOn =
  (requests: Requests) =>
  (request: Effect.Effect<Answer, Unavailable>): Effect.Effect<Answer, Unavailable> =>
    Effect.flatMap(FiberSet.run(requests, request.pipe(within(longest, tooLate))), Fiber.join)

interface Answer {
  readonly status: number
  readonly etag: string
  readonly text: string
}

const tooLate = (milliseconds: number) => unavailable(`there was no answer for ${milliseconds} ms`)

const unavailable = (message: string) => new Unavailable({ cause: new Error(`the sidecar of Dapr: ${message}`) })

const strange = ({ status, text }: Answer) =>
  unavailable(`an answer is not that of a sidecar: status ${status}: ${text.slice(0, 200)}`)

const refused = ({ status, text }: Answer) => {
  const words =
    status === 413
      ? "a request is too large for it; start it with a larger --max-body-size"
      : status === 404
        ? `is url the address of a sidecar? ${text.slice(0, 200)}`
        : text.slice(0, 500)
  return new Unavailable({ cause: new Refused(status, `the sidecar of Dapr: status ${status}: ${words}`) })
}

/** What was not written by a store is no string; it is shown as it is, and found damaged. */
const textOf = (data: unknown, otherwise: string): string => (Predicate.isString(data) ? data : otherwise)

/** The values of an answer by their keys, nothing where there is none; or why one could not be read. */
const valuesOf = (items: ReadonlyArray<unknown>): ReadonlyMap<string, Value | undefined> | string => {
  const found = new Map<string, Value | undefined>()
  for (const item of items) {
    const { data, error, etag, key } = item as { readonly [Name in "data" | "error" | "etag" | "key"]?: unknown }
    if (Predicate.isString(error) && error !== "") return `${String(key)}: ${error}`
    if (data === undefined || data === null || data === "") found.set(String(key), undefined)
    else
      found.set(String(key), { text: textOf(data, JSON.stringify(data)), etag: Predicate.isString(etag) ? etag : "" })
  }
  return found
}

const firstWrite = { concurrency: "first-write", consistency: "strong" } as const

const requestOf = (operation: Operation, absent: string | undefined): object => {
  const { _tag, key } = operation
  if (_tag === "Remove") return { operation: "delete", request: { key, options: { consistency: "strong" } } }
  const { seconds, text: value } = operation
  const metadata = seconds === undefined ? undefined : { ttlInSeconds: String(seconds) }
  if (_tag === "Put")
    return { operation: "upsert", request: { key, value, metadata, options: { consistency: "strong" } } }
  const etag = _tag === "Create" ? absent : operation.etag
  return { operation: "upsert", request: { key, value, etag, metadata, options: firstWrite } }
}
