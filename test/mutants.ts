/**
 * Small ways to break the sources, each of which a test must notice. `npm run test:mutants` tries them all.
 */

/** Replaces the one place in `file` that reads `find`. One of the `tests` must then fail. */
export interface Mutant {
  readonly file: string
  readonly find: string
  readonly replace: string
  readonly tests: ReadonlyArray<string>
}

/** The mutants, by the file that they break. */
export const mutants: ReadonlyArray<Mutant> = [
  {
    file: "package.json",
    find: `"./internal/*": null`,
    replace: `"./internals/*": null`,
    tests: ["test/tidy.test.ts"]
  }
]
