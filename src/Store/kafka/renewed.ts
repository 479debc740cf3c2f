/**
 * Clients that are made anew after each failure: once a broker was killed some of their calls never settle, and others fail for ever.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Failure, settled } from "./Client.ts"

/**
 * Clients by number, made when they are needed first, and closed at the end of the scope. A client that does not close in time is destroyed.
 */
export const renewed = Effect.fnUntraced(function* <A>(
  create: () => A,
  close: (client: A) => Promise<void>,
  destroy: (client: A) => void = () => {}
): Effect.fn.Return<
  {
    readonly use: <B>(
      number: number,
      timeout: number,
      use: (client: A) => Promise<B>,
      failure?: (cause: unknown) => Failure
    ) => Effect.Effect<B, Failure>
  },
  never,
  Scope.Scope
> {
  const all = new Map<number, A>()
  const end = (client: A) =>
    Effect.ensuring(
      Effect.ignore(settled(longestClose, () => close(client))),
      Effect.sync(() => destroy(client))
    )
  yield* Effect.addFinalizer(() => Effect.forEach(all.values(), end, { concurrency: "unbounded", discard: true }))
  const scope = yield* Effect.scope
  return {
    use: (number, timeout, use, failure) =>
      Effect.suspend(() => {
        const client = all.get(number) ?? create()
        all.set(number, client)
        return Effect.tapError(
          settled(timeout, () => use(client), failure),
          () =>
            Effect.suspend(() => {
              if (all.get(number) === client) all.delete(number)
              return Effect.forkIn(end(client), scope)
            })
        )
      })
  }
})

// internal

// Milliseconds.
const longestClose = 2000
