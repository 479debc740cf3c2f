/**
 * Parents and their children.
 */
import type { Scenario } from "../state.ts"
import { faults, none, one, receives } from "./parts.ts"

/** Parents and their children. */
export const children = {
  child: {
    about: "P starts C and waits; C continues as new once",
    programs: { P: [["start", "C", "cancel"], ["await", "C"], ["return"]], C: [["continue"], ["return"]] },
    there: ["P"],
    faults: one
  },
  childOver: {
    about: "P continues as new while C runs, then waits for it",
    programs: {
      P: [["start", "C", "cancel"], ["started", "C"], ["continue"], ["await", "C"], ["return"]],
      C: [["continue"], ["return"]]
    },
    there: ["P"],
    faults: one
  },
  childOverDelete: {
    about: "P continues as new while C runs, then waits for it; C is deleted when it has ended",
    programs: {
      P: [["start", "C", "cancel"], ["started", "C"], ["continue"], ["await", "C"], ["return"]],
      C: [["return"]]
    },
    there: ["P"],
    clients: [
      [
        ["delete", "C"],
        ["delete", "C"]
      ]
    ],
    faults: faults(0, 1, 0)
  },
  twoChildren: {
    about: "a child of each run of P, by the same command of the run",
    programs: {
      P: [["start", "A", "abandon"], ["continue"], ["start", "B", "abandon"], ["await", "B"], ["return"]],
      A: [["return"]],
      B: receives
    },
    there: ["P"],
    faults: none
  },
  childSignals: {
    about: "C signals its parent from each of two runs and ends",
    programs: {
      P: [["start", "C", "cancel"], ["await", "C"], ["idle"]],
      C: [["signal", "P"], ["continue"], ["signal", "P"], ["return"]]
    },
    there: ["P"],
    faults: one
  },
  childRestart: {
    about: "C ends and is started again by a client while its parent is cancelled",
    programs: { P: [["start", "C", "cancel"], ["receive"], ["return"]], C: [["return"]] },
    there: ["P"],
    clients: [[["cancel", "P"]], [["restart", "C"]]],
    faults: faults(0, 1, 1)
  },
  taken: {
    about: "the id of a child is in use by another execution",
    programs: { P: [["start", "C", "cancel"], ["await", "C"], ["return"]], C: [["receive"], ["idle"]] },
    there: ["P", "C"],
    clients: [[["cancel", "P"]]],
    faults: one
  },
  takenDeleted: {
    about: "the id of a child is in use, closed and deleted meanwhile",
    programs: { P: [["start", "C", "cancel"], ["await", "C"], ["idle"]], C: [["return"]] },
    there: ["P", "C"],
    clients: [[["delete", "C"]]],
    faults: one
  },
  deleteChild: {
    about: "C is deleted while P waits for it",
    programs: { P: [["start", "C", "abandon"], ["await", "C"], ["idle"]], C: [["return"]] },
    there: ["P"],
    clients: [[["delete", "C"]], [["delete", "C"]]],
    faults: one
  },
  parentClose: {
    about: "P starts C, signals D and closes at once",
    programs: {
      P: [["start", "C", "cancel"], ["signal", "D"], ["return"]],
      C: [["continue"], ["receive"], ["return"]],
      D: [["receive"], ["idle"]]
    },
    there: ["P", "D"],
    faults: one
  },
  parentCloseOver: {
    about: "P starts C, continues as new and closes",
    programs: { P: [["start", "C", "cancel"], ["continue"], ["return"]], C: receives },
    there: ["P"],
    faults: one
  },
  parentRestart: {
    about: "P closes and is started again; C of the first chain ends then",
    programs: { P: [["start", "C", "abandon"], ["return"]], C: receives },
    there: ["P"],
    clients: [[["restart", "P"]], [["signal", "C", "k"]]],
    faults: faults(0, 1)
  },
  parentCancel: {
    about: "P is cancelled while its start of C is still under way",
    programs: { P: [["start", "C", "cancel"], ["receive"], ["return"]], C: receives },
    there: ["P"],
    clients: [[["cancel", "P"]]],
    faults: one
  },
  deleteOwing: {
    about: "P closes owing a cancel and a signal, and is deleted",
    programs: {
      P: [["start", "C", "cancel"], ["signal", "D"], ["return"]],
      C: receives,
      D: [["receive"], ["idle"]]
    },
    there: ["P", "D"],
    clients: [[["delete", "P"]]],
    faults: one
  },
  terminate: {
    about: "P and C are terminated from outside",
    programs: {
      P: [["start", "C", "cancel"], ["await", "C"], ["idle"]],
      C: [["continue"], ["receive"], ["return"]]
    },
    there: ["P"],
    clients: [[["terminate", "P"]], [["terminate", "C"]]],
    faults: faults(1, 0, 0)
  }
} satisfies Record<string, Scenario>
