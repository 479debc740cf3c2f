/**
 * All workflows of the tests of Temporal as one module, so that it is bundled once.
 */
export * from "../../suites/portable/workflows.ts"
export { drawn } from "../../suites/portable/random.ts"
export { counting } from "./crashing.ts"
export { echoing } from "./echoes.ts"
export { corpus, others } from "./programs.ts"
