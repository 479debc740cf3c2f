/**
 * Bundles a module of workflows for the sandbox. Every execution evaluates the whole bundle, so modules that are not used are left out of
 * it; minifying would take longer than it spares.
 */
import { bundleWorkflowCode, DefaultLogger, type LogEntry } from "@temporalio/worker"
import * as Effect from "effect/Effect"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import {
  ImportRefused,
  NotBundled,
  type TemporalError,
  temporalError
} from "../../../internal/temporal/TemporalError.ts"
import { encodesFailures } from "../../../internal/temporal/wire.ts"
import { Imports } from "./imports.ts"

/** A bundle: the code, with its source map in it. */
export interface Bundled {
  readonly code: string
  /** The files that it was made of, and by. */
  readonly files: ReadonlyArray<string>
}

/** The path of a module, by a URL, a text of one, or the path itself. */
export const pathOf = (module: URL | string): string =>
  typeof module === "string" && !module.startsWith("file:") ? module : fileURLToPath(module)

/** Bundles the module at a path. */
export const bundled = (module: string): Effect.Effect<Bundled, TemporalError> =>
  Effect.suspend(() => {
    if (!existsSync(module)) return notBundled(module, "there is no such file")
    const said: Array<LogEntry> = []
    const imports = new Imports(module)
    const files = new Files()
    return Effect.tryPromise({
      try: () =>
        bundleWorkflowCode({
          workflowsPath: entry,
          preloadModules: [preload],
          failureConverterPath: inSandbox("failureConverter"),
          logger: new DefaultLogger("ERROR", (line) => said.push(line)),
          webpackConfigHook: (config) => ({
            ...config,
            mode: "production",
            bail: true,
            optimization: { minimize: false, concatenateModules: false, moduleIds: "named" },
            // Reading the source maps of dependencies takes half of the time.
            module: { ...config.module, rules: (config.module?.rules ?? []).filter(isNoSourceMapLoader) },
            devtool: "inline-nosources-cheap-source-map",
            resolve: { ...config.resolve, ...(isSource ? { conditionNames: ["perdure-source", "..."] } : {}) },
            plugins: [...(config.plugins ?? []), imports as never, files as never]
          })
        }),
      catch: (thrown) => ({ thrown })
    }).pipe(
      Effect.matchEffect({
        onSuccess: ({ code }) => Effect.succeed({ code, files: [...bundlers, ...files.all] }),
        onFailure: ({ thrown }) => {
          const { foreign } = imports
          if (foreign !== undefined) return Effect.fail(temporalError(new ImportRefused(foreign)))
          const lines = said.map(({ message }) => message)
          return notBundled(
            module,
            errorIn([thrown instanceof Error ? thrown.message : String(thrown), ...lines].join("\n"))
          )
        }
      })
    )
  })

// internal

/** Whether this library runs from its sources; then its users do in the bundle too. */
const isSource = import.meta.url.endsWith(".ts")

const inSandbox = (name: string): string =>
  fileURLToPath(new URL(`../sandbox/${name}.${isSource ? "ts" : "js"}`, import.meta.url))

const [entry, preload] = [inSandbox("entry"), inSandbox("preload")]

/** What makes failures whose words are payloads, outside of the sandbox. */
export const failureConverterPath = inSandbox("encodingFailures")

/** The code of a bundle whose failures have their words in payloads: also of one that was made ahead of time. It keeps its lines. */
export const encoding = (code: string): string => `globalThis.${encodesFailures}=true;${code}`

/** A bundle that was made by another release is made anew. */
const bundlers = [import.meta.url, new URL(`./imports.${isSource ? "ts" : "js"}`, import.meta.url)].map((url) =>
  fileURLToPath(url)
)

/** The first error that webpack tells, without the list of its modules before and the stack of its loader behind. */
const errorIn = (said: string): string => {
  const [error = said] = said.slice(Math.max(0, said.indexOf("ERROR in "))).split(/\n\s*Caused by:/)
  return error.trimEnd()
}

const notBundled = (module: string, detail: string) => Effect.fail(temporalError(new NotBundled({ module, detail })))

const isNoSourceMapLoader = (rule: unknown): boolean =>
  !(typeof rule === "object" && rule !== null && "enforce" in rule && rule.enforce === "pre")

/** Notes the files of a bundle. */
class Files {
  all: ReadonlyArray<string> = []

  /** Called by webpack. */
  apply(compiler: {
    readonly hooks: {
      readonly done: {
        readonly tap: (
          name: string,
          told: (stats: { readonly compilation: { readonly fileDependencies: Iterable<string> } }) => void
        ) => void
      }
    }
  }): void {
    compiler.hooks.done.tap("perdure", ({ compilation }) => {
      this.all = [...compilation.fileDependencies].filter((path) => /\.[cm]?[jt]sx?$|\.json$/.test(path))
    })
  }
}
