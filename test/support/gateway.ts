/** What stands between a client and a server of HTTP, and may answer in its place. */
import { Effect, type Scope } from "effect"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"

/** An answer in place of that of the server. */
export interface Instead {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** A gateway. */
export interface Gateway {
  readonly url: string
  /** Decides of each request what is answered in place of the server; the server answers what is left. */
  answer: (request: { readonly method: string; readonly path: string }) => Instead | undefined
  /** How many milliseconds it holds a request before it passes it on. */
  delay: number
  /** How many requests were answered, and how many their client broke off. */
  readonly ended: { answered: number; brokenOff: number }
}

/** The page of a gateway that says success, as of a portal where a user should sign in. */
export const page: Instead = { status: 200, type: "text/html", body: "<html>Please sign in.</html>" }

/** Starts a gateway in front of a server. It passes everything on until it is told otherwise. */
export const gateway = Effect.fnUntraced(function* (target: string): Effect.fn.Return<Gateway, never, Scope.Scope> {
  const server = Http.createServer((request, response) => {
    const { headers, method = "GET", url = "/" } = request
    const instead = between.answer({ method, path: url })
    if (instead !== undefined) {
      request.resume()
      response.writeHead(instead.status, { "content-type": instead.type }).end(instead.body)
      return
    }
    response.on("close", () => between.ended[response.writableFinished ? "answered" : "brokenOff"]++)
    const passed = Http.request(`${target}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(response)
    })
    passed.on("error", () => response.destroy())
    setTimeout(() => request.pipe(passed), between.delay)
  })
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
    () => Effect.sync(() => server.closeAllConnections() ?? server.close())
  )
  const between: Gateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: () => undefined,
    delay: 0,
    ended: { answered: 0, brokenOff: 0 }
  }
  return between
})
