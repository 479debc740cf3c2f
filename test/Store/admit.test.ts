/** Laws 2 to 4 and 16 of the stores as the one decision that all of them share. */
import { assert, describe, it } from "@effect/vitest"
import { RunId, Version, WorkflowId } from "perdure/Ids"
import { admit, type Head } from "../../src/internal/store/admit.ts"
import { restart, start } from "../suites/store/builders.ts"

const [own, other] = [RunId.make("own"), RunId.make("other")]

/** A commit of the run `own` at a version, which begins the run or goes on with it. */
const commitAt = (version: number, begins: boolean) => {
  const { workflowId, summary } = start(WorkflowId.make("id"), { runId: own })
  const commit = restart({ ...summary, version: Version.make(version - 1) }, { id: "this", runId: own })
  return begins ? commit : { ...commit, workflowId, summary: { ...commit.summary, firstVersion: Version.make(0) } }
}

/** `found` is the id of the commit at the version, if there is one. `is` is the outcome: for a conflict the latest version. */
type Row = readonly [
  words: string,
  head: Head | undefined,
  version: number,
  begins: boolean,
  found: string,
  is: string | number
]

const rows: ReadonlyArray<Row> = [
  ["2. an id begins at version 1", undefined, 1, true, "", "append"],
  ["3. an id does not begin above version 1", undefined, 2, true, "", 0],
  ["3. nothing goes on with an id that is unknown", undefined, 1, false, "", 0],
  ["3. a run goes on at its next version", { version: 4, runId: own }, 5, false, "", "append"],
  ["3. a run does not go on with a gap", { version: 4, runId: own }, 6, false, "", 4],
  ["2. a version that is taken is not free", { version: 4, runId: own }, 4, false, "another", 4],
  ["3. nobody else goes on with a run", { version: 4, runId: other }, 5, false, "", 4],
  ["3. another run begins at the next version", { version: 4, runId: other }, 5, true, "", "append"],
  ["3. another run does not begin with a gap", { version: 4, runId: other }, 6, true, "", 4],
  ["2. another run does not begin at a version that is taken", { version: 4, runId: other }, 4, true, "another", 4],
  ["4. the same commit is known again", { version: 4, runId: own }, 4, false, "this", "stored"],
  ["4. also after later commits, of other runs", { version: 9, runId: other }, 4, true, "this", "stored"],
  ["16. a deleted id begins above its deletion", { version: 4, runId: undefined }, 5, true, "", "append"],
  ["16. a deleted id does not begin at version 1", { version: 4, runId: undefined }, 1, true, "", 4],
  ["16. nothing goes on with a deleted run", { version: 4, runId: undefined }, 5, false, "", 4]
]

describe("the admission of commits", () => {
  it.each(rows)("%s", (_, head, version, begins, found, is) => {
    const admission = admit(head, commitAt(version, begins), found === "" ? undefined : found)
    const told: unknown = typeof admission === "string" ? admission : [admission.version, admission.latest]
    assert.deepStrictEqual(told, typeof is === "string" ? is : [version, is])
  })
})
