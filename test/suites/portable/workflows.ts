/**
 * The portable programs as a module of workflows.
 */
export {
  cart,
  copying,
  end,
  first,
  impatient,
  listed,
  parent,
  passing,
  payment,
  relay,
  second,
  slow,
  speaker,
  sum,
  wait
} from "./programs.ts"
