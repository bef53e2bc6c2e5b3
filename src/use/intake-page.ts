import * as z from 'zod'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { type EntryBody, organisationTrail, type TrailEntry } from '../keeper/client.ts'
import { withJobGrant } from './grant.ts'
import { readTrail } from './trail.ts'

/** What proves that the log holds the hash of the manifest: an entry of the company's trail, and where it stands. */
export const intakeProofSchema = z.object({
  entry: z.object({ index: z.int(), body: z.string(), salt: z.string(), commitment: z.string() }),
  hashes: z.array(z.string()),
  checkpoint: z.string(),
  vkey: z.string(),
})
export type IntakeProof = z.infer<typeof intakeProofSchema>

interface Row {
  number: number
  act: string
  sha256: string
  entry: TrailEntry | null
}

/** Servers that start together enter the same page once. */
const entering = 0x1a7a

/**
 * Has the log hold which page for sealed forms is served from now on: an entry of the company's trail whenever that is
 * another than before, durable when this resolves. Until then the page must not be served. Throws `unavailable` where the
 * keeper is away.
 */
export async function enterIntakePage(house: House, sha256: string): Promise<void> {
  // What was written before is found after this.
  const before = await lastIndex(house)
  const row = await change(house, async (tx, note): Promise<{ row: Row; made: boolean }> => {
    await tx.query('select pg_advisory_xact_lock($1)', [entering])
    const newest = await tx.maybe<Row>(
      'select number, act, sha256, entry from intake_page order by number desc limit 1',
    )
    if (newest?.sha256 === sha256) return { row: newest, made: false }
    const act = newId()
    const made = await tx.one<Row>(
      `insert into intake_page (act, sha256, entered_at) values ($1, $2, $3)
       returning number, act, sha256, entry`,
      [act, sha256, house.clock.now()],
    )
    await note(null, { kind: 'intake.page', actor: 'system', act, result: 'served', detail: { sha256 } })
    return { row: made, made: true }
  })
  if (row.row.entry === null) await keepEntry(house, row.row, row.made ? before : undefined)
}

async function lastIndex(house: House): Promise<number | undefined> {
  const head = await house.keeper.head(organisationTrail)
  const index = /^index (\d+)$/m.exec(head ?? '')?.[1]
  return index === undefined ? undefined : Number(index)
}

/** An entry never changes: it is asked for once, and from then on only its proof. */
async function keepEntry(house: House, { number, act }: Row, after: number | undefined): Promise<void> {
  const trail = await withJobGrant(
    house,
    {
      ...{ subjects: [], fields: ['trail'], compartments: ['trail'], purpose: 'accountability' },
      ...{ minutes: 5, most: 1_000 },
    },
    key => readTrail(house, key, organisationTrail, after),
  )
  const entry = trail.find(({ body }) => (JSON.parse(body) as EntryBody).act === act)
  if (entry === undefined) throw new Refusal('unavailable', { why: 'the entry of the intake page waits' })
  await house.database.query('update intake_page set entry = $2 where number = $1', [number, entry])
}

/** The entry of the page that is served now, and that it stands in the log. Refuses `not_found` before there is one. */
export async function intakeProof(house: House): Promise<IntakeProof> {
  const row = await house.database.maybe<{ entry: TrailEntry }>(
    'select entry from intake_page where entry is not null order by number desc limit 1',
  )
  if (row === null) throw new Refusal('not_found', { why: 'no intake page was served yet' })
  const { proofs, checkpoint, vkey } = await house.keeper.proof([row.entry.index])
  return { entry: row.entry, hashes: proofs[0]?.hashes ?? [], checkpoint, vkey }
}
