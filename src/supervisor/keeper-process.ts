import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { ConfigError } from '../core/config.ts'
import { type KeeperSite, keeperArguments, keeperFolders, keeperInput } from '../keeper/client.ts'
import type { Isolation } from './isolation.ts'

/**
 * Spawns the keeper under its permission model, without network and core dumps where the system allows it. Its
 * environment is empty but for its language and time zone: no secret of the server, no NODE_OPTIONS. The
 * tokens of its custodians go over its stdin. `act` is done instead of listening.
 */
export function spawnKeeper(
  at: KeeperSite & { isolation: Isolation },
  act: { args: string[]; stdin?: string } = { args: [] },
): ChildProcess {
  const { coreless, offline, dying } = at.isolation
  const command = [...coreless, ...offline, ...dying, process.execPath, ...keeperArguments(at), ...act.args]
  const [program = process.execPath, ...args] = command
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', TZ: 'UTC' },
    detached: true,
  })
  child.stdin?.on('error', () => {})
  child.stdin?.end(keeperInput(at, act.stdin))
  if (act.args.length > 0) child.stdout?.resume()
  return child
}

/**
 * All folders must exist before the keeper starts, since its permissions are given by path. A place that cannot be made
 * is lost for now: the keeper says so. Throws `ConfigError` for names of which one begins with another, which Node's
 * permission model takes for one and the same (seen on Node 24).
 */
export async function makeKeeperFolders(at: KeeperSite): Promise<void> {
  const folders = keeperFolders(at)
  for (const folder of folders) {
    const longer = folders.find(other => other !== folder && other.startsWith(folder))
    if (longer !== undefined)
      throw new ConfigError(`the name of the folder ${longer} begins with ${folder}: rename one of them`)
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch(error => {
      if (!at.places?.includes(folder)) throw error
    })
  }
}

/** Resolves at the keeper's line `{"ready":true,…}`. */
export async function keeperReady(child: ChildProcess): Promise<void> {
  const { stdout } = child
  if (stdout === null) return
  for await (const line of createInterface({ input: stdout })) {
    if (!isReady(line)) continue
    // Whatever it may say later must not fill the pipe and hold it up.
    stdout.resume()
    return
  }
  // The output ended: so does the child, which is who tells of a failed start.
  await new Promise(() => {})
}

function isReady(line: string): boolean {
  try {
    return (JSON.parse(line) as { ready?: unknown }).ready === true
  } catch {
    return false
  }
}
