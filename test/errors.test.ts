/** Every public error, as a caller reads it: what happened, to whom, and what to do. */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Activity, Providers, Transfer, WorkflowError } from "perdure"
import type { Problem } from "perdure/HistoryEvent"
import { Version, WorkflowId } from "perdure/Ids"
import {
  Conflict,
  Corrupt,
  NewerFormat,
  Undecryptable,
  StoreError,
  StoreErrorReason,
  TooLarge,
  Unavailable,
  Unsupported
} from "perdure/Store/WorkflowStore"

const problem: Problem = { reason: "Spinning", message: 'workflow "Order" ran for 1000 ms; a workflow must suspend' }
const defect = { name: "TypeError", message: "x is not a function", activity: "Charge" }

const reasons: ReadonlyArray<readonly [WorkflowError.WorkflowErrorReason, string]> = [
  [
    new WorkflowError.NotFound(),
    "there is no such execution; start it first, or look at the id and at the store that is connected"
  ],
  [
    new WorkflowError.AlreadyRegistered({ workflow: "Order" }),
    'workflow "Order" is registered already; give one of the two another name or version'
  ],
  [
    new WorkflowError.AmbiguousActivity({ workflow: "Order", activity: "Charge" }),
    'workflow "Order" has handlers of two activities named "Charge"; give one of the two another name, or provide each ' +
      "workflow with its own handlers only"
  ],
  [
    new WorkflowError.AlreadyExists({ status: "running", differs: "nothing" }),
    "an execution with this id exists (running); use another id. Outside of programs you can also get its handle, or start " +
      'it with whenExists "restart" once it is finished'
  ],
  [
    new WorkflowError.AlreadyExists({ status: "completed", differs: "input" }),
    "an execution with this id exists with another input (completed); use another id. Outside of programs you can also get " +
      'its handle, or start it with whenExists "restart" once it is finished'
  ],
  [
    new WorkflowError.AlreadyExists({ status: "failed", differs: "workflow" }),
    "the id belongs to another workflow (failed); use another id"
  ],
  [
    new WorkflowError.InvalidPayload({ of: "the input of workflow Order", issue: "Expected string, got 7" }),
    "the input of workflow Order: Expected string, got 7"
  ],
  [new WorkflowError.Forbidden({ detail: "ada may not cancel Order" }), "not allowed: ada may not cancel Order"],
  [new WorkflowError.RateLimited({ retryAfter: 249.2 }), "too many operations at once; try again in 250 ms"],
  [
    new WorkflowError.InTransaction(),
    "a transaction is open, and no worker hears of anything in it before it has taken effect; wait for results, ask for " +
      "updates and query after it"
  ],
  [
    new WorkflowError.InvalidId({ bytes: 2000 }),
    "a workflow id may have 1024 bytes and this one has 2000; use a digest of it"
  ],
  [
    new WorkflowError.PayloadTooLarge({ of: 'the payload of signal "approve"', bytes: 9_000_000, limit: 8_388_608 }),
    'the payload of signal "approve" takes 9000000 bytes and the store accepts 8388608; keep large data elsewhere and ' +
      "pass a reference to it"
  ],
  [
    new WorkflowError.Finished({ status: "completed" }),
    "the execution is finished (completed) and takes no more messages; read its result instead"
  ],
  [
    new WorkflowError.Unfinished({ status: "running" }),
    "the execution is not finished (running); cancel or terminate it first"
  ],
  [
    new WorkflowError.StillOwes({ messages: 2 }),
    "the execution is finished and still owes 2 message(s) to other executions; try again when a worker has delivered them"
  ],
  [
    new WorkflowError.Restarted({ runId: "r2" }),
    'the id was started again, as run "r2"; get a new handle to speak to that one'
  ],
  [
    new WorkflowError.WrongWorkflow({ expected: "Order", found: "Refund" }),
    'this is an execution of workflow "Refund", not of "Order"; use the definition of that workflow, or another id'
  ],
  [
    new WorkflowError.NewerRelease({ format: 3, known: 2 }),
    "the execution was recorded in format 3 and this release reads formats up to 2; update this process to the release " +
      "that wrote it"
  ],
  [
    new WorkflowError.NewerRelease({ format: 2_000_001, known: 2 }),
    "its payloads are encrypted, and this process has no codec: provide PayloadCodec.layer over its store"
  ],
  [
    new WorkflowError.Undecryptable({ fault: "MissingKey", keyId: "first" }),
    'it is encrypted with the key "first", which this process does not have: give the payload codec that key too'
  ],
  [
    new WorkflowError.Undecryptable({ fault: "Refused", keyId: "first" }),
    'it is encrypted with the key "first", and cannot be decrypted: this process has another key of that id, or it was ' +
      "changed, cut or moved"
  ],
  [
    new WorkflowError.Undecryptable({ fault: "NotEncrypted" }),
    "it is not encrypted: set readPlain of the payload codec while there is anything from before the codec"
  ],
  [new WorkflowError.Cancelled({ because: "out of stock" }), "the execution was cancelled: out of stock"],
  [new WorkflowError.TimedOut({}), "the execution took longer than its timeout"],
  [new WorkflowError.Terminated({ because: "a mistake" }), "the execution was terminated: a mistake"],
  [
    new WorkflowError.Defect({ defect }),
    'the program ended with a defect: in activity "Charge": TypeError: x is not a function'
  ],
  [
    new WorkflowError.Blocked({ problem }),
    'the execution is blocked: workflow "Order" ran for 1000 ms; a workflow must suspend'
  ],
  [
    new WorkflowError.StoreUnavailable({ detail: "the store did not answer: ECONNREFUSED" }),
    "the store could not be used: the store did not answer: ECONNREFUSED; try again: a start, an update with an " +
      "id and a signal with a key may be repeated safely; look at the execution before you repeat anything else"
  ],
  [
    new WorkflowError.StoreFailed({ detail: "load: what is stored cannot be read: no JSON; restore it from a backup" }),
    "load: what is stored cannot be read: no JSON; restore it from a backup"
  ],
  [
    new WorkflowError.UpdateIdInUse({ updateId: "u" }),
    'the id "u" belongs to another update of this execution, of another name or with another input; use an id for each request'
  ],
  [
    new WorkflowError.AnswerDeleted({ updateId: "u" }),
    'update "u" was done, and its answer was deleted with an earlier run of the execution; ask the execution what came of it, ' +
      "with a query"
  ],
  [
    new WorkflowError.ActivityOver({ activity: "Charge" }),
    'the call of activity "Charge" does not wait for this: it was ended before, its timeout has passed, or the program gave it up; ' +
      "look at the history of the execution"
  ],
  [
    new WorkflowError.Defect({ defect, update: "add" }),
    'the handler of update "add" ended with a defect: in activity "Charge": TypeError: x is not a function'
  ],
  [
    new WorkflowError.OtherFailed({ operation: "start", because: "NotFound", detail: "no child", update: "add" }),
    'the handler of update "add" ended by what it asked of another execution: no child'
  ],
  [
    new WorkflowError.UnknownQuery({ query: "progres", answers: ["progress", "item"] }),
    'the program does not answer query "progres" at the moment (it answers "progress", "item"); let it call answer or ' +
      "publish before it waits for anything, or ask later"
  ],
  [
    new WorkflowError.UnknownQuery({ query: "progress", answers: [] }),
    'the program does not answer query "progress" at the moment (it answers none); let it call answer or publish before it ' +
      "waits for anything, or ask later"
  ],
  [
    new WorkflowError.NoProgram({ workflow: "Import", query: "progress" }),
    'query "progress" is not published, and this process does not have the program of workflow "Import"; register it here ' +
      "with its toLayer, or let the program publish the query, which every process can read then"
  ],
  [
    new WorkflowError.NotPublished({ query: "log", detail: "it takes 9000 bytes" }),
    'the published value of query "log" is left out: it takes 9000 bytes; publish less, or ask in a process that has ' +
      "registered the workflow"
  ],
  [
    new WorkflowError.OnlyReads({ query: "progress", what: "slept" }),
    'the handler of query "progress" may only read, and it slept; do that in the program, keep what comes of it in a Ref, ' +
      "and let the handler read the Ref"
  ],
  [
    new WorkflowError.QueryDefect({ query: "progress", defect }),
    'the handler of query "progress" ended with a defect, which the program did not notice; mend the handler: in activity ' +
      '"Charge": TypeError: x is not a function'
  ],
  [
    new WorkflowError.OtherFailed({
      operation: "result",
      workflowId: "child",
      because: "Cancelled",
      detail: 'result "child": the execution was cancelled: rain'
    }),
    'the program ended by what it asked of another execution: result "child": the execution was cancelled: rain'
  ],
  [
    new WorkflowError.ShutDown(),
    "the executor was shut down; the execution is kept and goes on when an executor runs it again"
  ]
]

const storeReasons: ReadonlyArray<readonly [StoreErrorReason, string]> = [
  [
    new Conflict({ version: Version.make(3), latest: Version.make(4) }),
    "version 3 was not free; the latest stored version is 4"
  ],
  [new Unavailable({ cause: new Error("ECONNREFUSED") }), "the store did not answer: ECONNREFUSED"],
  [
    new TooLarge({ bytes: 9, limit: 8 }),
    "the events take 9 bytes and the store accepts 8; keep large data elsewhere and pass a reference to it, or raise " +
      "maxCommitBytes"
  ],
  [
    new Corrupt({ detail: "the summary is not JSON; restore this one from a backup" }),
    "what is stored cannot be read: the summary is not JSON; restore this one from a backup"
  ],
  [
    new Undecryptable({ fault: "MissingKey", keyId: "first" }),
    'it is encrypted with the key "first", which this process does not have: give the payload codec that key too'
  ],
  [
    new NewerFormat({ format: 3, known: 2 }),
    "it was written in format 3 and this release reads formats up to 2; use the release that wrote it"
  ],
  [new Unsupported({ detail: "the filter: limit must be at least 1" }), "the filter: limit must be at least 1"]
]

const tagsOf = (union: { readonly members: ReadonlyArray<unknown> }) =>
  union.members.map((member) => (member as { readonly identifier: string }).identifier)

describe("an error says what happened, to what, and what to do", () => {
  for (const [reason, text] of reasons) {
    it(`${reason._tag}: ${text.slice(0, 60)}`, () => {
      const { message } = new WorkflowError.WorkflowError({ operation: "result", workflowId: "order-1", reason })
      assert.strictEqual(message, `result "order-1": ${text}`)
    })
  }

  for (const [reason, text] of storeReasons) {
    it(`${reason._tag} of a store`, () => {
      const { message } = new StoreError({ operation: "load", workflowId: WorkflowId.make("order-1"), reason })
      assert.strictEqual(message, `load of "order-1": ${text}`)
    })
  }

  it("and shows of a long id the beginning", () => {
    const reason = new WorkflowError.NotFound()
    const messageOf = (length: number) =>
      new WorkflowError.WorkflowError({ operation: "find", workflowId: "x".repeat(length), reason }).message
    const ofStore = new StoreError({
      operation: "load",
      workflowId: WorkflowId.make("x".repeat(5000)),
      reason: new Unavailable({ cause: new Error("ECONNREFUSED") })
    })
    const [whole, beginning] = [200, 200].map((length) => JSON.stringify("x".repeat(length)))
    assert.strictEqual(messageOf(200), `find ${whole}: ${reason.message}`)
    assert.strictEqual(messageOf(5000), `find ${beginning}... (5000 characters): ${reason.message}`)
    assert.strictEqual(ofStore.message, `load of ${beginning}... (5000 characters): ${ofStore.reason.message}`)
  })

  it("a timeout of an activity", () => {
    const { message } = new Activity.ActivityTimedOut({ activity: "Charge", after: 300 })
    assert.strictEqual(message, 'activity "Charge" took longer than 300 ms')
  })

  it("and there are no others", () => {
    assert.sameMembers(
      [...new Set(reasons.map(([{ _tag }]) => _tag as string))],
      tagsOf(WorkflowError.WorkflowErrorReason)
    )
    assert.sameMembers([...new Set(storeReasons.map(([{ _tag }]) => _tag as string))], tagsOf(StoreErrorReason))
  })
})

describe("an error is shown by Node.js as one", () => {
  const all: ReadonlyArray<Error & { readonly _tag: string }> = [
    ...reasons.map(([reason]) => reason),
    ...storeReasons.map(([reason]) => reason),
    new WorkflowError.WorkflowError({
      operation: "start",
      workflowId: "order-1",
      reason: new WorkflowError.ShutDown()
    }),
    new StoreError({ operation: "save", reason: new TooLarge({ bytes: 9, limit: 8 }) }),
    new Activity.ActivityTimedOut({ activity: "Charge", after: 300 }),
    ...[
      new Providers.Unknown({ known: ["memory"] }),
      new Providers.NotInstalled({ missing: "redis", packages: ["redis"] })
    ].flatMap((reason) => [reason, new Providers.ProviderError({ kind: "store", provider: "redis", reason })]),
    ...[
      new Transfer.StillRunning({ workers: [] }),
      new Transfer.BadLine({ line: 1, detail: "no JSON" }),
      new Transfer.NewerExport({ form: 2, known: 1 }),
      new Transfer.CutOff({ lines: 1 })
    ].flatMap((reason) => [reason, new Transfer.TransferError({ operation: "import", reason })])
  ]
  for (const [index, error] of all.entries()) {
    it(`${index}: ${error._tag}, with message, stack and fields`, () => {
      const shown = inspect({ error }, { depth: 5 })
      const [first = "", second = ""] = shown.slice(shown.indexOf("error: ")).split("\n")
      assert.strictEqual(first, `error: ${error._tag}: ${error.message}`)
      assert.match(second, /^ +at .*errors\.test\.ts/)
      for (const field of Object.keys(error)) assert.match(shown, new RegExp(`^ +\\[?${field}\\]?:`, "m"))
    })
  }
})
