/**
 * Bundles of modules of workflows, made once for what is in their files: in a process, and over processes where there is a folder for
 * them.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { parseJson } from "../../../internal/core/parse.ts"
import { NotBundled, type TemporalError, temporalError } from "../../../internal/temporal/TemporalError.ts"
import { type Bundled, bundled } from "./bundling.ts"

/** The code of the bundle of a module; made anew when one of its files has changed. */
export const bundleOf = (module: string, folder?: string): Effect.Effect<string, TemporalError> =>
  // One at a time: what waits finds it made.
  alone.withPermits(1)(
    Effect.gen(function* () {
      const path = resolve(module)
      const file = folder === undefined ? undefined : fileOf(folder, path)
      const known = current(inMemory.get(path)) ?? current(file === undefined ? undefined : read(file))
      const kept = known ?? keep(yield* bundled(path))
      inMemory.set(path, kept)
      const isInFolder = file === undefined || (known !== undefined && existsSync(file))
      // What is not kept the next process makes again.
      if (!isInFolder)
        yield* Effect.catch(written(file, JSON.stringify(kept)), ({ message }) => Effect.logWarning(message))
      return kept.code
    })
  )

/** The code of a bundle that was written to a file. */
export const bundleIn = (file: string): Effect.Effect<string, TemporalError> =>
  Effect.try({
    try: () => readFileSync(file, "utf8"),
    catch: (thrown) => temporalError(new NotBundled({ module: file, detail: String(thrown) }))
  })

/** Writes a text to a file, at once as far as readers can see. */
export const written = (file: string, text: string): Effect.Effect<void, TemporalError> =>
  Effect.try({
    try: () => {
      mkdirSync(dirname(resolve(file)), { recursive: true })
      const draft = `${file}.${process.pid}`
      writeFileSync(draft, text)
      renameSync(draft, file)
    },
    catch: (thrown) =>
      temporalError(new NotBundled({ module: file, detail: `the bundle could not be written: ${String(thrown)}` }))
  })

// internal

/** A bundle, with digests of the files that it was made of. */
interface Kept {
  readonly code: string
  readonly files: ReadonlyArray<readonly [path: string, digest: string]>
}

const alone = Semaphore.makeUnsafe(1)
const inMemory = new Map<string, Kept>()

const isKept = Schema.is(
  Schema.Struct({ code: Schema.String, files: Schema.Array(Schema.Tuple([Schema.String, Schema.String])) })
)

const fileOf = (folder: string, module: string): string => join(folder, `${hash(module)}.json`)

const hash = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex").slice(0, 32)

const keep = ({ code, files }: Bundled): Kept => ({
  code,
  files: files.flatMap((path) => {
    const digest = digestOf(path)
    return digest === undefined ? [] : [[path, digest] as const]
  })
})

/** A bundle, if none of its files has changed. */
const current = (kept: Kept | undefined): Kept | undefined =>
  kept !== undefined && kept.files.length > 0 && kept.files.every(([path, digest]) => digestOf(path) === digest)
    ? kept
    : undefined

const digestOf = (path: string): string | undefined => {
  try {
    return hash(readFileSync(path))
  } catch {
    return undefined
  }
}

const read = (file: string): Kept | undefined => {
  try {
    const kept: unknown = parseJson(readFileSync(file, "utf8"))
    return isKept(kept) ? kept : undefined
  } catch {
    return undefined
  }
}
