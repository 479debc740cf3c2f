/** What executions are, in a few maps: the model that executors agree with. */
import { Schema } from "effect"

const ids = Schema.Literals(["a", "b"])
const kids = Schema.Literals(["kid 1", "kid 2"])
const anyId = Schema.Literals(["a", "b", "kid 1", "kid 2"])
// Few of all, so that much is the same as something before it.
const number = Schema.Literals([0, 1])
const key = Schema.Literals(["k1", "k2"])
const updateId = Schema.Literals(["u1", "u2"])

const Told = Schema.Union([
  Schema.Tuple([Schema.Literal("note"), number]),
  Schema.Tuple([Schema.Literal("tell"), ids, number]),
  Schema.Tuple([Schema.Literal("child"), kids, Schema.Literals(["cancel", "terminate", "abandon"])]),
  Schema.Tuple([Schema.Literal("leave")]),
  Schema.Tuple([Schema.Literal("again")])
])
const Ending = Schema.Tuple([Schema.Literals(["end", "fail"])])
/** What a box does next. */
export type Command = typeof Told.Type | typeof Ending.Type

/** What is asked of an id. */
const Asked = Schema.TaggedUnion({
  StartWith: { id: ids, number, updateId },
  SendOrStart: { id: ids, number, key },
  Go: { id: kids, number },
  Ask: { id: ids },
  Shown: { id: ids },
  /** Ends the call that the id has left to the outside last. */
  Succeed: { id: ids, number },
  Fail: { id: ids },
  Delete: { id: anyId },
  Status: { id: anyId }
})
const Start = Schema.TaggedStruct("Start", {
  id: ids,
  first: number,
  whenExists: Schema.Literals(["return", "fail", "restart"])
})
const Updated = Schema.TaggedUnion({ Add: { id: ids, number, updateId }, Slow: { id: ids, number, updateId } })
const Sent = Schema.TaggedStruct("Send", { id: ids, command: Told, key: Schema.Undefined })
const Keyed = Schema.TaggedStruct("Send", { id: ids, command: Told, key })
const Ended = Schema.Union([
  Schema.TaggedStruct("Send", { id: ids, command: Ending, key: Schema.Undefined }),
  Schema.TaggedStruct("Cancel", { id: anyId }),
  Schema.TaggedStruct("Terminate", { id: anyId })
])
export type Operation =
  | typeof Asked.Type
  | typeof Start.Type
  | typeof Updated.Type
  | { readonly _tag: "Send"; readonly id: string; readonly command: Command; readonly key: string | undefined }
  | { readonly _tag: "Cancel" | "Terminate"; readonly id: string }
type OperationOf<Tag extends Operation["_tag"]> = Extract<Operation, { readonly _tag: Tag }>

/** What happens to two boxes, each through one of the executors. */
export const Plan = Schema.Struct({
  operations: Schema.Array(
    Schema.Struct({
      operation: Schema.Union([
        Asked,
        Start,
        Updated,
        Updated,
        Sent,
        Sent,
        Keyed,
        Ended,
        Schema.TaggedUnion({ Pass: { minutes: Schema.Literals([4, 8]) }, Stop: {}, Cut: {} })
      ]),
      through: Schema.Literals([0, 1, 2])
    })
  ).check(Schema.isMinLength(6), Schema.isMaxLength(40)),
  maxLoaded: Schema.Literals([0, 1, 2])
})

/** What is answered. `begins`: it may be what it was before signals that another process has sent, which are read by now. */
export type Answer = readonly ["is", Schema.Json] | readonly ["fails", string]
export type Expected = Answer | readonly ["begins", ReadonlyArray<number>]

/** Whether an answer is the expected one. */
export const isExpected = (answer: Answer, expected: Expected): boolean => {
  if (expected[0] !== "begins") return JSON.stringify(answer) === JSON.stringify(expected)
  const [tag, items] = answer
  return tag === "is" && Array.isArray(items) && items.every((item, index) => item === expected[1][index])
}

interface Asking {
  readonly name: "add" | "slow"
  readonly number: number
  answer: Answer | undefined
  /** When its handler ends. */
  due: number | undefined
}

/** A call of an activity that is left to the outside: of which chain, and of which run of it. */
interface Left {
  readonly box: Kept
  readonly run: number
  isOpen: boolean
}

interface Kept {
  readonly first: number
  readonly isKid: boolean
  readonly parent: { readonly box: Kept; readonly parentClose: string } | undefined
  status: "running" | "completed" | "failed" | "cancelled" | "terminated"
  items: Array<number>
  readonly keys: Set<string>
  readonly updates: Map<string, Asking>
  readonly commands: Array<Command>
  /** The run is over once its handlers have ended. */
  isContinuing: boolean
  /** How many runs came before. */
  run: number
  /** The children of which the run wants to hear, and all of the chain. */
  awaited: Set<Kept>
  readonly children: Set<Kept>
}

const done: Answer = ["is", null]
const fails = (reason: string): Answer => ["fails", reason]
const always = (answer: Expected) => () => answer

export class Model {
  private readonly kept = new Map<string, Kept>()
  /** The latest call of each id. */
  private readonly left = new Map<string, Left>()
  /** In seconds. */
  private now = 0

  /** The numbers of each box. */
  get all(): ReadonlyArray<readonly [string, ReadonlyArray<number>]> {
    return [...this.kept].flatMap(([id, { isKid, items }]) => (isKid ? [] : [[id, items] as const]))
  }

  /** Takes an operation; tells its answer as soon as there is one. */
  take(operation: Operation): () => Expected | undefined {
    const { id } = operation
    const found = this.kept.get(id)
    if (operation._tag === "Start") return always(this.start(operation, found))
    if (operation._tag === "StartWith") {
      const box = found ?? this.begin(id, 0)
      return this.update(box, { ...operation, _tag: "Add" })
    }
    if (operation._tag === "SendOrStart") {
      const box = found ?? this.begin(id, 0)
      const answer = this.send(box, ["note", operation.number], operation.key)
      return always(answer === done ? ["is", found === undefined] : answer)
    }
    if (operation._tag === "Succeed" || operation._tag === "Fail") return always(this.complete(operation, found))
    if (found === undefined) return always(fails("NotFound"))
    switch (operation._tag) {
      case "Send":
        return always(this.send(found, operation.command, operation.key))
      case "Go":
        if (found.status !== "running") return always(fails("Finished"))
        found.items.push(operation.number)
        this.end(found, "completed")
        return always(done)
      case "Add":
      case "Slow":
        return this.update(found, operation)
      case "Ask":
        return always(["is", [...found.items]])
      case "Shown":
        return always(["begins", [...found.items]])
      case "Cancel":
      case "Terminate":
        if (found.status !== "running") return always(fails("Finished"))
        this.end(found, operation._tag === "Cancel" ? "cancelled" : "terminated")
        return always(done)
      case "Delete":
        if (found.status === "running") return always(fails("Unfinished"))
        this.kept.delete(id)
        return always(done)
      case "Status":
        return always(["is", found.status])
    }
  }

  /** Lets time pass. */
  pass(seconds: number): void {
    const until = this.now + seconds
    while (true) {
      const due = [...this.kept.values()].flatMap((box) =>
        box.status === "running"
          ? [...box.updates.values()].flatMap((asking) =>
              asking.due === undefined ? [] : [{ box, asking, due: asking.due }]
            )
          : []
      )
      const [next] = due.toSorted((a, b) => a.due - b.due)
      if (next === undefined || next.due > until) break
      this.now = next.due
      next.asking.due = undefined
      next.box.items.push(next.asking.number)
      next.asking.answer = ["is", next.box.items.length]
      this.goOn(next.box)
    }
    this.now = until
  }

  private begin(id: string, first: number, parent?: Kept["parent"]): Kept {
    const box: Kept = {
      first,
      isKid: parent !== undefined,
      parent,
      status: "running",
      items: [],
      keys: new Set(),
      updates: new Map(),
      commands: [],
      isContinuing: false,
      run: 0,
      awaited: new Set(),
      children: new Set()
    }
    this.kept.set(id, box)
    return box
  }

  private start({ first, id, whenExists }: OperationOf<"Start">, found: Kept | undefined): Answer {
    if (found === undefined || (whenExists === "restart" && found.status !== "running")) {
      this.begin(id, first)
      return ["is", true]
    }
    return whenExists === "fail" || found.first !== first ? fails("AlreadyExists") : ["is", false]
  }

  private send(box: Kept, command: Command, key: string | undefined): Answer {
    if (key !== undefined && box.keys.has(key)) return done
    if (box.status !== "running") return fails("Finished")
    if (key !== undefined) box.keys.add(key)
    box.commands.push(command)
    this.goOn(box)
    return done
  }

  private update(box: Kept, { _tag, number, updateId }: OperationOf<"Add" | "Slow">): () => Expected | undefined {
    const name = _tag === "Add" ? "add" : "slow"
    const known = box.updates.get(updateId)
    if (known !== undefined && (known.name !== name || known.number !== number)) return always(fails("UpdateIdInUse"))
    if (known !== undefined) return () => known.answer
    if (box.status !== "running") return always(fails("Finished"))
    const asking: Asking = { name, number, answer: undefined, due: undefined }
    box.updates.set(updateId, asking)
    this.goOn(box)
    return () => asking.answer
  }

  /** Ends a call from outside. Before there is one nothing is asked. */
  private complete(operation: OperationOf<"Succeed" | "Fail">, found: Kept | undefined): Answer {
    const left = this.left.get(operation.id)
    if (left === undefined) return done
    if (found === undefined) return fails("NotFound")
    if (found !== left.box) return fails("Restarted")
    if (found.status !== "running") return fails("Finished")
    if (!left.isOpen || left.run !== found.run) return fails("ActivityOver")
    left.isOpen = false
    found.items.push(operation._tag === "Succeed" ? operation.number : -4)
    return done
  }

  private idOf(box: Kept): string {
    return [...this.kept].find(([, each]) => each === box)![0]
  }

  /** Does what a box does without time. */
  private goOn(box: Kept): void {
    while (box.status === "running") {
      const askings = [...box.updates.values()]
      if (!box.isContinuing) {
        for (const asking of askings) {
          if (asking.answer !== undefined || asking.due !== undefined) continue
          if (asking.name === "slow") asking.due = this.now + 600
          else asking.answer = ["is", box.items.push(asking.number)]
        }
        const command = box.commands.shift()
        if (command === undefined) return
        this.obey(box, command)
      } else if (askings.some(({ due }) => due !== undefined)) {
        return
      } else {
        box.isContinuing = false
        box.run++
        box.awaited.clear()
      }
    }
  }

  private obey(box: Kept, command: Command): void {
    switch (command[0]) {
      case "note":
        return void box.items.push(command[1])
      case "tell": {
        const to = this.kept.get(command[1])
        const isSent = to !== undefined && this.send(to, ["note", command[2]], undefined) === done
        return isSent ? undefined : void box.items.push(-2)
      }
      case "child": {
        if (this.kept.has(command[1])) return void box.items.push(-1)
        const kid = this.begin(command[1], 0, { box, parentClose: command[2] })
        box.awaited.add(kid)
        return void box.children.add(kid)
      }
      case "leave":
        return void this.left.set(this.idOf(box), { box, run: box.run, isOpen: true })
      case "again":
        box.isContinuing = true
        return
      case "end":
        return this.end(box, "completed")
      case "fail":
        return this.end(box, "failed")
    }
  }

  private end(box: Kept, status: Kept["status"]): void {
    box.status = status
    for (const asking of box.updates.values()) asking.answer ??= fails("Finished")
    for (const kid of box.children) {
      const { parentClose } = kid.parent!
      if (kid.status !== "running" || parentClose === "abandon") continue
      this.end(kid, parentClose === "cancel" ? "cancelled" : "terminated")
    }
    const parent = box.parent?.box
    if (parent?.status !== "running" || !parent.awaited.delete(box)) return
    parent.items.push(status === "completed" ? box.items[0]! : -3)
  }
}
