import { createHash } from 'node:crypto'
import { mkdir, readFile, realpath, rm, unlink, writeFile } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** The folder cannot be had; `message` is one line that says what to do. */
export class FolderRefused extends Error {
  override readonly name = 'FolderRefused'
}

/** Tells people who holds the folder; it is not the lock. */
export const holderFile = 'supervisor.pid'

/**
 * Takes a folder for this process alone, making it (0700) where it is missing, and answers how to let go of it. The
 * lock is a listening socket that the kernel takes away when its process ends, however it ends, so there is no stale
 * one to take over. Throws `FolderRefused` when another process holds it or the folder cannot be written. `setting`
 * names what the user would change. Does not reach across machines or network namespaces: there PostgreSQL's and the
 * keeper's own locks, which lie in the folders, still hold.
 */
export async function lockFolder(folder: string, setting: string): Promise<() => Promise<void>> {
  const file = join(folder, holderFile)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFile(join(folder, `.${holderFile}`), '', { mode: 0o600 })
    await rm(join(folder, `.${holderFile}`))
  } catch {
    throw new FolderRefused(`cannot write to ${folder}: make it yours, or set ${setting} to another folder`)
  }
  const server = await listen(await nameOf(folder))
  if (server === null) {
    const pid = (await readFile(file, 'utf8').catch(() => '')).trim()
    throw new FolderRefused(
      `${basename(folder)} is in use${pid === '' ? '' : ` by process ${pid}`}: end that one first, or set ${setting} to another folder`,
    )
  }
  await writeFile(file, `${process.pid}\n`, { mode: 0o600 })
  return async () => {
    await rm(file, { force: true })
    await new Promise(resolve => server.close(resolve))
  }
}

/** One name for one folder, however its path is written. */
async function nameOf(folder: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
    .slice(0, 32)
  if (process.platform === 'linux') return `\0custode-${hash}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\custode-${hash}`
  const path = join(tmpdir(), `custode-${hash}.lock`)
  // Only here does a name outlive its process.
  if (!(await answers(path))) await unlink(path).catch(() => {})
  return path
}

/** Null when the name is in use. */
function listen(name: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer(socket => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null)
      else reject(error)
    })
    server.listen(name, () => {
      // A held folder keeps no process alive.
      server.unref()
      resolve(server)
    })
  })
}

function answers(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
