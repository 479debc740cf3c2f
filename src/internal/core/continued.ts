/**
 * How an execution goes on with another run: the last event of a run, and what the next one begins with.
 */
import type * as Schema from "effect/Schema"
import type { EventOf, Problem } from "../../HistoryEvent.ts"
import type { RunId, WorkerId } from "../../Ids.ts"
import type { WorkflowState } from "../../WorkflowState.ts"
import { nextRun } from "./derive.ts"
import { digest } from "./digest.ts"
import { leftBy } from "./evolve.ts"
import { equalJson, sortedText } from "./json.ts"
import { latest, mostOfEnds } from "./remembered.ts"

type Started = EventOf<"ExecutionStarted">
type Continued = EventOf<"ExecutionContinued">
type Carried = NonNullable<Started["continues"]>

/** How a child has ended: its chain, and its last event. */
export type EndOfChild = NonNullable<Carried["ended"]>[number]

/** The first run of the chain that a run is part of. */
export const chainOf = ({ continues, runId }: Started): RunId => continues?.chain ?? runId

/**
 * The chain that a caller means by a run: of the execution that the id has now when the run is the first of it or one of the latest,
 * and else the run itself, which only a history can tell. Without a run it is the chain that the id has.
 */
export const chainMeant = (
  { chain, runId }: { readonly chain?: RunId | undefined; readonly runId: RunId },
  run: string | undefined
): RunId => {
  const now = chain ?? runId
  if (run === undefined || run === now || now === runId) return (run as RunId | undefined) ?? now
  let next = run as RunId
  for (let runs = 0; runs < latestRuns && next !== runId; runs++) next = nextRun(next)
  return next === runId ? now : (run as RunId)
}

/** Whether the chain of a run began with an input. */
export const isFirstInput = ({ continues, input: own }: Started, input: Schema.Json): boolean =>
  continues === undefined ? equalJson(own, input) : continues.input === digestOf(input)

/** The last command of a program that continues as new, without what only its state knows. */
export const continuation = (
  started: Started,
  at: number,
  program: {
    readonly input: Schema.Json
    readonly unread: ReadonlyArray<EventOf<"SignalReceived">>
    readonly cancel: EventOf<"CancelRequested"> | undefined
    /** The ends of children that it has not asked for, oldest first. */
    readonly ended: ReadonlyArray<EndOfChild>
  }
): Continued => {
  const { cancel, input, unread } = program
  const ended = latest(program.ended, ({ closing }) => JSON.stringify(closing), mostOfEnds)
  const carried: Carried = {
    run: started.runId,
    chain: chainOf(started),
    startedAt: started.continues?.startedAt ?? started.at,
    input: started.continues?.input ?? digestOf(started.input),
    sent: 0,
    owed: [],
    children: [],
    ...(ended.length === 0 ? {} : { ended }),
    updates: { open: [], answered: [] },
    keys: [],
    unread: unread.map(({ _tag, unread: _unread, ...signal }) => signal)
  }
  const continues = cancel === undefined ? carried : { ...carried, cancel: toldBefore(cancel) }
  return {
    _tag: "ExecutionContinued",
    at,
    next: { ...inherited(started), at, runId: nextRun(started.runId), input, continues }
  }
}

/** The same command, with what the run leaves to the next one. */
export const completed = ({ next, ...command }: Continued, state: WorkflowState): Continued => ({
  ...command,
  next: { ...next, ...attributesOf(state), continues: { ...next.continues!, ...leftBy(state) } }
})

/** The first event of the next run: for a worker that runs it by its program, or for any process that finds it without one. */
export const beginning = ({ next }: Continued, owner?: WorkerId, version?: string): Started => ({
  ...next,
  _tag: "ExecutionStarted",
  ...(owner === undefined ? {} : { owner }),
  ...(version === undefined ? {} : { version })
})

/** The problem of a run that may not have more events. */
export const tooLong = ({ length, workflow }: WorkflowState, limit: number): Problem | undefined => {
  if (length < limit) return undefined
  const message =
    `the history of workflow ${JSON.stringify(workflow)} has ${length} events and may have ${limit}; raise maxHistory of the executor ` +
    `to let it go on, and let the program continue as new before it is that long: when WorkflowContext.suggestContinue says so, ` +
    `return ${workflow}.continueAsNew(input)`
  return { reason: "HistoryTooLong", message }
}

// internal

/** So many runs of a chain are known by the latest one: each follows from the one before. */
const latestRuns = 100

const digestOf = (input: Schema.Json): number => digest(sortedText(input))

/** The next run has the latest version of its workflow. Its attributes are those at the end of the run, which its start does not tell. */
const inherited = ({
  _tag,
  attributes: _attributes,
  owner: _owner,
  version: _version,
  ...started
}: Started): Continued["next"] => started

const toldBefore = ({ _tag, unread: _unread, ...cancel }: EventOf<"CancelRequested">): NonNullable<Carried["cancel"]> =>
  cancel

/** The attributes that releases before 0.2 kept outside of events are taken over too. */
const attributesOf = ({ attributes }: WorkflowState): Pick<Started, "attributes"> =>
  Object.keys(attributes).length === 0 ? {} : { attributes }
