import * as Memory from "perdure/Store/Memory"
import { suite } from "../suites/ExecutorSuite.ts"

suite("memory", { store: Memory.layer })
