import { deepStrictEqual } from "node:assert"

/** What `// => value` checks. Not `deepStrictEqual` itself, which would narrow the type of what it is given. */
export const equal = (actual: unknown, expected: unknown): void => deepStrictEqual(actual, expected)
