import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { keeperArguments } from '../keeper/client.ts'
import type { Isolation } from './isolation.ts'

/**
 * Spawns the keeper under its permission model, without network and core dumps where the system allows it. Its
 * environment is empty but for its language and time zone: no secret of the server, no NODE_OPTIONS.
 */
export function spawnKeeper(at: { folder: string; socket: string; isolation: Isolation }): ChildProcess {
  const { coreless, offline, dying } = at.isolation
  const command = [...coreless, ...offline, ...dying, process.execPath, ...keeperArguments(at)]
  const [program = process.execPath, ...args] = command
  return spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', TZ: 'UTC' },
    detached: true,
  })
}

/** Both folders must exist before the keeper starts, since its permissions are given by path. */
export async function makeKeeperFolders(at: { folder: string; socket: string }): Promise<void> {
  for (const folder of [at.folder, dirname(at.socket)]) await mkdir(folder, { recursive: true, mode: 0o700 })
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
