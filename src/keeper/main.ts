import { chmod, mkdir, realpath, unlink } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { serveConnection } from './connection.ts'
import { FolderLock } from './folder-lock.ts'
import { Keeper } from './keeper.ts'
import { DamagedLog } from './log.ts'
import { operationsOf } from './operations.ts'
import { KeeperRefusal } from './refusal.ts'

const mostConnections = 64

/** One plain line about what is wrong; never a value and never a stack. */
function lineOf(error: unknown): string {
  if (error instanceof KeeperRefusal) return error.why ?? error.code
  if (error instanceof DamagedLog) return `the log is damaged at ${error.message}`
  const { code, syscall } = error as NodeJS.ErrnoException
  if (typeof code === 'string') return `${syscall ?? 'an operation'} failed with ${code}`
  return error instanceof Error ? `a fault: ${error.name} at ${placeOf(error)}` : 'a fault'
}

const placeOf = (error: Error) =>
  /keeper\/([a-z0-9-]+\.ts:\d+)/.exec(error.stack ?? '')?.[1] ?? 'an unknown place'

const say = (line: string) => process.stderr.write(`keeper: ${line}\n`)

function end(error: unknown): never {
  say(lineOf(error))
  process.exit(1)
}

async function listen(server: Server, path: string): Promise<void> {
  // The folder is locked: a socket that lies here was left by a dead keeper.
  await unlink(path).catch(() => {})
  await new Promise<void>((ready, failed) => {
    server.once('error', failed)
    server.listen(path, ready)
  })
  await chmod(path, 0o600)
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      socket: { type: 'string' },
      restoring: { type: 'boolean', default: false },
    },
  })
  if (values.folder === undefined || values.socket === undefined) {
    throw new KeeperRefusal('malformed', { why: 'usage: --folder DIR --socket PATH' })
  }
  const socketPath = resolve(values.socket)
  await mkdir(values.folder, { recursive: true, mode: 0o700 })
  const folder = await realpath(values.folder)
  await mkdir(dirname(socketPath), { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  process.chdir(folder)
  const lock = await FolderLock.take()
  const keeper = await Keeper.open({ folder, now: Date.now, fatal: end, restoring: values.restoring })
  const operations = operationsOf(keeper)
  const connections = new Set<() => void>()
  const server = createServer({ allowHalfOpen: false }, socket => {
    if (connections.size >= mostConnections) return socket.destroy()
    const finish = serveConnection(socket, operations, error => say(lineOf(error)))
    connections.add(finish)
    socket.on('close', () => connections.delete(finish))
  })
  await listen(server, socketPath)

  let ending = false
  const stop = async () => {
    if (ending) return
    ending = true
    const closed = new Promise(done => server.close(done))
    for (const finish of connections) finish()
    await closed
    await keeper.close()
    await lock.release()
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop().catch(end))
  process.on('SIGINT', () => void stop().catch(end))
  const ready = {
    ready: true,
    pid: process.pid,
    organisation: keeper.organisation,
    size: keeper.log.size,
    epoch: keeper.keybook.epoch,
  }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
}

process.on('uncaughtException', end)
process.on('unhandledRejection', end)
process.umask(0o077)
await main().catch(end)
