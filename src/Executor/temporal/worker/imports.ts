/**
 * What a bundle for the sandbox may import. A plugin of webpack, which finds each import before it is resolved.
 */
import { builtinModules } from "node:module"

/** An import that the sandbox cannot have. */
export interface Foreign {
  readonly imported: string
  readonly importedBy: string
}

/** Puts the module of the user in the place of another one, and ends the bundling at an import that it may not have. */
export class Imports {
  private readonly user: string
  foreign: Foreign | undefined = undefined

  constructor(user: string) {
    this.user = user
  }

  /** Called by webpack. */
  apply(compiler: Compiler): void {
    compiler.hooks.normalModuleFactory.tap(name, (factory) => {
      factory.hooks.beforeResolve.tap(name, (data) => this.look(data))
    })
  }

  private look(data: Resolving): void {
    const { request } = data
    const importedBy = data.contextInfo.issuer
    if (/[\\/]userWorkflows\.[jt]s$/.test(request)) {
      data.request = this.user
    } else if (isForeign(request, importedBy)) {
      this.foreign ??= { imported: request, importedBy }
      throw new Error(`${importedBy} imports ${request}`)
    }
  }
}

// internal

const name = "perdure"

/** Modules of Node.js for which Temporal has a replacement. */
const replaced: ReadonlySet<string> = new Set(["assert", "url", "util"])

const builtIn: ReadonlySet<string> = new Set(builtinModules)

/** Whether a module of Node.js or of a client of Temporal is imported, and not by Temporal itself. */
const isForeign = (request: string, importedBy: string): boolean => {
  if (/[\\/]node_modules[\\/](@temporalio|protobufjs|@protobufjs|long|ms)[\\/]/.test(importedBy)) return false
  if (request.startsWith("node:")) return true
  if (/^@temporalio\/(client|worker|activity|core-bridge)($|\/)/.test(request)) return true
  return builtIn.has(request.split("/")[0]!) && !replaced.has(request.split("/")[0]!)
}

/** What is used of webpack. */
interface Compiler {
  readonly hooks: {
    readonly normalModuleFactory: Hook<{ readonly hooks: { readonly beforeResolve: Hook<Resolving> } }>
  }
}

interface Hook<A> {
  readonly tap: (name: string, told: (value: A) => void) => void
}

interface Resolving {
  request: string
  readonly contextInfo: { readonly issuer: string }
}
