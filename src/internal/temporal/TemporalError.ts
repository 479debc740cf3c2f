/**
 * Why Temporal cannot be used: one error, a reason for each decision that can be taken.
 */
import * as Schema from "effect/Schema"
import { TaggedError } from "../taggedError.ts"

/**
 * No server answers at the address.
 *
 * @category errors
 * @since 0.2.0
 */
export class Unreachable extends TaggedError<Unreachable>()("Unreachable", {
  address: Schema.String,
  detail: Schema.String
}) {
  override get message() {
    return `no Temporal server answers at ${this.address}: ${this.detail}; start it, give its address, and say by tls whether it is encrypted and with which certificates`
  }
}

/**
 * The server has no such namespace.
 *
 * @category errors
 * @since 0.2.0
 */
export class NamespaceMissing extends TaggedError<NamespaceMissing>()("NamespaceMissing", {
  address: Schema.String,
  namespace: Schema.String
}) {
  /** What makes it. */
  get command() {
    return `temporal operator namespace create --namespace ${quoted(this.namespace)} --address ${quoted(this.address)}`
  }
  override get message() {
    return `Temporal has no namespace ${JSON.stringify(this.namespace)}; make it with: ${this.command}`
  }
}

/**
 * The namespace lacks search attributes that the app asks for, or has them with another type.
 *
 * @category errors
 * @since 0.2.0
 */
export class AttributesMissing extends TaggedError<AttributesMissing>()("AttributesMissing", {
  address: Schema.String,
  namespace: Schema.String,
  /** The ones that it lacks, with the types that Temporal has for them: `Keyword`, `Double`, `Bool`. */
  missing: Schema.Record(Schema.String, Schema.String),
  /** The ones that it has with another type, which is named. */
  different: Schema.Record(Schema.String, Schema.String)
}) {
  /** What makes them. */
  get command() {
    const options = Object.entries(this.missing).map(([name, type]) => ` --name ${quoted(name)} --type ${type}`)
    return `temporal operator search-attribute create --namespace ${quoted(this.namespace)}${options.join("")} --address ${quoted(this.address)}`
  }
  override get message() {
    const different = Object.entries(this.different)
    if (different.length > 0) {
      const names = different.map(([name, type]) => `${JSON.stringify(name)}, which is ${type}`).join("; ")
      return `namespace ${JSON.stringify(this.namespace)} has search attributes of another type: ${names}; give the attribute another name`
    }
    const names = Object.keys(this.missing).map((name) => JSON.stringify(name))
    return `namespace ${JSON.stringify(this.namespace)} lacks the search attributes ${names.join(", ")}; make them with: ${this.command}`
  }
}

/**
 * A module of workflows imports what Temporal's sandbox cannot have.
 *
 * @category errors
 * @since 0.2.0
 */
export class ImportRefused extends TaggedError<ImportRefused>()("ImportRefused", {
  /** What is imported. */
  imported: Schema.String,
  /** The file that imports it. */
  importedBy: Schema.String
}) {
  override get message() {
    return (
      `${this.importedBy} imports ${JSON.stringify(this.imported)}, which workflows cannot have: programs run in Temporal's sandbox; ` +
      "move what uses it into the layer of an activity, in a module that the module of workflows does not import"
    )
  }
}

/**
 * The module of workflows could not be bundled.
 *
 * @category errors
 * @since 0.2.0
 */
export class NotBundled extends TaggedError<NotBundled>()("NotBundled", {
  module: Schema.String,
  detail: Schema.String
}) {
  override get message() {
    return `the module of workflows ${this.module} could not be bundled: ${this.detail}`
  }
}

/**
 * The module of workflows has none that could run, so a worker would block every execution that it takes.
 *
 * @category errors
 * @since 0.2.0
 */
export class WorkflowsRefused extends TaggedError<WorkflowsRefused>()("WorkflowsRefused", {
  /** The module, or the file of its bundle. */
  module: Schema.String,
  detail: Schema.String
}) {
  override get message() {
    return `the workflows of ${this.module} cannot run: ${this.detail}`
  }
}

/**
 * The worker cannot run, or has ended by itself.
 *
 * @category errors
 * @since 0.2.0
 */
export class WorkerFailed extends TaggedError<WorkerFailed>()("WorkerFailed", {
  taskQueue: Schema.String,
  detail: Schema.String
}) {
  override get message() {
    return `the worker of queue ${JSON.stringify(this.taskQueue)} failed: ${this.detail}`
  }
}

/**
 * The server refuses what it is asked.
 *
 * @category errors
 * @since 0.2.0
 */
export class Denied extends TaggedError<Denied>()("Denied", {
  detail: Schema.String
}) {
  override get message() {
    return `Temporal refuses: ${this.detail}; look at apiKey, tls and what they are allowed`
  }
}

/**
 * Why Temporal cannot be used.
 *
 * @category errors
 * @since 0.2.0
 */
export const TemporalErrorReason = Schema.Union([
  Unreachable,
  NamespaceMissing,
  AttributesMissing,
  ImportRefused,
  NotBundled,
  WorkflowsRefused,
  WorkerFailed,
  Denied
])
export type TemporalErrorReason = typeof TemporalErrorReason.Type

/**
 * Temporal cannot be used.
 *
 * @category errors
 * @since 0.2.0
 */
export class TemporalError extends TaggedError<TemporalError>()("TemporalError", {
  reason: TemporalErrorReason
}) {
  override get message() {
    return this.reason.message
  }
}

/** The error of a reason. */
export const temporalError = (reason: TemporalErrorReason): TemporalError => new TemporalError({ reason })

// internal

const quoted = (text: string): string => (/^[\w.:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)
