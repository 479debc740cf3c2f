/** What keeps results and resources: caches, pools, reference counts, batches, layers. */
import {
  Cache,
  Context,
  Effect,
  Exit,
  Layer,
  LayerMap,
  ManagedRuntime,
  Pool,
  RcMap,
  RcRef,
  Request,
  RequestResolver,
  Resource,
  Schedule,
  ScopedCache,
  Scope
} from "effect"
import { Echo, EchoAll } from "../corpus/activities.ts"
import type { Scenario } from "../corpus/scenarios.ts"
import { row, slow } from "./Row.ts"

/** Acquires a number by an activity and tells the log what is released. */
const held = (log: Array<string>, n: number) =>
  Effect.acquireRelease(
    Effect.tap(Echo(n), (it) => Effect.sync(() => log.push(`got ${it}`))),
    (it) =>
      Effect.map(Echo(it), (released) => {
        log.push(`released ${released}`)
      })
  )

/** A call that counts its calls. */
const counted = () => {
  let calls = 0
  return Effect.suspend(() => Echo(++calls))
}

/** A price that is asked for in batches. The call of the activity needs what the asking fiber has. */
class GetPrice extends Request.TaggedClass("GetPrice")<
  { readonly id: number },
  number,
  never,
  Effect.Services<ReturnType<typeof EchoAll>>
> {}

const prices = (batches: Array<number>) =>
  RequestResolver.make<GetPrice>((entries) => {
    const ids = entries.map(({ request }) => request.id)
    batches.push(ids.length)
    return Effect.provideContext(
      Effect.flatMap(EchoAll(ids), (found) =>
        Effect.forEach(entries, (entry, index) => Request.succeed(entry, found[index]! * 100), { discard: true })
      ),
      entries[0].context
    )
  })

/** A service that a program builds for itself: it counts by activities. */
class Counter extends Context.Service<Counter, { readonly first: number; readonly next: () => number }>()(
  "test/effects/Counter"
) {
  static readonly layer = (log: Array<string>, from: number) =>
    Layer.effect(
      Counter,
      Effect.map(held(log, from), (first) => {
        let last = first
        return { first, next: () => ++last }
      })
    )
}

export const keeping: ReadonlyArray<Scenario> = [
  row(
    "Effect.cached calls once",
    Effect.fnUntraced(function* () {
      const cached = yield* Effect.cached(counted())
      const both = yield* Effect.all([cached, cached], { concurrency: 2 })
      yield* Effect.sleep("5 seconds")
      return [...both, yield* cached]
    }),
    [1, 1, 1]
  ),
  row(
    "Effect.cachedWithTTL calls again when its time is over",
    Effect.fnUntraced(function* () {
      const cached = yield* Effect.cachedWithTTL(counted(), "10 seconds")
      const first = yield* cached
      yield* Effect.sleep("5 seconds")
      const second = yield* cached
      yield* Effect.sleep("6 seconds")
      return [first, second, yield* cached]
    }),
    [1, 1, 2]
  ),
  row(
    "Effect.cachedInvalidateWithTTL calls again when it is told to",
    Effect.fnUntraced(function* () {
      const [cached, invalidate] = yield* Effect.cachedInvalidateWithTTL(counted(), "1 hour")
      const first = yield* cached
      yield* Effect.sleep("5 seconds")
      yield* invalidate
      return [first, yield* cached]
    }),
    [1, 2]
  ),
  row(
    "Cache looks up a key once while it lives",
    Effect.fnUntraced(function* () {
      const looked: Array<number> = []
      const cache = yield* Cache.make({
        capacity: 2,
        timeToLive: "10 seconds",
        lookup: (n: number) => Effect.tap(Echo(n), (it) => Effect.sync(() => looked.push(it)))
      })
      yield* Effect.all([Cache.get(cache, 1), Cache.get(cache, 1), Cache.get(cache, 2)], { concurrency: 3 })
      yield* Cache.get(cache, 1)
      yield* Cache.get(cache, 3)
      yield* Cache.get(cache, 2)
      yield* Effect.sleep("11 seconds")
      yield* Cache.get(cache, 2)
      return looked
    }),
    [1, 2, 3, 2, 2]
  ),
  row(
    "ScopedCache releases what it drops",
    Effect.fnUntraced(function* () {
      const log: Array<string> = []
      yield* Effect.scoped(
        Effect.gen(function* () {
          const cache = yield* ScopedCache.make({ capacity: 1, lookup: (n: number) => held(log, n) })
          yield* ScopedCache.get(cache, 1)
          yield* Effect.sleep("5 seconds")
          yield* ScopedCache.get(cache, 2)
        })
      )
      return log
    }),
    ["got 1", "released 1", "got 2", "released 2"]
  ),
  row(
    "RcMap releases a key when it is idle for long enough",
    Effect.fnUntraced(function* () {
      const log: Array<string> = []
      yield* Effect.scoped(
        Effect.gen(function* () {
          const map = yield* RcMap.make({ lookup: (n: number) => held(log, n), idleTimeToLive: "10 seconds" })
          yield* Effect.scoped(RcMap.get(map, 1))
          yield* Effect.sleep("5 seconds")
          yield* Effect.scoped(RcMap.get(map, 1))
          yield* Effect.sleep("15 seconds")
          yield* Effect.scoped(RcMap.get(map, 1))
          log.push("end")
        })
      )
      return log
    }),
    ["got 1", "released 1", "got 1", "end", "released 1"]
  ),
  row(
    "RcRef is acquired while it is in use",
    Effect.fnUntraced(function* () {
      const log: Array<string> = []
      const ref = yield* RcRef.make({ acquire: held(log, 1) })
      const use = (milliseconds: number) => Effect.scoped(Effect.andThen(RcRef.get(ref), Effect.sleep(milliseconds)))
      yield* Effect.all([use(5000), use(10_000)], { concurrency: 2 })
      yield* use(1000)
      return log
    }),
    ["got 1", "released 1", "got 1", "released 1"]
  ),
  row(
    "Pool lends so many at once",
    Effect.fnUntraced(function* () {
      let made = 0
      const acquire = Effect.acquireRelease(
        Effect.suspend(() => Echo(++made)),
        () => Effect.void
      )
      const pool = yield* Pool.make({ acquire, size: 2 })
      return yield* Effect.forEach(
        ["a", "b", "c"],
        (name) => Effect.scoped(Effect.andThen(Pool.get(pool), slow(name, 5000))),
        { concurrency: "unbounded" }
      )
    }, Effect.scoped),
    ["a", "b", "c"]
  ),
  row(
    "Pool.makeWithTTL grows, and shrinks when it is idle",
    Effect.fnUntraced(function* () {
      const log: Array<string> = []
      let made = 0
      const pool = yield* Pool.makeWithTTL({
        acquire: Effect.suspend(() => held(log, ++made)),
        min: 1,
        max: 2,
        timeToLive: "10 seconds"
      })
      yield* Effect.all(
        ["a", "b"].map((name) => Effect.scoped(Effect.andThen(Pool.get(pool), slow(name, 5000)))),
        { concurrency: 2 }
      )
      yield* Effect.sleep("25 seconds")
      return log.map((it) => it.split(" ")[0]!)
    }, Effect.scoped),
    ["got", "got", "released"]
  ),
  row(
    "Resource.manual and Resource.auto fetch again",
    Effect.fnUntraced(function* () {
      const manual = yield* Resource.manual(counted())
      const auto = yield* Resource.auto(counted(), Schedule.spaced("10 seconds"))
      const before = [yield* Resource.get(manual), yield* Resource.get(auto)]
      yield* Effect.sleep("15 seconds")
      yield* Resource.refresh(manual)
      return [before, yield* Resource.get(manual), yield* Resource.get(auto)]
    }, Effect.scoped),
    [[1, 1], 2, 2]
  ),
  row(
    "RequestResolver makes one call of what is asked at once",
    Effect.fnUntraced(function* () {
      const batches: Array<number> = []
      const resolver = prices(batches)
      const found = yield* Effect.forEach([1, 2, 3], (id) => Effect.request(new GetPrice({ id }), resolver), {
        concurrency: "unbounded"
      })
      yield* Effect.sleep("1 second")
      return [found, yield* Effect.request(new GetPrice({ id: 4 }), resolver), batches]
    }),
    [[100, 200, 300], 400, [3, 1]]
  ),
  row(
    "RequestResolver.setDelay gathers over a timer, made in the program",
    Effect.fnUntraced(function* () {
      const batches: Array<number> = []
      const resolver = RequestResolver.setDelay(prices(batches), "10 seconds")
      const found = yield* Effect.forEach(
        [1, 2],
        (id) => Effect.andThen(Effect.sleep(id * 2000), Effect.request(new GetPrice({ id }), resolver)),
        { concurrency: "unbounded" }
      )
      return [found, batches]
    }),
    [[100, 200], [2]]
  ),
  row(
    "RequestResolver.withCache and batchN",
    Effect.fnUntraced(function* () {
      const batches: Array<number> = []
      const resolver = yield* RequestResolver.withCache(RequestResolver.batchN(prices(batches), 2), { capacity: 9 })
      const ask = (ids: ReadonlyArray<number>) =>
        Effect.forEach(ids, (id) => Effect.request(new GetPrice({ id }), resolver), { concurrency: "unbounded" })
      const first = yield* ask([1, 2, 3])
      yield* Effect.sleep("1 second")
      return [first, yield* ask([1, 2]), batches]
    }),
    [
      [100, 200, 300],
      [100, 200],
      [2, 1]
    ]
  ),
  row(
    "Effect.provide of a Layer that calls activities",
    Effect.fnUntraced(function* () {
      const log: Array<string> = []
      const layer = Counter.layer(log, 5)
      const use = Effect.gen(function* () {
        const counter = yield* Counter
        yield* Effect.sleep("5 seconds")
        return [counter.first, counter.next(), yield* Effect.map(Counter, (same) => same.next())]
      })
      return [yield* Effect.provide(use, layer), log]
    }),
    [
      [5, 6, 7],
      ["got 5", "released 5"]
    ]
  ),
  row(
    "Layer.build in a scope, with Layers side by side",
    Effect.fnUntraced(function* () {
      const log: Array<string> = []
      const scope = yield* Scope.make()
      const Waits = Layer.effectDiscard(Effect.sleep("5 seconds"))
      const context = yield* Layer.buildWithScope(Layer.mergeAll(Counter.layer(log, 1), Waits), scope)
      const next = Context.get(context, Counter).next()
      yield* slow("use", 5000)
      yield* Scope.close(scope, Exit.void)
      return [next, log]
    }),
    [2, ["got 1", "released 1"]]
  ),
  row(
    "LayerMap builds a Layer for each key",
    Effect.fnUntraced(function* () {
      const log: Array<string> = []
      const map = yield* LayerMap.make((n: number) => Counter.layer(log, n), { idleTimeToLive: "10 seconds" })
      const next = Effect.map(Counter, (counter) => counter.next())
      const first = yield* Effect.provide(next, map.get(1))
      yield* Effect.sleep("5 seconds")
      const second = yield* Effect.provide(next, map.get(1))
      yield* Effect.sleep("15 seconds")
      return [first, second, log]
    }, Effect.scoped),
    [2, 3, ["got 1", "released 1"]]
  ),
  row(
    "ManagedRuntime of a Layer that does nothing asynchronous",
    Effect.fnUntraced(function* () {
      const Plain = Layer.sync(Counter, () => ({ first: 1, next: () => 2 }))
      const runtime = yield* Effect.acquireRelease(
        Effect.sync(() => ManagedRuntime.make(Plain)),
        (runtime) => runtime.disposeEffect
      )
      const context = yield* runtime.contextEffect
      yield* Effect.sleep("5 seconds")
      return [Context.get(context, Counter).next(), runtime.runSync(Effect.map(Counter, ({ first }) => first))]
    }, Effect.scoped),
    [2, 1]
  )
]
