import { randomBytes } from 'node:crypto'
import { unlink } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { KeeperRefusal } from './refusal.ts'

// A listening socket named `lock` in the keeper's folder. The kernel knows whether its holder lives, in whichever
// container it does; a number of a process would not tell. A dead keeper leaves the name, and nobody answers.
const name = 'lock'
const taken = () => new KeeperRefusal('unavailable', { why: 'another keeper is using this folder' })
const settleTime = 100

/** The lock on the working folder of this process, held until `release` or death. */
export class FolderLock {
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  /**
   * Refuses with `unavailable` when a living keeper holds the lock. The process must already stand in the keeper's
   * folder, because a socket's path may not be longer than 107 bytes and the folder's may.
   */
  static async take(): Promise<FolderLock> {
    const token = randomBytes(16).toString('hex')
    const first = await listen(token)
    if (first !== null) return new FolderLock(first)
    if ((await answer()) !== null) throw taken()
    // Its holder is dead. Of two that find this at once, the one whose socket is found afterwards has it.
    await unlink(name).catch(() => {})
    const server = await listen(token)
    if (server === null) throw taken()
    await new Promise(resolve => setTimeout(resolve, settleTime))
    // Not closed here: closing would remove the name, which is the other's by now. This process ends instead.
    if ((await answer()) !== token) throw taken()
    return new FolderLock(server)
  }

  release(): Promise<void> {
    return new Promise(resolve => this.#server.close(() => resolve()))
  }
}

/** Null when the name is in use. */
function listen(token: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer(socket => {
      socket.on('error', () => {})
      socket.end(token)
    })
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null)
      else reject(error)
    })
    server.listen(name, () => resolve(server))
  })
}

/** What the holder of the lock answers; the empty text if it is slow; null when nobody listens any more. */
function answer(): Promise<string | null> {
  return new Promise(resolve => {
    let heard = ''
    const socket = connect(name)
    socket.setTimeout(2000, () => {
      resolve('')
      socket.destroy()
    })
    socket.setEncoding('utf8')
    socket.on('data', text => {
      heard += text
    })
    socket.on('error', () => resolve(null))
    socket.on('end', () => resolve(heard))
  })
}
