import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** The folder cannot be had; `message` is one line that says what to do. */
export class FolderRefused extends Error {
  override readonly name = 'FolderRefused'
}

const lockName = 'supervisor.lock'

/**
 * Takes a folder for this process alone, making it (0700) where it is missing, and answers how to let go of it. The
 * lock of a process that is gone is taken over. Throws `FolderRefused` when another process holds it or the folder
 * cannot be written. `setting` names what the user would change.
 */
export async function lockFolder(folder: string, setting: string): Promise<() => Promise<void>> {
  const path = join(folder, lockName)
  const mine = join(folder, `.${lockName}-${randomBytes(6).toString('hex')}`)
  const holder = `${process.pid} ${await startOf(process.pid)}\n`
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFile(mine, holder, { mode: 0o600 })
  } catch {
    throw new FolderRefused(`cannot write to ${folder}: make it yours, or set ${setting} to another folder`)
  }
  try {
    await take(path, mine, folder, setting)
  } finally {
    await rm(mine, { force: true })
  }
  return async () => {
    if ((await readFile(path, 'utf8').catch(() => '')) === holder) await rm(path, { force: true })
  }
}

async function take(path: string, mine: string, folder: string, setting: string): Promise<void> {
  for (let tries = 0; tries < 5; tries++) {
    try {
      // A link is made whole or not at all, and only where nothing stands.
      return await link(mine, path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const found = await readFile(path, 'utf8').catch(() => '')
    if (await isHeld(found)) {
      const pid = found.split(' ')[0]
      throw new FolderRefused(
        `${basename(folder)} is in use by process ${pid}: end that one first, or set ${setting} to another folder`,
      )
    }
    await removeStale(path, found)
  }
  throw new FolderRefused(`${folder} is being taken by another process: try again`)
}

/** Moves a dead holder's lock away; what another process has put there meanwhile is put back. */
async function removeStale(path: string, found: string): Promise<void> {
  const aside = `${path}-${randomBytes(6).toString('hex')}`
  await rename(path, aside).catch(() => {})
  const moved = await readFile(aside, 'utf8').catch(() => found)
  if (moved !== found) await link(aside, path).catch(() => {})
  await rm(aside, { force: true })
}

async function isHeld(holder: string): Promise<boolean> {
  const [pid, start] = holder.trim().split(' ')
  if (pid === undefined || !(Number(pid) > 0)) return false
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return (await startOf(Number(pid))) === start
}

/** When a process began, in the kernel's ticks: tells it from another with the same number. `-` where unknown. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[19] ?? '-'
}
