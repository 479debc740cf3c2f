/**
 * Programs of the bench in processes of their own.
 */
import { Effect, Schema, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"

/** Node with arguments, to be run by what runs this program. */
export const node = (...args: ReadonlyArray<string>) =>
  nodeWithBuild("--conditions=perdure-source", "--expose-gc", ...args)

/** The same, with the library as it is published: what `npm run build` has made of it. */
export const nodeWithBuild = (...args: ReadonlyArray<string>) =>
  ChildProcess.make(process.execPath, args, {
    cwd: import.meta.dirname,
    stdin: "ignore",
    stderr: "inherit",
    forceKillAfter: "5 seconds"
  })

/** Runs a command and decodes the JSON that it prints. */
export const answer = <A, I>(schema: Schema.Codec<A, I>, command: ChildProcess.Command) =>
  Effect.gen(function* () {
    const spawner = yield* ChildProcessSpawner
    const printed = yield* spawner.string(command)
    return yield* Schema.decodeEffect(Schema.fromJsonString(schema))(printed)
  })

/** Runs a command until it prints something, then kills it without a warning. */
export const killOnceReady = Effect.fnUntraced(function* (command: ChildProcess.Command) {
  const child = yield* command
  yield* Stream.runHead(child.stdout)
  yield* child.kill({ killSignal: "SIGKILL" })
}, Effect.scoped)
