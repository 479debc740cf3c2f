/**
 * Queries that are asked while each commit is being saved, in processes that die at each commit: they leave no trace, and each is
 * answered, unless its process has died.
 */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, type Exit, Layer } from "effect"
import type { QueryAnswer } from "perdure/Message"
import * as Memory from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import type { WorkflowError } from "perdure/WorkflowError"
import { all, type Scenario, virtual } from "../corpus/scenarios.ts"
import { answering, layerAnswering, misdeeds, Now, Wrong } from "../support/answering.ts"
import { type Options, run } from "./CrashRun.ts"
import { check } from "./Observer.ts"
import { places } from "./Process.ts"

/** A question, and whether its process has died meanwhile. */
interface Asked {
  readonly misdeed: string | undefined
  readonly isDead: () => boolean
  answer: Exit.Exit<QueryAnswer, WorkflowError> | undefined
}

/** Asks the program for its time, and asks it to do what it may not do. */
const asking = (questions: Array<Asked>): Required<Options>["whileSaving"] => {
  return ({ died, executor }, workflowId) => {
    for (const misdeed of [undefined, misdeeds[questions.length % misdeeds.length]]) {
      const [name, input] = misdeed === undefined ? [Now.name, null] : [Wrong.name, misdeed]
      const asked: Asked = { misdeed, isDead: () => Deferred.isDoneUnsafe(died), answer: undefined }
      questions.push(asked)
      const fiber = Effect.runFork(executor.send({ workflowId }, { _tag: "Query", name, input }))
      fiber.addObserver((exit) => (asked.answer = exit))
    }
  }
}

/** Fails unless a question was answered as it should be. A process that has died answers anything, or nothing. */
const checkAnswer = ({ answer, isDead, misdeed }: Asked): void => {
  if (isDead()) return
  if (answer === undefined) return assert.fail(`no answer to ${misdeed ?? "the time"}`)
  if (answer._tag === "Success") {
    assert.isUndefined(misdeed)
    return assert.strictEqual(answer.value._tag, "Success")
  }
  const [fail] = answer.cause.reasons
  const reason = fail?._tag === "Fail" ? fail.error.reason : assert.fail(String(answer.cause))
  if (reason._tag !== "OnlyReads") return assert.fail(reason.message)
  assert.strictEqual(reason.what, misdeed)
}

const prove = Effect.fnUntraced(function* (scenario: Scenario) {
  const store = yield* Memory.make()
  const layer = Layer.succeed(WorkflowStore, store)
  let runs = 0
  const attempt = (options: Partial<Options>) =>
    run({ scenario, workflowId: `${scenario.name} ${runs++}`, layer, store, ...options })
  const sound = yield* attempt({})
  const asked = {
    ...scenario,
    program: answering(scenario.program),
    layer: layerAnswering(scenario.layer)
  }
  let processes = 2
  for (let commit = 1; processes > 1; commit++) {
    const crash = { commit, place: places[commit % places.length]! }
    const questions: Array<Asked> = []
    const report = yield* attempt({ scenario: asked, crashes: [crash], whileSaving: asking(questions) })
    processes = report.processes
    check(report, sound, `asked, crashing ${JSON.stringify(crash)}`)
    // What it answers after the end, it answers at once.
    yield* Effect.yieldNow
    questions.forEach(checkAnswer)
    const answered = questions.filter(({ answer }) => answer?._tag === "Success")
    assert.isAbove(answered.length, 0)
  }
})

describe("queries while commits are saved, and processes die at each of them", () => {
  for (const scenario of all({ ...virtual, calls: 16 })) {
    it.effect(`leave no trace: ${scenario.name}`, () => prove(scenario), 60_000)
  }
})
