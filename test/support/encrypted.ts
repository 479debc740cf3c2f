/** Stores whose payloads are encrypted, for tests. */
import { Layer, Redacted } from "effect"
import * as PayloadCodec from "perdure/layers/PayloadCodec"
import type { WorkflowStore } from "perdure/Store/WorkflowStore"

/** A key that is the same each time. */
export const keyOf = (id: string, filling = id): PayloadCodec.PayloadKey => ({
  id,
  secret: Redacted.make(Buffer.alloc(32, filling).toString("base64"))
})

const key = keyOf("first")

/** A store with the codec over it. */
export const encrypted = <A, E, R>(
  store: Layer.Layer<A | WorkflowStore, E, R>,
  options: PayloadCodec.Options = {},
  keys: ReadonlyArray<PayloadCodec.PayloadKey> = [key]
) => PayloadCodec.layer(options).pipe(Layer.provideMerge(store), Layer.provide(PayloadCodec.layerKeys(keys)))

/** The codec of executors on Temporal, with the same key in each process. */
export const temporalCodec = PayloadCodec.forTemporal({ keys: [key] })
