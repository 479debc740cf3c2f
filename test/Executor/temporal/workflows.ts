/**
 * What runs in Temporal's sandbox: the corpus, unchanged, and a few that are there to fail or to be too slow.
 */
export { corpus, others } from "./programs.ts"
