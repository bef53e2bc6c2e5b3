import { randomBytes } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { open, readFile, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { reach } from './failpoint.ts'

// Under Node's permission model `fs.fsync` is refused; a FileHandle, of a folder too, can still be synced.

/** Makes names that were made, renamed or removed in this folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    reach('file.written')
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The ending of files whose writing a crash has cut off; whoever owns the folder removes them at start. */
export const unfinished = '.new'

/**
 * Writes a whole file or nothing: a reader, also after a crash, finds the old bytes or the new ones. The name is
 * durable when this resolves, unless `later` says that the caller syncs the folder itself after several files.
 */
export async function writeDurably(
  path: string,
  bytes: Uint8Array,
  options: { later?: boolean } = {},
): Promise<void> {
  const fresh = `${path}.${randomBytes(4).toString('hex')}${unfinished}`
  await writeSynced(fresh, bytes)
  reach('file.synced')
  await rename(fresh, path)
  reach('file.renamed')
  if (options.later !== true) await syncFolder(dirname(path))
}

/** As many as the file system works on at once: waiting for one sync after the other takes three times as long. */
const inFlight = 8

/**
 * Does something to many files, a few at a time. When one fails no more are begun, and it throws when all that were
 * begun have ended: whoever then cleans up has nobody writing beside him.
 */
export async function several<T>(items: Iterable<T>, act: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]()
  let failed = false
  const work = async () => {
    for (let next = rest.next(); !failed && !next.done; next = rest.next()) {
      await act(next.value).catch(error => {
        failed = true
        throw error
      })
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: inFlight }, work))
  const failure = ended.find(one => one.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}

/**
 * The bytes of a file, as many as go `into` a buffer of the caller's, or null when there is none: read at once. Of a small file that the system
 * holds in memory the reading takes a tenth of what handing it to another thread and waiting does.
 */
export function findSmallFile(path: string, into: Buffer): Buffer | null {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  try {
    return into.subarray(0, readSync(file, into, 0, into.length, 0))
  } finally {
    closeSync(file)
  }
}

/** The bytes of a file, or null when there is none. */
export async function findFile(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/**
 * Overwrites a file with random bytes and removes it. On flash media, copy-on-write file systems and snapshots the
 * old bytes may survive: the evidence of a destruction must say so. What is gone already is no error.
 */
export async function destroyFile(path: string): Promise<void> {
  let handle: Awaited<ReturnType<typeof open>>
  try {
    handle = await open(path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  try {
    const { size } = await handle.stat()
    await handle.write(randomBytes(Math.max(size, 1)), 0, Math.max(size, 1), 0)
    await handle.sync()
    reach('file.overwritten')
  } finally {
    await handle.close()
  }
  await unlink(path)
  reach('file.unlinked')
  await syncFolder(dirname(path))
}

/** Removes files of one folder whose bytes open nothing any more. What is gone already is no error. */
export async function removeFiles(folder: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await several(names, async name => {
    await unlink(join(folder, name)).catch(error => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    })
  })
  await syncFolder(folder)
}
