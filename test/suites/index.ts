/**
 * The suites of stores and executors, for those of other packages: with the `describe`, `it` and `afterAll` of their runner.
 */
export { suite as executorSuite } from "./executor/suite.ts"
export type { Options as ExecutorOptions } from "./executor/SuitePart.ts"
export type { Runner } from "./Runner.ts"
export { type Options as StoreOptions, suite as storeSuite } from "./store/suite.ts"
