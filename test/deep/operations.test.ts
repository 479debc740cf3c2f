/** Many and longer sequences of operations, other ones each time, which executors answer as their model says; `COUNT` says how many. */
import { describe } from "@effect/vitest"
import * as Memory from "perdure/Store/Memory"
import { manyOperations } from "../suites/executor/operations.ts"
import { makeIt } from "../suites/executor/SuitePart.ts"
import { vitest } from "../suites/vitest.ts"
import { freshStore } from "../support/sqliteFiles.ts"

const count = Number(process.env["COUNT"] ?? 6000)
const timeout = "10 minutes"

describe("on memory", () => manyOperations(count, { size: 60 })(makeIt(vitest, { store: Memory.layer, timeout })))
describe("on SQLite", () =>
  manyOperations(Math.ceil(count / 20), { size: 60 })(makeIt(vitest, { store: freshStore, timeout })))
