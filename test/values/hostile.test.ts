/** Nothing that a program, handler, schema, policy or caller throws, returns or passes harms more than its own execution. */
import { places } from "./hostile.ts"
import { suite } from "./hostileSuite.ts"

suite("a value that no code expects harms nothing else", places)
