/** A connection between a client and a server that a test can disturb. */
import { Effect, type Scope } from "effect"
import * as Net from "node:net"

/** A proxy that listens on a free port of 127.0.0.1. */
export interface Proxy {
  readonly address: string
  /** How many bytes of the server have arrived. */
  readonly received: Effect.Effect<number>
  /** From now on the client's bytes arrive and the server's are dropped, until `cut`. */
  readonly loseAnswers: Effect.Effect<void>
  /** The same from the moment on at which the client has sent a text. */
  readonly loseAnswersFrom: (text: string) => Effect.Effect<void>
  /** From now on a connection is frozen once its client sends a text, until `cut`; the others go on. */
  readonly freezeFrom: (text: string) => Effect.Effect<void>
  /** From now on what the server sends to connections is dropped that it sees from some ports. */
  readonly loseAnswersTo: (ports: ReadonlyArray<number>) => Effect.Effect<void>
  /** From now on nothing arrives anywhere, until `cut`. */
  readonly freeze: Effect.Effect<void>
  /** From now on all that is sent waits, until `release`. */
  readonly hold: Effect.Effect<void>
  readonly release: Effect.Effect<void>
  /** Ends all connections; new ones work. */
  readonly cut: Effect.Effect<void>
  /** Refuses connections and ends those there are, until `resume`. */
  readonly refuse: Effect.Effect<void>
  readonly resume: Effect.Effect<void>
}

/** Starts a proxy to an address `host:port`. */
export const proxy = Effect.fnUntraced(function* (target: string): Effect.fn.Return<Proxy, never, Scope.Scope> {
  const [host, port] = target.split(":")
  const sockets = new Set<Net.Socket>()
  const lostPorts = new Set<number>()
  let received = 0
  const lost = { up: false, down: false, refused: false, from: "", frozenFrom: "" }
  const cut = Effect.sync(() => {
    Object.assign(lost, { up: false, down: false, from: "", frozenFrom: "" })
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  })
  const server = Net.createServer((client) => {
    if (lost.refused) return void client.destroy()
    const upstream = Net.connect(Number(port), host)
    let isFrozen = false
    client.on("data", (bytes) => {
      isFrozen ||= lost.frozenFrom !== "" && bytes.includes(lost.frozenFrom)
      if (lost.from !== "" && bytes.includes(lost.from)) lost.down = true
      if (!lost.up && !isFrozen) upstream.write(bytes)
    })
    upstream.on("data", (bytes) => {
      if (lost.down || isFrozen || lostPorts.has(upstream.localPort!)) return
      received += bytes.length
      client.write(bytes)
    })
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client]
    ] as const) {
      sockets.add(socket)
      socket.on("error", () => other.destroy())
      socket.on("close", () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  })
  const address = yield* Effect.acquireRelease(
    Effect.callback<string>((resume) => {
      server.listen(0, "127.0.0.1", () =>
        resume(Effect.succeed(`127.0.0.1:${(server.address() as Net.AddressInfo).port}`))
      )
    }),
    () =>
      Effect.andThen(
        cut,
        Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
      )
  )
  const set = (changes: Partial<typeof lost>) => Effect.sync(() => void Object.assign(lost, changes))
  return {
    address,
    cut,
    received: Effect.sync(() => received),
    loseAnswers: set({ down: true }),
    loseAnswersTo: (ports) => Effect.sync(() => ports.forEach((port) => lostPorts.add(port))),
    loseAnswersFrom: (text) => set({ from: text }),
    freeze: set({ up: true, down: true }),
    freezeFrom: (text) => set({ frozenFrom: text }),
    hold: Effect.sync(() => sockets.forEach((socket) => socket.pause())),
    release: Effect.sync(() => sockets.forEach((socket) => socket.resume())),
    refuse: Effect.andThen(set({ refused: true }), cut),
    resume: set({ refused: false })
  }
})
