/** Sequences of operations, the same ones each time; `test/deep/operations.test.ts` has many more, also on SQLite. */
import * as Memory from "perdure/Store/Memory"
import { manyOperations } from "../suites/executor/operations.ts"
import { makeIt } from "../suites/executor/SuitePart.ts"
import { vitest } from "../suites/vitest.ts"

manyOperations(80, { size: 30, seed: "operations" })(makeIt(vitest, { store: Memory.layer }))
