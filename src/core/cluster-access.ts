import { randomBytes } from 'node:crypto'
import { chown, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newPasswords, type Passwords } from './roles.ts'

/** Of every role of an embedded PostgreSQL. */
export interface ClusterPasswords extends Passwords {
  postgres: string
}

/** Random ones, for as long as a Custode runs: the next start sets others. */
export const newClusterPasswords = (): ClusterPasswords => ({
  postgres: randomBytes(32).toString('base64url'),
  ...newPasswords(),
})

/** Whoever connects proves a password, also for replication, which the superuser alone may do. */
const rules = 'local all all scram-sha-256\nlocal replication postgres scram-sha-256\n'

/**
 * Writes who may connect to the cluster in `folder`, whatever stood there before. `uid` is PostgreSQL's own user where
 * that is another.
 */
export async function writeRules(folder: string, uid: number | undefined): Promise<void> {
  const path = join(folder, 'pg_hba.conf')
  await writeFile(`${path}.tmp`, rules, { mode: 0o600, flush: true })
  if (uid !== undefined) await chown(`${path}.tmp`, uid, uid)
  await rename(`${path}.tmp`, path)
}

const fileOf = (data: string) => join(data, 'database.pgpass')

/**
 * Leaves the passwords for commands beside a running Custode, and for PostgreSQL's own programs (as PGPASSFILE), in a
 * file of the data folder that only this user reads and the server is not permitted to.
 */
export async function writePasswords(data: string, passwords: ClusterPasswords): Promise<void> {
  const lines = Object.entries(passwords).map(([role, password]) => `*:*:*:${role}:${password}\n`)
  await writeFile(`${fileOf(data)}.tmp`, lines.join(''), { mode: 0o600, flush: true })
  await rename(`${fileOf(data)}.tmp`, fileOf(data))
}

/** The password of a role in the cluster that runs on this data folder, or null when none was left. */
export async function findPassword(data: string, role: keyof ClusterPasswords): Promise<string | null> {
  const text = await readFile(fileOf(data), 'utf8').catch(() => '')
  return new RegExp(`^\\*:\\*:\\*:${role}:(\\S+)$`, 'm').exec(text)?.[1] ?? null
}
