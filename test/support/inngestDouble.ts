/**
 * A double of a server of Inngest, which no package registry has: `node inngestDouble.ts PORT FOLDER OPTIONS`. It prints its port, which it
 * chooses where that is 0.
 *
 * It behaves as version 1.43 was measured to, in what the store uses: events are accepted first and shown later, 50 milliseconds without
 * load and up to a second with it; what was accepted and not shown is lost with the process; pages have 51 events at most, the newest first,
 * of the last hour unless told, by name alone; an id that is sent twice makes two rows; an event has 3 MiB at most.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { randomBytes } from "node:crypto"
import { createServer as createSecureServer } from "node:https"
import { join } from "node:path"

/** What the double is told, as JSON. */
export interface DoubleOptions {
  /** How long an event is kept back without load, in milliseconds: 50 unless told. */
  readonly delay?: number
  /** How many milliseconds more for each event that waits: 2 unless told; a second in all at most. */
  readonly delayOfEach?: number
  readonly eventKey?: string
  readonly signingKey?: string
  /** A file with a certificate and its key, with which it speaks TLS. */
  readonly certificate?: string
}

interface Row {
  readonly internal_id: string
  readonly received_at: string
  readonly id: string
  readonly name: string
  readonly data: unknown
  readonly ts: number
}

const [port = "0", folder = ".", told = "{}"] = process.argv.slice(2)
const { certificate, delay = 50, delayOfEach = 2, eventKey, signingKey } = JSON.parse(told) as DoubleOptions
const file = join(folder, "events.jsonl")
const rows = new Map<string, Array<Row>>()
let waiting = 0

const mostBytes = 3 * 1024 * 1024
const page = 51
const hour = 60 * 60 * 1000
const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/** Of two ids within a millisecond either may be the greater one. */
const ulid = (now: number): string => {
  let time = ""
  for (let rest = now, place = 0; place < 10; place++, rest = Math.floor(rest / 32)) time = digits[rest % 32] + time
  return time + Array.from(randomBytes(16), (byte) => digits[byte % 32]).join("")
}

const show = (row: Row): void => {
  const named = rows.get(row.name) ?? []
  rows.set(row.name, named)
  let place = named.length
  while (place > 0 && named[place - 1]!.internal_id > row.internal_id) place--
  named.splice(place, 0, row)
}

/** The fields of objects in the order of their names, and no half of a surrogate pair: as Go writes what it has read. */
const anew = (value: unknown): unknown => {
  if (typeof value === "string") return value.toWellFormed()
  if (Array.isArray(value)) return value.map(anew)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name.toWellFormed(), anew(field)])
  )
}

const accept = (event: { readonly name: string; readonly id?: string; readonly data?: unknown }): string => {
  const now = Date.now()
  const internal_id = ulid(now)
  const { data = {}, id = internal_id, name } = event
  const row = { internal_id, received_at: new Date(now).toISOString(), id, name, data: anew(data), ts: now }
  waiting++
  setTimeout(
    () => {
      waiting--
      appendFileSync(file, `${JSON.stringify(row)}\n`)
      show(row)
    },
    Math.min(1000, delay + waiting * delayOfEach)
  )
  return internal_id
}

const answer = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
}

const receive = (body: Buffer, response: ServerResponse): void => {
  const told = JSON.parse(body.toString("utf8")) as unknown
  const events = (Array.isArray(told) ? told : [told]) as ReadonlyArray<{ readonly name: string }>
  const fault = events.some(({ name }) => typeof name !== "string" || name === "" || name.startsWith("inngest/"))
    ? "event name is reserved or empty"
    : body.length > mostBytes && events.some((event) => Buffer.byteLength(JSON.stringify(event)) > mostBytes)
      ? "event is too large"
      : undefined
  if (fault !== undefined) return answer(response, 400, { ids: [], status: 400, error: fault })
  answer(response, 200, { ids: events.map(accept), status: 200 })
}

const list = (query: URLSearchParams, response: ServerResponse): void => {
  const limit = Math.max(1, Math.min(page, Number(query.get("limit") ?? 20)))
  const after = Date.parse(query.get("received_after") ?? new Date(Date.now() - hour).toISOString())
  const cursor = query.get("cursor") ?? "~"
  const named = rows.get(query.get("name") ?? "") ?? []
  const found: Array<Row> = []
  for (let place = named.length - 1; place >= 0 && found.length < limit; place--) {
    const row = named[place]!
    if (Date.parse(row.received_at) < after) break
    if (row.internal_id < cursor) found.push(row)
  }
  answer(response, 200, { data: found, metadata: { fetched_at: new Date().toISOString(), cached_until: null } })
}

const serve = (request: IncomingMessage, body: Buffer, response: ServerResponse): void => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost")
  const key = /^\/e\/([^/]*)$/.exec(pathname)?.[1]
  if (key !== undefined && request.method === "POST") {
    if (eventKey !== undefined && decodeURIComponent(key) !== eventKey) {
      return answer(response, 401, { status: 401, error: "Event key not found" })
    }
    return receive(body, response)
  }
  if (pathname === "/health") return answer(response, 200, { message: "OK", status: 200 })
  if (!pathname.startsWith("/v1/")) return answer(response, 404, {})
  if (signingKey !== undefined && request.headers.authorization !== `Bearer ${signingKey}`) {
    return answer(response, 401, { status: 401, error: "No auth found" })
  }
  if (pathname === "/v1/events") return list(searchParams, response)
  answer(response, pathname.startsWith("/v1/cancellations") ? 500 : 404, { error: "not here" })
}

if (existsSync(file)) {
  for (const line of readFileSync(file, "utf8").split("\n")) if (line.endsWith("}")) show(JSON.parse(line) as Row)
}

const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
  const parts: Array<Buffer> = []
  request.on("data", (part: Buffer) => parts.push(part))
  request.on("end", () => {
    try {
      serve(request, Buffer.concat(parts), response)
    } catch (error) {
      answer(response, 400, { error: String(error) })
    }
  })
}

const pem = certificate === undefined ? undefined : readFileSync(certificate)
const server = pem === undefined ? createServer(onRequest) : createSecureServer({ cert: pem, key: pem }, onRequest)
server.listen(Number(port), "127.0.0.1", () => console.log((server.address() as AddressInfo).port))
