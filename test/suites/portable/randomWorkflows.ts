/**
 * The program that is drawn at random as a module of workflows.
 */
export { drawn } from "./random.ts"
