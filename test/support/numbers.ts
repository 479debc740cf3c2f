export { numbers } from "../suites/numbers.ts"
