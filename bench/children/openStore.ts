/**
 * Opens the store that the arguments of a program name: its address, what it is on (`kafka`, `inngest` or a component of Dapr) and a folder for
 * snapshots, if there is one. Modules are imported and not barrels, and of one store alone, as by a program that is to start fast.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** What a store is on, and where. */
export interface Place {
  readonly url: string
  readonly name: string
  readonly snapshots: string | undefined
}

export const openStore = ({ name, snapshots, url }: Place, timeout: Duration.Input) => {
  if (name === "kafka") {
    const kafka = Effect.promise(() => import("perdure/Store/Kafka"))
    return Effect.flatMap(kafka, ({ make }) => make({ brokers: url, replicas: 1, snapshots, timeout }))
  }
  return name === "inngest"
    ? Effect.flatMap(
        Effect.promise(() => import("perdure/Store/Inngest")),
        ({ make }) => make({ url, timeout })
      )
    : Effect.flatMap(
        Effect.promise(() => import("perdure/Store/Dapr")),
        ({ make }) => make({ url, component: name, timeout })
      )
}
