/** Places of `test/values/hostile.ts` where something is thrown past all fibers: it ends the execution that it belongs to. */
import { pastFibers } from "../values/hostile.ts"
import { suite } from "../values/hostileSuite.ts"

suite("a value that no code expects harms nothing else", pastFibers)
