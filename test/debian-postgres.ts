import { globSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startEmbeddedDatabase } from '../src/core/embedded-database.ts'

/**
 * A private cluster on the newest PostgreSQL that Debian has installed here: its own binaries, libraries and folder,
 * never the machine's running one. Where there is none, `reason` says so in one line.
 */
export async function startDebianCluster(): Promise<
  { url: string; end: () => Promise<void> } | { reason: string }
> {
  const programs = findDebianPrograms()
  if (programs === null)
    return { reason: 'no PostgreSQL under /usr/lib/postgresql, and CUSTODE_TEST_DATABASE_URL is not set' }
  const folder = await mkdtemp(join(tmpdir(), `custode-test-${process.pid}-`))
  const sockets = join(folder, 's')
  const database = await startEmbeddedDatabase({
    folder: join(folder, 'db'),
    sockets,
    log: join(folder, 'log'),
    programs,
    durable: false,
  })
  return {
    url: `postgres://postgres:${database.passwords.postgres}@localhost/postgres?host=${encodeURIComponent(sockets)}`,
    end: async () => {
      await database.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The folder of the newest PostgreSQL programs that Debian has installed here, or null. */
export function findDebianPrograms(): string | null {
  const newest = globSync('/usr/lib/postgresql/*/bin/initdb').sort(byMajor).at(-1)
  return newest === undefined ? null : dirname(newest)
}

const byMajor = (a: string, b: string): number => Number(a.split('/')[4]) - Number(b.split('/')[4])
