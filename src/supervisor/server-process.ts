import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { FailedStart } from './child.ts'
import type { Isolation } from './isolation.ts'
import type { ServerConfig, ServerMessage } from './server-config.ts'

/** Spawns the server process; its configuration goes over the channel, so that no password shows in a list. */
export function spawnServer(config: ServerConfig, isolation: Isolation): ChildProcess {
  const { coreless, dying } = isolation
  const command = [...coreless, ...dying, process.execPath, join(import.meta.dirname, 'serve.ts')]
  const [program = process.execPath, ...args] = command
  const child = spawn(program, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
    detached: true,
  })
  child.on('error', () => {})
  child.send(config, () => {})
  return child
}

/** Resolves once the server listens. Throws `FailedStart` with its one line when it cannot. */
export function serverReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('message', message => {
      const said = message as ServerMessage
      if ('ready' in said) resolve()
      else reject(new FailedStart(said.failed))
    })
  })
}
