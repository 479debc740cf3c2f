/**
 * The connections of one client of `kafkajs`, which itself closes them when all is answered and the other side closes too: with a silent
 * broker that is never.
 */
import type { ISocketFactory } from "kafkajs"
import * as Net from "node:net"
import * as Tls from "node:tls"

/** The connections of a client. */
export interface Sockets {
  readonly factory: ISocketFactory
  /** Ends all of them at once, and each that the client opens from then on. */
  readonly destroy: () => void
}

/** Connections as `kafkajs` makes them. */
export const make = (): Sockets => {
  const all = new Set<Net.Socket>()
  let isOver = false
  return {
    factory: ({ host, onConnect, port, ssl }) => {
      const socket =
        ssl === undefined || ssl === null
          ? Net.connect({ host, port }, onConnect)
          : Tls.connect({ host, port, ...(Net.isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect)
      socket.setKeepAlive(true, keepAlive)
      // Each time that the client closes one that is closed it listens once more.
      socket.setMaxListeners(0)
      all.add(socket)
      socket.once("close", () => all.delete(socket))
      if (isOver) socket.destroy(over())
      return socket
    },
    destroy: () => {
      isOver = true
      for (const socket of all) socket.destroy(over())
    }
  }
}

// internal

// Milliseconds.
const keepAlive = 60_000

const over = () => new Error("the client was closed")
