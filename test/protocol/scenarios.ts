/**
 * The scenarios: small programs, clients and faults, of which everything that can happen is explored.
 */
import type { Faults, Instruction, Scenario } from "./state.ts"

/** So many crashes, lost answers and late writes. */
const faults = (crashes: number, losses = crashes, late = crashes): Faults => ({ crashes, losses, late })

const one = faults(1)
const none = faults(0)

/** Lives over two runs. */
const entity: ReadonlyArray<Instruction> = [["receive"], ["continue"], ["receive"], ["idle"]]
const receives: ReadonlyArray<Instruction> = [["receive"], ["return"]]
const idles: ReadonlyArray<Instruction> = [["idle"]]

/** Signals between executions that are no relatives. */
const signals = {
  send: {
    about: "P sends two signals to D and closes at once; D continues as new between them",
    programs: { P: [["signal", "D"], ["signal", "D"], ["return"]], D: entity },
    there: ["P", "D"],
    faults: one
  },
  sendOver: {
    about: "P continues as new between two signals to D",
    programs: { P: [["signal", "D"], ["continue"], ["signal", "D"], ["return"]], D: entity },
    there: ["P", "D"],
    faults: one
  },
  sendClosed: {
    about: "D receives one signal and closes",
    programs: { P: [["signal", "D"], ["return"]], D: receives },
    there: ["P", "D"],
    faults: one
  },
  sendRestart: {
    about: "D closes after one signal and is started again",
    programs: { P: [["signal", "D"], ["idle"]], D: receives },
    there: ["P", "D"],
    clients: [[["restart", "D"]]],
    faults: one
  },
  sendEarly: {
    about: "P signals D before D is started",
    programs: { P: [["signal", "D"], ["idle"]], D: [["receive"], ["idle"]] },
    there: ["P"],
    clients: [[["restart", "D"]]],
    faults: one
  },
  sendAgain: {
    about: "D closes by itself and is started again",
    programs: { P: [["signal", "D"], ["idle"]], D: [["return"]] },
    there: ["P", "D"],
    clients: [[["restart", "D"]]],
    faults: one
  },
  sendDelete: {
    about: "D closes after one signal, is deleted and started again",
    programs: { P: [["signal", "D"], ["idle"]], D: receives },
    there: ["P", "D"],
    clients: [[["delete", "D"], ["restart", "D"]]],
    faults: one
  },
  sendSelf: {
    about: "P sends a signal to itself over continue-as-new",
    programs: { P: [["signal", "P"], ["continue"], ["receive"], ["return"]] },
    there: ["P"],
    faults: one
  },
  restartOwing: {
    about: "P closes owing a signal and is started again",
    programs: { P: [["signal", "D"], ["return"]], D: [["receive"], ["receive"], ["idle"]] },
    there: ["P", "D"],
    clients: [[["restart", "P"]]],
    faults: one
  }
} satisfies Record<string, Scenario>

/** Parents and their children. */
const children = {
  child: {
    about: "P starts C and waits; C continues as new once",
    programs: { P: [["start", "C", "cancel"], ["await", "C"], ["return"]], C: [["continue"], ["return"]] },
    there: ["P"],
    faults: one
  },
  childOver: {
    about: "P continues as new while C runs, then waits for it",
    programs: {
      P: [["start", "C", "cancel"], ["continue"], ["await", "C"], ["return"]],
      C: [["continue"], ["return"]]
    },
    there: ["P"],
    faults: one
  },
  childOverDelete: {
    about: "P continues as new while C runs, then waits for it; C is deleted when it has ended",
    programs: { P: [["start", "C", "cancel"], ["continue"], ["await", "C"], ["return"]], C: [["return"]] },
    there: ["P"],
    clients: [[["delete", "C"], ["delete", "C"]]],
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
    faults: faults(1, 0, 0)
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
    faults: faults(0, 1, 0)
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

/** What becomes of children, and of theirs, when a parent closes. */
const policies = {
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
    faults: faults(0, 1, 0)
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
    faults: none
  },
  cascadeOver: {
    about: "C starts G and continues as new when P closes, which cancels C",
    programs: {
      P: [["start", "C", "cancel"], ["return"]],
      C: [["start", "G", "cancel"], ["continue"], ["receive"], ["return"]],
      G: receives
    },
    there: ["P"],
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
    faults: none
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

/** What comes from outside. */
const fromOutside = {
  outside: {
    about: "signals with a key, one sent twice, over continue-as-new",
    programs: { D: entity },
    there: ["D"],
    clients: [[["signal", "D", "k"], ["signal", "D", "k"]], [["signal", "D", "l"]]],
    faults: one
  },
  update: {
    about: "an update sent twice over continue-as-new",
    programs: { D: [["receive"], ["continue"], ["idle"]] },
    there: ["D"],
    clients: [[["signal", "D", "k"]], [["update", "D", "u"], ["update", "D", "u"]]],
    faults: one
  },
  updateClose: {
    about: "an update sent twice while D closes",
    programs: { D: receives },
    there: ["D"],
    clients: [[["signal", "D", "k"]], [["update", "D", "u"], ["update", "D", "u"]]],
    faults: one
  },
  updateRestart: {
    about: "an update is sent again after D was closed and started again",
    programs: { D: receives },
    there: ["D"],
    clients: [[["signal", "D", "k"], ["restart", "D"]], [["update", "D", "u"], ["update", "D", "u"]]],
    faults: one
  },
  cancelOver: {
    about: "a cancel while D continues as new",
    programs: { D: [["receive"], ["continue"], ["receive"], ["return"]] },
    there: ["D"],
    clients: [[["signal", "D", "k"]], [["cancel", "D"]]],
    faults: one
  },
  between: {
    about: "a signal and a cancel between the two commits of continue-as-new",
    programs: { D: [["continue"], ["receive"], ["idle"]] },
    there: ["D"],
    clients: [[["signal", "D", "k"]], [["cancel", "D"]]],
    faults: one
  }
} satisfies Record<string, Scenario>

/** What a program asks of executions that are not its children. */
const questions = {
  askUpdate: {
    about: "P asks D for an update while D continues as new",
    programs: { P: [["update", "D"], ["return"]], D: [["receive"], ["continue"], ["idle"]] },
    there: ["P", "D"],
    clients: [[["signal", "D", "k"]]],
    faults: one
  },
  askClosing: {
    about: "P asks D for an update while D closes",
    programs: { P: [["update", "D"], ["idle"]], D: receives },
    there: ["P", "D"],
    clients: [[["signal", "D", "k"]]],
    faults: one
  },
  askFound: {
    about: "P finds D and asks it for an update; D closes and is started again",
    programs: { P: [["find", "D"], ["update", "D"], ["idle"]], D: receives },
    there: ["P", "D"],
    clients: [[["signal", "D", "k"], ["restart", "D"]]],
    faults: faults(1, 0, 0)
  },
  askById: {
    about: "P asks D for an update, by its id alone; D closes and is started again",
    programs: { P: [["update", "D"], ["idle"]], D: receives },
    there: ["P", "D"],
    clients: [[["signal", "D", "k"], ["restart", "D"]]],
    faults: faults(1, 0, 0)
  },
  askTwice: {
    about: "P asks D for an update in each of two runs",
    programs: { P: [["find", "D"], ["update", "D"], ["continue"], ["update", "D"], ["return"]], D: idles },
    there: ["P", "D"],
    faults: one
  },
  askBetween: {
    about: "P asks D for an update between two runs of D",
    programs: { P: [["update", "D"], ["return"]], D: [["continue"], ["idle"]] },
    there: ["P", "D"],
    faults: one
  },
  askChild: {
    about: "P starts C, asks it for an update and waits for its end; P may be cancelled",
    programs: {
      P: [["start", "C", "cancel"], ["started", "C"], ["update", "C"], ["signal", "C"], ["await", "C"], ["return"]],
      C: receives
    },
    there: ["P"],
    clients: [[["cancel", "P"]]],
    faults: none
  },
  askResult: {
    about: "P asks how D ends; D continues as new, closes, and owes a signal then",
    programs: { P: [["find", "D"], ["result", "D"], ["return"]], D: [["continue"], ["signal", "E"], ["return"]], E: idles },
    there: ["P", "D", "E"],
    faults: faults(1, 0, 0)
  },
  askResultLater: {
    about: "P finds D and asks how it ends when D was started again, or deleted",
    programs: { P: [["find", "D"], ["result", "D"], ["return"]], D: receives },
    there: ["P", "D"],
    clients: [[["terminate", "D"], ["restart", "D"]], [["delete", "D"]]],
    faults: faults(1, 0, 0)
  },
  askEachOther: {
    about: "P asks D for an update, and D asks how P ends",
    programs: { P: [["update", "D"], ["return"]], D: [["find", "P"], ["result", "P"], ["return"]] },
    there: ["P", "D"],
    faults: faults(1, 0, 0)
  },
  askRace: {
    about: "P asks how D ends until a signal comes, and asks E for an update then",
    programs: { P: [["race", "D"], ["update", "E"], ["return"]], D: receives, E: idles },
    there: ["P", "D", "E"],
    clients: [[["signal", "P", "k"]], [["signal", "D", "l"]]],
    faults: none
  },
  askAndLeave: {
    about: "P asks D for an update, and is terminated and started again meanwhile",
    programs: { P: [["update", "D"], ["idle"]], D: idles },
    there: ["P", "D"],
    clients: [[["terminate", "P"], ["restart", "P"]]],
    faults: faults(1, 0, 0)
  }
} satisfies Record<string, Scenario>

export const scenarios = { ...signals, ...children, ...policies, ...fromOutside, ...questions } as const

export type ScenarioName = keyof typeof scenarios
