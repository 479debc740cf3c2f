/**
 * The event API of a server: events are sent, and read back by their name.
 *
 * An event has one text, within which nothing is written anew: of what is sent as an object the server sorts the fields. What is sent is
 * accepted first and shown later; `Sight` waits for that. The internal id of an event begins with the time at which the server received
 * it, so events are in the order of their internal ids to a millisecond, and this process learns the clock of the server.
 *
 * No key is in an error: those of the client have the request in them, so their words alone are kept.
 */
import * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import { parsed } from "../../internal/core/parse.ts"
import { liveNow } from "../../internal/liveClock.ts"
import { client as httpClient, wordsOf } from "../../internal/store/http.ts"
import { Trouble } from "../../internal/store/Trouble.ts"
import { within } from "../../internal/store/within.ts"
import { Unavailable, Unsupported } from "../WorkflowStore.ts"
import type { Settings } from "./OwnOptions.ts"

/** An event to send. */
export interface Event {
  readonly name: string
  /** Two events with one id are the same event, sent twice. */
  readonly id: string
  readonly text: string
}

/** An event that the server has. */
export interface Row {
  /** The id that the server gave it, which no other one has. */
  readonly internal: string
  readonly id: string
  readonly text: string
}

/** Why the server was asked in vain. */
export type Failure = Unavailable | Unsupported

/** A key was not accepted. While a store is opened that is a wrong setting, and later an outage that ends, since it was right. */
export class Denied extends Error {}

/** Which events of a name are read. */
export interface Asked {
  readonly name: string
  /** Those received at this time or later, by the clock of the server, in milliseconds since 1970. */
  readonly from: number
  /** Those before this internal id. */
  readonly before?: string | undefined
  readonly limit?: number | undefined
}

/** How many events a page has at most. */
const pageSize = 51

/** What speaks to a server. */
export class Server {
  readonly settings: Settings
  private readonly client: HttpClient.HttpClient
  private readonly scope: Scope.Scope
  private readonly trouble = new Trouble()
  /** The clock of the server, less that of this machine. */
  private ahead = 0
  private waiting: Array<Sending> = []
  private isSending = false

  constructor(settings: Settings, client: HttpClient.HttpClient, scope: Scope.Scope) {
    this.settings = settings
    this.client = client
    this.scope = scope
  }

  /** The time by the clock of the server, as far as it is known. */
  get now(): number {
    return liveNow() + this.ahead
  }

  /** How many milliseconds ago the server was last away, or late with an answer; infinite when it never was. */
  get sinceTrouble(): number {
    return this.trouble.since
  }

  /**
   * Sends events, and returns their internal ids. What is sent meanwhile goes with the next request, if it still may by then: the
   * process may have been stopped.
   */
  send(events: ReadonlyArray<Event>, mayStill: () => boolean = always): Effect.Effect<ReadonlyArray<string>, Failure> {
    return Effect.suspend(() => {
      const texts = events.map(wireOf)
      const sending: Sending = { texts, mayStill, done: Deferred.makeUnsafe() }
      this.waiting.push(sending)
      const start = this.isSending ? Effect.void : Effect.forkIn(this.sendAll(), this.scope, { startImmediately: true })
      return Effect.andThen(start, Deferred.await(sending.done))
    })
  }

  /** Reads the latest events of a name, the newest first: a page of them, or fewer when there are no more. */
  page({ before, from, limit = pageSize, name }: Asked): Effect.Effect<ReadonlyArray<Row>, Failure> {
    const since = DateTime.formatIso(DateTime.makeUnsafe(Math.max(0, from)))
    const query = new URLSearchParams({ name, received_after: since, limit: String(limit) })
    if (before !== undefined) query.set("cursor", before)
    return Effect.flatMap(this.request("GET", `/v1/events?${query}`), ({ text }) => {
      const rows = rowsIn(Option.getOrUndefined(parsed(text)))
      return rows === undefined
        ? Effect.fail(unavailable(`the answer is no list of events: ${text.slice(0, 200)}`))
        : Effect.succeed(rows)
    })
  }

  /** Reads events of a name page by page, the newest first, until there are no more or a page was enough. */
  back(asked: Asked, isEnough: (page: ReadonlyArray<Row>) => boolean): Effect.Effect<void, Failure> {
    return Effect.suspend(() => {
      let before = asked.before
      const { limit = pageSize } = asked
      const next = Effect.map(
        Effect.suspend(() => this.page({ ...asked, before, limit })),
        (page) => {
          const isLast = isEnough(page) || page.length < limit || page.at(-1)!.internal === before
          before = page.at(-1)?.internal
          return isLast
        }
      )
      return Effect.asVoid(Effect.repeat(next, { until: (isLast) => isLast }))
    })
  }

  private sendAll(): Effect.Effect<void> {
    this.isSending = true
    const next = Effect.suspend(() => {
      const group = takeGroup(this.waiting)
      this.isSending = group.length > 0
      return Effect.as(this.sendGroup(group), group.length === 0)
    })
    // Others that send in this turn of the event loop go along.
    return Effect.asVoid(Effect.repeat(Effect.andThen(Effect.yieldNow, next), { until: (isDone) => isDone }))
  }

  /** Sends a group. When the server refuses it, each of its parts is sent alone, since one may be at fault. */
  private sendGroup(group: ReadonlyArray<Sending>): Effect.Effect<void> {
    if (group.length === 0) return Effect.void
    const late = group.filter(({ mayStill }) => !mayStill())
    if (late.length > 0) {
      const failed = Effect.forEach(late, ({ done }) => Deferred.fail(done, unavailable("it came too late to be sent")))
      return Effect.andThen(failed, this.sendGroup(group.filter((sending) => !late.includes(sending))))
    }
    return Effect.matchCauseEffect(this.postTexts(group.flatMap(({ texts }) => texts)), {
      onSuccess: (ids) => {
        let from = 0
        return Effect.forEach(
          group,
          ({ done, texts }) => Deferred.succeed(done, ids.slice(from, (from += texts.length))),
          { discard: true }
        )
      },
      onFailure: (cause) =>
        group.length > 1 && isRefusal(cause)
          ? Effect.forEach(group, (each) => this.sendGroup([each]), { discard: true })
          : Effect.forEach(group, ({ done }) => Deferred.failCause(done, cause), { discard: true })
    })
  }

  /** Sends events in a request of their own. */
  post(events: ReadonlyArray<Event>): Effect.Effect<ReadonlyArray<string>, Failure> {
    return this.postTexts(events.map(wireOf))
  }

  private postTexts(texts: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<string>, Failure> {
    const path = `/e/${encodeURIComponent(this.settings.eventKey)}`
    return Effect.flatMap(this.request("POST", path, `[${texts.join(",")}]`), ({ text }) => {
      const told = Option.getOrUndefined(parsed(text)) as { readonly ids?: unknown } | undefined
      const ids = told?.ids
      if (!Array.isArray(ids) || ids.length !== texts.length || !ids.every(isInternal)) {
        return Effect.fail(unavailable(`the answer has not the ids of ${texts.length} events: ${text.slice(0, 200)}`))
      }
      this.ahead = timeOf(ids.at(-1)!) - liveNow()
      return Effect.succeed(ids)
    })
  }

  private request(method: "GET" | "POST", path: string, body?: string): Effect.Effect<Answer, Failure> {
    const { signingKey, timeout, url } = this.settings
    const headers = method === "GET" && signingKey !== undefined ? { authorization: `Bearer ${signingKey}` } : {}
    const plain = HttpClientRequest.make(method)(`${url}${path}`, { headers })
    const request = body === undefined ? plain : HttpClientRequest.bodyText(plain, body, "application/json")
    const answer = Effect.flatMap(this.client.execute(request), ({ status, text }) =>
      Effect.map(text, (text): Answer => ({ status, text }))
    )
    const told = answer.pipe(
      Effect.mapError((error) => unavailable(wordsOf(error))),
      Effect.flatMap((answer) => (answer.status < 300 ? Effect.succeed(answer) : Effect.fail(refused(method, answer)))),
      within(timeout, (milliseconds) => unavailable(`there was no answer for ${milliseconds} ms`))
    )
    return this.trouble.watch(told, ({ _tag }) => _tag === "Unavailable")
  }
}

/** Makes what speaks to a server, until the end of the scope. */
export const make = (settings: Settings): Effect.Effect<Server, never, Scope.Scope> =>
  Effect.zipWith(httpClient, Effect.scope, (client, scope) => new Server(settings, client, scope))

/** When the server received an event, by its clock, in milliseconds since 1970. */
export const timeOf = (internal: string): number => {
  let time = 0
  for (let place = 0; place < timeDigits; place++) time = time * 32 + digits.indexOf(internal[place]!)
  return time
}

/** How many bytes of a request an event takes. */
export const bytesOf = (event: Event): number => Buffer.byteLength(wireOf(event))

/** The server was away, or its answer was lost. */
export const unavailable = (message: string): Unavailable =>
  new Unavailable({ cause: new Error(`the server of Inngest: ${message}`) })

// internal

interface Answer {
  readonly status: number
  readonly text: string
}

interface Sending {
  readonly texts: ReadonlyArray<string>
  readonly mayStill: () => boolean
  readonly done: Deferred.Deferred<ReadonlyArray<string>, Failure>
}

// Of one request.
const mostEvents = 256
const mostCharacters = 2 * 1024 * 1024

const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
const timeDigits = 10

const always = (): boolean => true

const isInternal = (id: unknown): id is string => Predicate.isString(id) && /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id)

const wireOf = ({ id, name, text }: Event): string => JSON.stringify({ name, id, data: { text } })

/** Takes what one request may carry from the front; a single sending that is larger goes alone. */
const takeGroup = (waiting: Array<Sending>): ReadonlyArray<Sending> => {
  let [events, characters, count] = [0, 0, 0]
  for (const { texts } of waiting) {
    events += texts.length
    for (const text of texts) characters += text.length
    if (count > 0 && (events > mostEvents || characters > mostCharacters)) break
    count++
  }
  return waiting.splice(0, count)
}

const refused = (method: "GET" | "POST", { status, text }: Answer): Failure => {
  if (status === 401 || status === 403) {
    const [what, option] = method === "POST" ? ["event key", "eventKey"] : ["signing key", "signingKey"]
    return new Unavailable({ cause: new Denied(`the server of Inngest does not accept the ${what}; pass ${option}`) })
  }
  const words = `status ${status}: ${text.slice(0, 500)}`
  return status === 400 || status === 413
    ? new Unsupported({ detail: `the server of Inngest refuses it: ${words}` })
    : unavailable(words)
}

const isRefusal = (cause: Cause.Cause<Failure>): boolean =>
  cause.reasons.filter(Cause.isFailReason).some(({ error }) => error._tag === "Unsupported")

/** The events of an answer. What is no event of a store has no text, and is read as an empty one. */
const rowsIn = (told: unknown): ReadonlyArray<Row> | undefined => {
  const data: unknown = Predicate.hasProperty(told, "data") ? told.data : told
  // A list without rows is null.
  if (data === null) return []
  if (!Array.isArray(data)) return undefined
  return data.flatMap((row: { readonly [Name in string]?: unknown }) => {
    const { data, id, internal_id: internal } = row
    const text = Predicate.hasProperty(data, "text") && Predicate.isString(data.text) ? data.text : ""
    return isInternal(internal) ? [{ internal, id: Predicate.isString(id) ? id : "", text }] : []
  })
}
