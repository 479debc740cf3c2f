/**
 * The workflows that a worker can run. One name may be there in several versions.
 */
import { compareVersions, programName } from "../../internal/core/programName.ts"
import type { ExecutionSummary } from "../../Store/WorkflowStore.ts"
import type { Registration } from "../WorkflowRegistry.ts"

/** What tells which program an execution needs. */
export type Needs = Pick<ExecutionSummary, "workflow" | "workflowVersion" | "owner">

/** A workflow in a version as workers tell each other of it. */
export const nameOf = ({ version, workflow }: Registration): string =>
  programName({ workflow, workflowVersion: version })

export class Registrations {
  /** By their names; the versions of one name from the lowest to the highest. */
  private readonly all = new Map<string, Array<Registration>>()
  private count = 0

  get size(): number {
    return this.count
  }

  *[Symbol.iterator](): Iterator<Registration> {
    for (const versions of this.all.values()) yield* versions
  }

  /** Whether the version of the workflow is there. */
  has({ version, workflow }: Registration): boolean {
    return this.exact(workflow, version) !== undefined
  }

  /** Whether this very registration is there. */
  includes(registration: Registration): boolean {
    return this.all.get(registration.workflow)?.includes(registration) === true
  }

  add(registration: Registration): void {
    const versions = this.all.get(registration.workflow) ?? []
    this.all.set(registration.workflow, [...versions, registration].sort(byVersion))
    this.count++
  }

  remove(registration: Registration): void {
    const { workflow } = registration
    const versions = this.all.get(workflow) ?? []
    const left = versions.filter((other) => other !== registration)
    if (left.length === 0) this.all.delete(workflow)
    else this.all.set(workflow, left)
    this.count -= versions.length - left.length
  }

  /** For a new run: the version that is asked for, or the highest. */
  toStart(workflow: string, version: string | undefined): Registration | undefined {
    return version === undefined ? this.all.get(workflow)?.at(-1) : this.exact(workflow, version)
  }

  /**
   * For an execution: the version that it is pinned to. One that is pinned to none and has run is of a time before there were
   * versions, so it gets the program without one, or that of the lowest.
   */
  of({ owner, workflow, workflowVersion }: Needs): Registration | undefined {
    if (workflowVersion !== undefined || owner === undefined) return this.toStart(workflow, workflowVersion)
    return this.exact(workflow, undefined) ?? this.all.get(workflow)?.[0]
  }

  /** Whether the program of an execution is there. */
  hasFor(needs: Needs): boolean {
    return this.of(needs) !== undefined
  }

  /** Whether an execution may need another program than the one that it gets: its right one may be registered in a moment. */
  isGuess(needs: Needs): boolean {
    return needs.workflowVersion === undefined && this.of(needs)?.version !== undefined
  }

  private exact(workflow: string, version: string | undefined): Registration | undefined {
    return this.all.get(workflow)?.find((registration) => registration.version === version)
  }
}

// internal

const byVersion = (a: Registration, b: Registration): number => compareVersions(a.version, b.version)
