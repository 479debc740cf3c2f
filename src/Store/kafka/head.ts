/**
 * What a record says: the first line of its value, as JSON with short names, since there is one for each commit.
 */

/** What names a commit of an execution. */
export interface Fact {
  readonly v: number
  /** The id of the commit. */
  readonly c: string
  readonly run: string
  /** The version of the first commit of the run. */
  readonly first: number
  /** The format of the events; 1 when it is absent. */
  readonly f?: number | undefined
}

/** What is left of commits that were removed, as `Deletion` in `WorkflowStore.ts`. */
export interface Remains {
  readonly version: number
  readonly said: Readonly<{ [chain: string]: number }>
}

interface Written {
  readonly id: string
  /** The position up to which its writer had folded: it knew every record below, not the one there. */
  readonly seen: number
}

/** A commit, a deletion and its burial, a removal of older runs and its seal. */
export type Head =
  | (Written & { readonly k: "c"; readonly prev?: number | undefined; readonly after?: number | undefined } & Fact)
  | (Written & { readonly k: "d"; readonly prev: number; readonly record: Remains })
  | (Written & { readonly k: "g"; readonly after: number; readonly record: Remains; readonly time: number })
  | (Written & {
      readonly k: "t"
      readonly prev: number
      /** The offset of the commit with which the history begins from there on. */
      readonly at: number
      /** The offset of the first commit since the id was free. */
      readonly born: number
      /** The offset of the removal before it; -1 when there is none. */
      readonly last: number
      readonly record: Remains
    })
  | (Written & {
      readonly k: "u"
      readonly after: number
      readonly at: number
      readonly born: number
      readonly record: Remains
    })
