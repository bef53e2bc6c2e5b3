import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as z from 'zod'

/** A backup cannot be made or used; `message` is one line that says why. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused'
}

export const manifestName = 'manifest.json'
const hex = z.string().regex(/^[0-9a-f]{64}$/)
const identifier = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/)

export const manifestSchema = z.strictObject({
  custode_backup: z.literal(1),
  /** The id that the keeper goes by: no other keeper opens what is in here. */
  organisation: z.uuid(),
  made_at: z.iso.datetime(),
  /** The newest signed note of the log when the snapshot was taken. */
  checkpoint: z.string(),
  /** What the schema was made of. */
  migrations: z.array(z.strictObject({ number: z.int(), name: z.string(), hash: hex })).min(1),
  sequences: z.array(z.strictObject({ name: identifier, last: z.int(), called: z.boolean() })),
  /** In an order in which no row comes before one that it refers to. */
  tables: z.array(
    z.strictObject({
      name: identifier,
      columns: z.array(identifier).min(1),
      rows: z.int().min(0),
      bytes: z.int().min(0),
      sha256: hex,
    }),
  ),
})
export type BackupManifest = z.infer<typeof manifestSchema>

/** The file in which the rows of a table lie, in PostgreSQL's binary COPY format. */
export const tableFile = (name: string): string => `${name}.copy`

/**
 * Reads a backup's manifest and checks every byte of every file against it. Answers with the hash of the manifest, by
 * which the log knows the backup. Throws `BackupRefused`.
 */
export async function readBackup(folder: string): Promise<{ manifest: BackupManifest; hash: string }> {
  const bytes = await readFile(join(folder, manifestName)).catch(() => {
    throw new BackupRefused(`${folder} is no backup: it has no ${manifestName}`)
  })
  const manifest = parse(folder, bytes)
  for (const table of manifest.tables) await requireWhole(folder, table)
  return { manifest, hash: createHash('sha256').update(bytes).digest('hex') }
}

function parse(folder: string, bytes: Buffer): BackupManifest {
  const unreadable = new BackupRefused(`${join(folder, manifestName)} is not one that this version can read`)
  try {
    const read = manifestSchema.safeParse(JSON.parse(bytes.toString('utf8')))
    if (read.success) return read.data
  } catch {
    throw unreadable
  }
  throw unreadable
}

async function requireWhole(folder: string, table: BackupManifest['tables'][number]): Promise<void> {
  const path = join(folder, tableFile(table.name))
  const found = await stat(path).catch(() => null)
  if (found === null) throw new BackupRefused(`${path} is missing`)
  const hash = createHash('sha256')
  if (found.size === table.bytes) await pipeline(createReadStream(path), hash)
  if (found.size !== table.bytes || hash.digest('hex') !== table.sha256)
    throw new BackupRefused(`${path} is not as it was written: the backup is damaged`)
}
