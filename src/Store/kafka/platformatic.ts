/**
 * The client on `@platformatic/kafka`, whose public API reads without groups.
 */
export { make } from "./kafkajs.ts"
