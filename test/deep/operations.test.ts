/** Many and longer sequences of operations, which executors answer as their model says. */
import * as Memory from "perdure/Store/Memory"
import { manyOperations } from "../suites/executor/operations.ts"
import { makeIt } from "../suites/executor/SuitePart.ts"

const runs = Number(process.env["COUNT"] ?? 6000)

manyOperations(runs)(makeIt({ store: Memory.layer, timeout: "10 minutes", runs, size: 60 }))
