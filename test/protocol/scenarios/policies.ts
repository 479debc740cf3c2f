/**
 * What becomes of children, and of theirs, when a parent closes.
 */
import type { Scenario } from "../state.ts"
import { faults, idles, none, one, receives } from "./parts.ts"

/** What becomes of children, and of theirs, when a parent closes. */
export const policies = {
  closeTerminates: {
    about: "P starts C and closes, which terminates C; C continues as new",
    programs: { P: [["start", "C", "terminate"], ["return"]], C: [["continue"], ["receive"], ["return"]] },
    there: ["P"],
    faults: one
  },
  closeAbandons: {
    about: "P starts C and closes, which leaves C alone; C ends later",
    programs: { P: [["start", "C", "abandon"], ["return"]], C: receives },
    there: ["P"],
    clients: [[["signal", "C", "k"]]],
    faults: one
  },
  terminateRestart: {
    about: "C ends and is started again by a client while its parent closes, which would terminate C",
    programs: { P: [["start", "C", "terminate"], ["receive"], ["return"]], C: [["return"]] },
    there: ["P"],
    clients: [[["signal", "P", "k"]], [["restart", "C"]]],
    faults: faults(0, 1, 1)
  },
  cascadeTerminates: {
    about: "P closes, which terminates C, which terminates G",
    programs: {
      P: [["start", "C", "terminate"], ["receive"], ["return"]],
      C: [["start", "G", "terminate"], ["receive"], ["return"]],
      G: receives
    },
    there: ["P"],
    clients: [[["terminate", "P"]]],
    faults: faults(1, 0, 0)
  },
  cascadeCancels: {
    about: "P is cancelled, which cancels C, which cancels G",
    programs: {
      P: [["start", "C", "cancel"], ["receive"], ["return"]],
      C: [["start", "G", "cancel"], ["receive"], ["return"]],
      G: receives
    },
    there: ["P"],
    clients: [[["cancel", "P"]]],
    faults: faults(1, 0, 0)
  },
  cascadeMixes: {
    about: "P closes, which cancels C, which terminates G, which leaves H alone",
    programs: {
      P: [["start", "C", "cancel"], ["return"]],
      C: [["start", "G", "terminate"], ["receive"], ["return"]],
      G: [["start", "H", "abandon"], ["receive"], ["return"]],
      H: idles
    },
    there: ["P"],
    faults: faults(1, 0, 0)
  },
  cascadeOver: {
    about: "C starts G and continues as new when P closes, which cancels C",
    programs: {
      P: [["start", "C", "cancel"], ["return"]],
      C: [["start", "G", "cancel"], ["continue"], ["receive"], ["return"]],
      G: receives
    },
    there: ["P"],
    faults: faults(1, 0, 0)
  },
  cascadeLeft: {
    about: "P closes, which terminates C, which terminates G; the worker of C has let it go, and lives",
    programs: {
      P: [["start", "C", "terminate"], ["receive"], ["return"]],
      C: [["start", "G", "terminate"], ["idle"]],
      G: idles
    },
    there: ["P"],
    clients: [[["signal", "P", "k"]], [["leave", "C"]]],
    faults: none
  },
  middleTerminated: {
    about: "C between P and G is terminated from outside, and P waits for C",
    programs: {
      P: [["start", "C", "cancel"], ["await", "C"], ["idle"]],
      C: [["start", "G", "cancel"], ["receive"], ["return"]],
      G: receives
    },
    there: ["P"],
    clients: [[["terminate", "C"]]],
    faults: faults(1, 0, 0)
  },
  whole: {
    about: "P starts C, signals D and closes; C and D continue as new; an update of D; P is deleted",
    programs: {
      P: [["start", "C", "cancel"], ["signal", "D"], ["return"]],
      C: [["continue"], ["return"]],
      D: [["receive"], ["continue"], ["idle"]]
    },
    there: ["P", "D"],
    clients: [[["update", "D", "u"]], [["delete", "P"]]],
    faults: none
  }
} satisfies Record<string, Scenario>
