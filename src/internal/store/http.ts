/**
 * What stores over HTTP share: a client without spans of its own, and words for what went wrong that have no request in them.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"

/** A client on `fetch`. Spans are those of the port, and the server is no part of a trace. */
export const client: Effect.Effect<HttpClient.HttpClient, never, Scope.Scope> = Effect.map(
  Layer.build(FetchHttpClient.layer),
  (context) =>
    HttpClient.transform(Context.get(context, HttpClient.HttpClient), (effect) =>
      Effect.provideService(effect, HttpClient.TracerDisabledWhen, () => true)
    )
)

/** What went wrong, without the request: that has credentials in it. */
export const wordsOf = ({ reason }: HttpClientError): string => {
  const cause: unknown = "cause" in reason ? reason.cause : undefined
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  const detail = inner instanceof Error ? inner.message || (inner as NodeJS.ErrnoException).code : undefined
  return detail === undefined || detail === "" ? reason._tag : `${reason._tag}: ${detail}`
}
