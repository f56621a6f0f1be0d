import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A way to a port that can be cut as a network is: connections stay open, and no byte comes through any more. */
export interface SwallowingProxy {
  port: number
  /** From now on nothing comes through, either way. */
  cut(): void
  /** New connections come through again; those that were cut stay dead. */
  mend(): void
}

export function startSwallowingProxy(to: number): Promise<SwallowingProxy> {
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    sockets.add(near)
    near.on('error', () => {})
    // Nobody answers on a network that is down.
    if (isCut) return void near.pause()
    const far = connect(to, '127.0.0.1')
    sockets.add(far)
    far.on('error', () => near.destroy())
    near.pipe(far)
    far.pipe(near)
  })
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : 0,
        cut() {
          isCut = true
          for (const socket of sockets) socket.unpipe().pause()
        },
        mend() {
          isCut = false
        },
      })
    })
  })
}
