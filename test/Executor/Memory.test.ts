import * as Memory from "perdure/Store/Memory"
import { suite } from "../suites/DefaultExecutorSuite.ts"

suite("memory", { store: Memory.layer })
