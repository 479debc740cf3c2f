/** Sequences of operations, the same ones each time; `test/deep/operations.test.ts` has many more, also on SQLite. */
import * as Memory from "perdure/Store/Memory"
import { manyOperations } from "../suites/executor/operations.ts"
import { makeIt } from "../suites/executor/SuitePart.ts"

manyOperations(80, { size: 30, seed: "operations" })(makeIt({ store: Memory.layer }))
