/** Places of `test/values/hostile.ts` that do not hold yet: what escapes from a fiber must end the execution that it belongs to. */
import { pending } from "../values/hostile.ts"
import { suite } from "../values/hostileSuite.ts"

suite("a value that no code expects harms nothing else", pending)
