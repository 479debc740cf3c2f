import * as Memory from "perdure/Store/Memory"
import { suite } from "../ExecutorSuite.ts"

suite("memory", { store: Memory.layer })
