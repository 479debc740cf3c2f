/**
 * A small way to break the sources, which a test must notice. `npm run test:mutants` tries them all.
 */

/** Replaces the one place in `file` that reads `find`; the tests of `test` whose titles contain `title` must then fail. */
export interface Mutant {
  readonly file: string
  /** What is wrong then, in words: the file ... */
  readonly bug: string
  readonly find: string
  readonly replace: string
  readonly test: string
  readonly title: string
}
