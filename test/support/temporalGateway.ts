/** What stands before a Temporal server in production: it speaks TLS, wants a certificate of its clients, and knows one API key. */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import * as Http2 from "node:http2"
import type * as Net from "node:net"
import { join } from "node:path"
import { Effect, type Scope } from "effect"
import { assert } from "../suites/assert.ts"
import { temporaryFolder } from "./servers.ts"

export interface Certificate {
  readonly certificate: string
  readonly key: string
}

export interface Gateway {
  readonly address: string
  /** Its certificate is for the name `temporal.test`. */
  readonly server: Certificate
  /** The one that it wants of clients. */
  readonly client: Certificate
  /** Clients by their `authorization` and the kinds of requests that they made. */
  readonly seen: ReadonlyMap<string, ReadonlySet<string>>
}

/** Starts one before the server at an address, on a free port of 127.0.0.1. */
export const temporalGateway = Effect.fnUntraced(function* (
  target: string,
  apiKey: string
): Effect.fn.Return<Gateway, never, Scope.Scope> {
  const folder = yield* temporaryFolder("gateway")
  const [server, client] = [certified(folder, "temporal.test"), certified(folder, "worker.test")]
  const seen = new Map<string, Set<string>>()
  const upstream = yield* Effect.acquireRelease(
    Effect.sync(() => Http2.connect(`http://${target}`)),
    (session) => Effect.sync(() => session.destroy())
  )
  const sessions = new Set<Http2.ServerHttp2Session>()
  const gateway = Http2.createSecureServer({
    ...{ key: server.key, cert: server.certificate, ca: client.certificate },
    ...{ requestCert: true, rejectUnauthorized: true }
  })
  gateway.on("session", (session) => sessions.add(session))
  gateway.on("stream", (stream, headers) => {
    const key = headers.authorization ?? ""
    seen.set(key, (seen.get(key) ?? new Set()).add(headers[":path"]!))
    stream.on("error", () => {})
    if (key !== `Bearer ${apiKey}`) {
      const refused = { "grpc-status": "16", "grpc-message": "no such key" }
      return stream.respond({ ":status": 200, "content-type": "application/grpc", ...refused }, { endStream: true })
    }
    pass(stream, upstream.request(headers))
  })
  const address = yield* Effect.acquireRelease(
    Effect.callback<string>((resume) => {
      gateway.listen(0, "127.0.0.1", () =>
        resume(Effect.succeed(`127.0.0.1:${(gateway.address() as Net.AddressInfo).port}`))
      )
    }),
    () =>
      Effect.callback<void>((resume) => {
        for (const session of sessions) session.destroy()
        gateway.close(() => resume(Effect.void))
      })
  )
  return { address, server, client, seen }
})

// internal

/** An answer that ends with its headers is passed on as one: gRPC tells failures so. */
const pass = (stream: Http2.ServerHttp2Stream, request: Http2.ClientHttp2Stream): void => {
  let trailers: Http2.IncomingHttpHeaders = {}
  request.on("error", () => stream.destroy())
  stream.on("close", () => request.close())
  request.on("trailers", (all) => (trailers = all))
  stream.on("wantTrailers", () => stream.sendTrailers(trailers))
  request.on("response", (headers, flags) => {
    if ((flags & Http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0) return stream.respond(headers, { endStream: true })
    stream.respond(headers, { waitForTrailers: true })
    request.pipe(stream)
  })
  stream.pipe(request)
}

const certified = (folder: string, name: string): Certificate => {
  const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)]
  const made = spawnSync("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${name}`],
    ...[
      "-addext",
      `subjectAltName=DNS:${name}`,
      "-addext",
      "basicConstraints=critical,CA:FALSE",
      "-keyout",
      key,
      "-out",
      certificate
    ]
  ])
  assert.strictEqual(made.status, 0, String(made.stderr))
  return { key: readFileSync(key, "utf8"), certificate: readFileSync(certificate, "utf8") }
}
