/**
 * Signals between executions that are no relatives, and what comes from outside.
 */
import type { Scenario } from "../state.ts"
import { entity, one, receives } from "./parts.ts"

/** Signals between executions that are no relatives. */
export const signals = {
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
    clients: [
      [
        ["delete", "D"],
        ["restart", "D"]
      ]
    ],
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

/** What comes from outside. */
export const fromOutside = {
  outside: {
    about: "signals with a key, one sent twice, over continue-as-new",
    programs: { D: entity },
    there: ["D"],
    clients: [
      [
        ["signal", "D", "k"],
        ["signal", "D", "k"]
      ],
      [["signal", "D", "l"]]
    ],
    faults: one
  },
  update: {
    about: "an update sent twice over continue-as-new",
    programs: { D: [["receive"], ["continue"], ["idle"]] },
    there: ["D"],
    clients: [
      [["signal", "D", "k"]],
      [
        ["update", "D", "u"],
        ["update", "D", "u"]
      ]
    ],
    faults: one
  },
  updateClose: {
    about: "an update sent twice while D closes",
    programs: { D: receives },
    there: ["D"],
    clients: [
      [["signal", "D", "k"]],
      [
        ["update", "D", "u"],
        ["update", "D", "u"]
      ]
    ],
    faults: one
  },
  updateRestart: {
    about: "an update is sent again after D was closed and started again",
    programs: { D: receives },
    there: ["D"],
    clients: [
      [
        ["signal", "D", "k"],
        ["restart", "D"]
      ],
      [
        ["update", "D", "u"],
        ["update", "D", "u"]
      ]
    ],
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
