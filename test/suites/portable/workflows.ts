/**
 * The portable programs as a module of workflows.
 */
export {
  cart,
  copying,
  end,
  first,
  impatient,
  leaving,
  listed,
  parent,
  passing,
  payment,
  relay,
  second,
  slow,
  speaker,
  stuck,
  sum,
  turning,
  undoing,
  wait
} from "./programs.ts"
