/** Sidecars of Dapr with a component of which one part is killed, and a client of their state beside the store under test. */
import { Effect, type Scope } from "effect"
import * as Dapr from "perdure/Store/Dapr"
import { type DaprOptions, daprServer, type DaprServer, redisServer } from "./servers.ts"

/** A state store component under test. */
export type Component = "sqlite" | "redis"

export const components: ReadonlyArray<Component> = ["sqlite", "redis"]

/** The ones on which also what takes long is tested. `npm test` has a sample, and `npm run test:dapr` the whole. */
export const longComponents = process.env["DAPR"] === "whole" ? components : (["redis"] as const)

/** Starts a sidecar, with a Redis where the component needs one. What is killed and started again is the sidecar, or that Redis. */
export const sidecar = Effect.fnUntraced(function* (
  component: Component,
  { killed = "sidecar", ...options }: DaprOptions & { readonly killed?: "sidecar" | "redis" } = {}
): Effect.fn.Return<DaprServer, never, Scope.Scope> {
  if (component === "sqlite") return yield* daprServer(options)
  const redis = yield* redisServer(options)
  const server = yield* daprServer({ ...options, redis: redis.address })
  if (killed === "sidecar") return server
  const { kill9, pid, restart } = redis
  return { ...server, kill9, pid, restart }
})

/** Opens a store on a sidecar. */
export const open = ({ url }: Pick<DaprServer, "url">, options: Dapr.Options) => Dapr.make({ url, ...options })

/** Dapr, for processes that contend. */
export const daprPlace = (component: Component, killed: "sidecar" | "redis" = "sidecar") => ({
  start: sidecar(component, { killed }),
  arguments: ({ url }: DaprServer) => [`dapr.${component}`, url],
  open: (server: DaprServer) => open(server, { component })
})

/** The state of a sidecar as any client sees it. */
export const state = ({ url }: Pick<DaprServer, "url">, component: Component) => {
  const path = `${url}/v1.0/state/${component}`
  const ask = (path: string, init: RequestInit = {}) =>
    Effect.promise(async () => {
      const response = await fetch(path, init)
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
      return response.text()
    })
  return {
    /** The value of a key; empty when there is none. */
    read: (key: string) => ask(`${path}/${encodeURIComponent(key)}`),
    /** Writes any JSON as the value of a key. */
    write: (key: string, value: unknown) =>
      ask(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify([{ key, value }])
      }),
    remove: (key: string) => ask(`${path}/${encodeURIComponent(key)}`, { method: "DELETE" })
  }
}
