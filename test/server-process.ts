import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { findIsolation } from '../src/supervisor/isolation.ts'
import { buildPages } from '../src/supervisor/page-build.ts'
import { serverReady, spawnServer } from '../src/supervisor/server-process.ts'
import { newDatabase, type TestDatabase } from './database.ts'
import { freePort, openHouse, type TestHouse } from './house.ts'
import { startKeeper } from './keeper.ts'

/** A server process as the supervisor starts one, beside others on the same database and keeper. */
export interface ServerProcess {
  origin: string
  child: ChildProcess
}

export interface Servers {
  house: TestHouse
  database: TestDatabase
  servers: ServerProcess[]
  close(): Promise<void>
}

/** A house of which `count` real server processes serve the same people. */
export async function openServers(count: number): Promise<Servers> {
  const [database, keeper] = await Promise.all([newDatabase(), startKeeper()])
  const house = await openHouse({ on: { database, keeper } })
  await buildPages(() => {})
  const servers: ServerProcess[] = []
  for (let at = 0; at < count; at++) {
    const port = await freePort()
    const origin = `http://127.0.0.1:${port}`
    const child = spawnServer(
      {
        ...{ server: database.as('custode_server'), worker: database.as('custode_worker') },
        ...{ keeperSocket: keeper.socket, logFolder: join(keeper.folder, 'log') },
        ...{ host: '127.0.0.1', port, publicUrl: origin, demo: false, closedToCustomers: false },
        ...{
          smtpUrl: null,
          mailFrom: 'custode@example.org',
          witnesses: [],
          provider: null,
          cardNumbers: false,
          leadsPerDay: 200,
        },
      },
      findIsolation(),
    )
    servers.push({ origin, child })
    await serverReady(child)
  }
  return {
    ...{ house, database, servers },
    async close() {
      for (const { child } of servers) {
        child.kill('SIGCONT')
        const ended = once(child, 'exit')
        child.kill('SIGTERM')
        await ended
      }
      await house.close()
    },
  }
}
