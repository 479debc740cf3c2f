/**
 * The name of a program, by which workers tell each other of what they have.
 */

/** A workflow in a version. */
export interface ProgramOf {
  readonly workflow: string
  readonly workflowVersion?: string | undefined
}

export const programName = ({ workflow, workflowVersion }: ProgramOf): string =>
  workflowVersion === undefined ? workflow : `${workflow}@${workflowVersion}`

/** The version to which a worker that takes a run pins it: that of its program, unless the run has one already. */
export const pinOf = ({ workflowVersion }: ProgramOf, version: string | undefined): { readonly version?: string } =>
  version === undefined || workflowVersion !== undefined ? {} : { version }

/** Numbers count as numbers: 1.10 comes after 1.9. What has no version comes first. */
export const compareVersions = (a: string | undefined, b: string | undefined): number =>
  collator.compare(a ?? "", b ?? "")

// internal

const collator = new Intl.Collator("en", { numeric: true })
