/**
 * Payloads on Temporal, encrypted: each as a payload of bytes, whose metadata say for which execution, and for which call of it. The words
 * of failures are payloads too, and so are the reasons of cancels and terminations. A worker says where a payload belongs and a
 * caller for which execution it is: what was encrypted for another place is refused.
 */
import type { Payload, PayloadCodec, SerializationContext } from "@temporalio/common"
import type { ConnectionLike } from "@temporalio/client"
import proto from "@temporalio/proto"
import * as Result from "effect/Result"
import { Undecryptable } from "../../WorkflowErrorReason.ts"
import { type Codec, sealedEncoding } from "./Codec.ts"
import { undecryptableError } from "./failures.ts"
import { jsonOf } from "./json.ts"

/** Where a payload belongs, as far as that is known. */
interface Place {
  readonly workflowId: string
  /** Known to workers alone. */
  readonly activityId?: string | undefined
}

/** What Temporal's worker encrypts and decrypts with. */
export const codecOf = (codec: Codec): PayloadCodec => ({
  encode: (payloads, context) =>
    Promise.resolve(payloads.map((payload) => sealed(codec, payload, placeIn(context ?? {})))),
  // A throw is a failed task, which Temporal repeats: nothing is lost until a worker has the key.
  decode: (payloads, context) =>
    Promise.resolve(payloads)
      .then((payloads) => payloads.map((payload) => opened(codec, payload, context && isExactly(context))))
      .catch((thrown) => Promise.reject(thrown instanceof Undecryptable ? undecryptableError(thrown) : thrown))
})

/** A connection on which callers see nothing of the encryption. What a list says of executions is left to `openedIn`. */
export const sealedConnection = <C extends Pick<ConnectionLike, "workflowService">>(connection: C, codec: Codec): C => {
  const workflowService = new Proxy(connection.workflowService, {
    get: (service, name) => {
      const method: unknown = Reflect.get(service, name)
      if (typeof method !== "function" || typeof name !== "string") return method
      return (request: object) => {
        const place = placeOf(request)
        const answered = Promise.resolve<unknown>(method.call(service, changed(request, sealing(codec, name), place)))
        return name === "listWorkflowExecutions"
          ? answered
          : answered.then((answer) => changed(answer, opening(codec), place))
      }
    }
  })
  return Object.create(connection, { workflowService: { value: workflowService } }) as C
}

/** A part of an answer as it was before it was encrypted. */
export const openedIn = <A>(codec: Opener | undefined, part: A): Result.Result<A, Undecryptable> =>
  codec === undefined
    ? Result.succeed(part)
    : Result.try({
        try: () => changed(part, opening(codec), undefined) as A,
        catch: (thrown) => (thrown instanceof Undecryptable ? thrown : new Undecryptable({ fault: "Refused" }))
      })

/** A part of an answer, unless it is encrypted and there is no codec: it would be read as if its bytes were the value. */
export const unsealed = <A>(codec: Codec | undefined, part: A): Result.Result<A, Undecryptable> =>
  codec === undefined ? openedIn(withoutKeys, part) : Result.succeed(part)

// internal

/** What decrypts. */
type Opener = Pick<Codec, "open" | "readPlain">

const withoutKeys: Opener = {
  open: () => Result.fail(new Undecryptable({ fault: "MissingKey" })),
  readPlain: true
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text)
const textOf = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString()

const wire = proto.temporal.api.common.v1.Payload

const placeIn = ({
  activityId,
  workflowId
}: {
  readonly workflowId?: string | undefined
  readonly activityId?: string | undefined
}): Place | undefined => (workflowId === undefined ? undefined : { workflowId, activityId })

/** The text of a place, which is authenticated: of an execution, of a call of it, or of none, in what no worker knows the place of. */
const written = (place: Place | undefined): string =>
  JSON.stringify([place?.workflowId, place?.activityId].filter((part) => part !== undefined))

const sealed = (codec: Codec, payload: Payload, place: Place | undefined): Payload => {
  const text = written(place)
  return {
    metadata: { encoding: bytesOf(sealedEncoding), place: bytesOf(text) },
    data: codec.seal(wire.encode(payload).finish(), text)
  }
}

/** Throws what says why it cannot be read. */
const opened = (codec: Opener, payload: Payload, belongs: ((written: string) => boolean) | undefined): Payload => {
  if (textOf(payload.metadata?.["encoding"]) !== sealedEncoding) {
    if (codec.readPlain) return payload
    throw new Undecryptable({ fault: "NotEncrypted" })
  }
  const text = textOf(payload.metadata?.["place"])
  if (belongs?.(text) === false) throw new Undecryptable({ fault: "Refused" })
  const content = codec.open(payload.data ?? new Uint8Array(), text)
  if (Result.isFailure(content)) throw content.failure
  const { data, metadata } = wire.decode(content.success)
  return { data, metadata }
}

/** A worker is told the place of nearly everything that it reads. */
const isExactly = (context: SerializationContext): ((text: string) => boolean) => {
  const place = written(placeIn(context))
  return (text) => text === place
}

/** A caller knows the execution, to which also what is of its calls belongs. */
const isWithin = (place: Place | undefined): ((text: string) => boolean) => {
  const ofExecution = written(place)
  return (text) => text === ofExecution || text.startsWith(`${ofExecution.slice(0, -1)},`)
}

/** What becomes of the parts of a message. */
interface Change {
  readonly payload: (payload: Payload, place: Place | undefined) => Payload
  /** The texts that are secret. */
  readonly reason?: ((text: string, place: Place | undefined) => string) | undefined
  readonly failure?: ((failure: Failure, place: Place | undefined) => object) | undefined
}

/** What is looked at of a failure: its words, where they are encrypted. */
interface Failure {
  readonly encodedAttributes?: Payload | null
}

const sealing = (codec: Codec, method: string): Change => ({
  payload: (payload, place) => sealed(codec, payload, place),
  reason:
    method === "requestCancelWorkflowExecution" || method === "terminateWorkflowExecution"
      ? (text, place) => `${sealedReason}${Buffer.from(codec.seal(bytesOf(text), reasonOf(place))).toString("base64")}`
      : undefined
})

const opening = (codec: Opener): Change => ({
  payload: (payload, place) => opened(codec, payload, place && isWithin(place)),
  // What people write at Temporal's command line is read as it is.
  reason: (text, place) => {
    if (!text.startsWith(sealedReason)) return text
    const content = codec.open(Buffer.from(text.slice(sealedReason.length), "base64"), reasonOf(place))
    if (Result.isFailure(content)) throw content.failure
    return textOf(content.success)
  },
  failure: (failure, place) => {
    const { encodedAttributes } = failure
    if (!encodedAttributes) return failure
    const copy = copyOf(failure)
    delete copy["encodedAttributes"]
    try {
      // The words of a task that failed are encrypted for no place.
      const isPlaced = textOf(encodedAttributes.metadata?.["place"]) !== written(undefined)
      const said = jsonOf(opened(codec, encodedAttributes, isPlaced && place ? isWithin(place) : undefined)) as {
        readonly message?: string
        readonly stack_trace?: string
      } | null
      return Object.assign(copy, { message: said?.message ?? "", stackTrace: said?.stack_trace ?? "" })
    } catch (thrown) {
      // Of a worker with keys of its own only the words are lost.
      return Object.assign(copy, { message: `the words of a failure: ${(thrown as Error).message}` })
    }
  }
})

const sealedReason = "encrypted "

/** A reason is no payload of its execution. */
const reasonOf = (place: Place | undefined): string => `reason ${written(place)}`

/** The fields that say why an execution is cancelled or terminated. */
const reasons: ReadonlySet<string> = new Set(["reason", "cause"])

/** What is readable on the server, whatever it is. Of a marker Temporal itself has written the details. */
const readable: ReadonlySet<string> = new Set(["searchAttributes", "header", "markerRecordedEventAttributes"])

/** A message with its parts changed. What is not changed is shared. */
const changed = (value: unknown, change: Change, around: Place | undefined): unknown => {
  if (Array.isArray(value)) return mapped(value, change, around)
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value
  if (isPayload(value)) return change.payload(value, around)
  const place = placeOf(value) ?? around
  const said =
    "encodedAttributes" in value && change.failure !== undefined ? change.failure(value as Failure, place) : value
  let copy: Record<string, unknown> | undefined
  for (const [name, field] of Object.entries(said)) {
    if (readable.has(name)) continue
    const isReason = typeof field === "string" && field !== "" && reasons.has(name) && change.reason !== undefined
    const other = isReason ? change.reason!(field, place) : changed(field, change, place)
    if (other === field) continue
    copy ??= copyOf(said)
    copy[name] = other
  }
  return copy ?? said
}

/** A copy whose missing fields have the values that Temporal has for them. */
const copyOf = (message: object): Record<string, unknown> =>
  Object.assign(Object.create(Object.getPrototypeOf(message) as object | null) as Record<string, unknown>, message)

const mapped = (values: ReadonlyArray<unknown>, change: Change, place: Place | undefined): unknown => {
  const others = values.map((each) => changed(each, change, place))
  return others.some((each, index) => each !== values[index]) ? others : values
}

const isPayload = (value: object): value is Payload =>
  "metadata" in value &&
  typeof value.metadata === "object" &&
  value.metadata !== null &&
  (value.metadata as { readonly encoding?: unknown }).encoding instanceof Uint8Array

/** The execution that a message, or a part of one, is about. */
const placeOf = (value: unknown): Place | undefined => {
  if (typeof value !== "object" || value === null) return undefined
  const { execution, updateRef, workflowExecution, workflowId } = value as Readonly<Record<string, unknown>>
  if (typeof workflowId === "string" && workflowId !== "") return { workflowId }
  return placeOf(workflowExecution) ?? placeOf(execution) ?? placeOf(updateRef)
}
