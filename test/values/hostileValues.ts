/**
 * Values that no code expects.
 */
import { Effect } from "effect"

const deep = (levels: number): unknown => {
  let value: unknown = "x"
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}
const circle: Record<string, unknown> = {}
circle["self"] = circle
const bareCircle: Record<string, unknown> = Object.assign(Object.create(null), { a: 1 })
bareCircle["self"] = bareCircle
const revoked = Proxy.revocable({}, {})
revoked.revoke()
const revokedList = Proxy.revocable([], {})
revokedList.revoke()
const no = (): never => {
  throw new Error("not to be touched")
}
const ownCause = new Error("own cause")
ownCause.cause = ownCause
const overflow = (): number => overflow() + 1
const waits = new Promise(() => {})
const fails = Promise.reject(new Error("rejected"))
fails.catch(() => {})

/** A value that answers every question with a throw. */
const untouchable = (target: object) =>
  new Proxy(target, {
    get: no,
    has: no,
    ownKeys: no,
    getPrototypeOf: no,
    getOwnPropertyDescriptor: no,
    apply: no,
    construct: no,
    set: no,
    defineProperty: no,
    isExtensible: no
  })

export const values: Readonly<Record<string, unknown>> = {
  undefined,
  null: null,
  NaN: Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  minusZero: -0,
  minus: -1,
  huge: Number.MAX_VALUE,
  bigint: 10n,
  symbol: Symbol("s"),
  true: true,
  empty: "",
  surrogate: "\ud800 \u0000 \u001b[31m",
  longText: "x".repeat(100_000),
  function: () => 1,
  throwingFunction: no,
  class: Date,
  map: new Map([[1, 2]]),
  date: new Date(Number.NaN),
  pattern: /x/,
  bytes: new Uint8Array(3),
  holes: Object.assign([1], { 3: 1 }),
  undefinedInList: [undefined],
  deep: deep(20_000),
  deeper: deep(300_000),
  circle,
  bareCircle,
  bare: Object.create(null),
  revoked: revoked.proxy,
  revokedList: revokedList.proxy,
  untouchable: untouchable({}),
  untouchableList: untouchable([]),
  untouchableFunction: untouchable(() => {}),
  untouchableError: untouchable(new Error("hidden")),
  throwingField: Object.defineProperty({}, "a", { enumerable: true, get: no }),
  overflowingField: Object.defineProperty({}, "a", { enumerable: true, get: overflow }),
  throwingToJson: { toJSON: no, toString: no, [Symbol.toPrimitive]: no },
  endlessToJson: { toJSON: () => circle },
  prototypeField: JSON.parse('{"__proto__":{"a":1}}'),
  tagged: { _tag: "Success", value: 1 },
  thenable: new Proxy({}, { get: (_, key) => (key === "then" ? no : undefined) }),
  waits,
  fails,
  effect: Effect.succeed(1),
  frozen: Object.freeze({ a: Object.freeze([1]) }),
  error: Object.assign(new TypeError("plain"), { code: "E1" }),
  frozenError: Object.freeze(new Error("frozen")),
  nameNumber: Object.assign(new Error("m"), { name: 5 }),
  nameSymbol: Object.assign(new Error("m"), { name: Symbol("n") }),
  nameUndefined: Object.assign(new Error("m"), { name: undefined }),
  messageBigint: Object.assign(new Error("m"), { message: 10n }),
  stackObject: Object.assign(new Error("m"), { stack: { a: 1n } }),
  throwingMessage: Object.defineProperty(new Error(), "message", { get: no }),
  throwingName: Object.defineProperty(new Error("m"), "name", { get: no }),
  throwingStack: Object.defineProperty(new Error("m"), "stack", { get: no }),
  throwingCause: Object.defineProperty(new Error("m"), "cause", { get: no }),
  bareError: Object.setPrototypeOf(new Error("bare"), null),
  ownCause,
  aggregate: new AggregateError([new Error("1"), revoked.proxy, ownCause], "many"),
  errorsRevoked: Object.assign(new Error("m"), { errors: revokedList.proxy }),
  bigMessage: new Error("x".repeat(2_000_000))
}

export const names: ReadonlyArray<string> = Object.keys(values)
