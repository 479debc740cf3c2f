/**
 * Evaluates the modules of Effect and of this library once for all executions of a worker, as every other process does. Temporal would
 * evaluate them again for each, which takes longer than most programs and a megabyte for each that is cached. The modules of the user
 * remain an execution's own.
 *
 * Temporal freezes whatever executions share, with all that can be reached from it. Effect keeps what it has computed in its own values,
 * so only the records of its modules are frozen here, which Temporal then takes for done.
 */

// Effect learns here, and not in an execution, that the sandbox lets nothing be written to it.
Object.freeze(Error)

declare const __webpack_module__: { readonly id: string }
declare const __webpack_modules__: Readonly<Record<string, unknown>>
declare const __webpack_module_cache__: Readonly<Record<string, object | undefined>>
declare const __webpack_require__: (id: string) => unknown

/** Where this library is, in the names of modules. */
const library = __webpack_module__.id.replace(/Executor\/temporal\/sandbox\/preload\.[jt]s$/, "")

const ofUser = /\/sandbox\/(?:entry|userWorkflows|preload)\.[jt]s$/

const isShared = (id: string): boolean =>
  /(?:^|\/)node_modules\/effect\/.*\/[A-Z]\w*\.js$/.test(id) || (id.startsWith(library) && !ofUser.test(id))

const ids = Object.keys(__webpack_modules__)
for (const id of ids) if (isShared(id)) __webpack_require__(id)
for (const id of ids) {
  const record = __webpack_module_cache__[id]
  if (record !== undefined && id !== __webpack_module__.id) Object.freeze(record)
}
