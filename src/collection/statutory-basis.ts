import * as z from 'zod'
import { brokenConstraint, type Queryable, type Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { lineRule } from './datum/text.ts'
import { documentFields } from './field.ts'
import { publishNotice } from './notice.ts'

const inBoth = (most: number) => z.strictObject({ en: lineRule(most), it: lineRule(most) })

/** The types of task that may be declared as readers of a basis. */
const basisReaders = ['invoice_question'] as const

/** What an officer declares: by which law documents are kept, what they may hold, for how long, and who may read them. */
export const declaredSchema = z.strictObject({
  name: inBoth(80),
  law: inBoth(200),
  why: inBoth(300),
  fields: z
    .array(z.enum(documentFields))
    .min(1, 'required')
    .refine(fields => new Set(fields).size === fields.length, 'invalid'),
  years: z.int().min(1).max(30),
  counts_from: z.enum(['issue', 'year_end']),
  readers: z.array(z.enum(basisReaders)).min(1, 'required'),
})
export type Declared = z.infer<typeof declaredSchema>

export const basisCode = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'invalid')

/** A version of a basis, and what became of it. Who proposed and decided it are pseudonyms; null: the program's own. */
export interface BasisVersion extends Declared {
  basis: string
  version: number
  proposed_by: string | null
  proposed_at: Date | null
  decided_by: string | null
  decided_at: Date | null
  approved: boolean | null
}

export interface Basis {
  code: string
  /** A restore has lost a version: nothing is issued under it until two officers have decided again. */
  closed: boolean
  /** The number of the newest version, also of one that a restore has lost. */
  newest: number
  /** The one in force; null while none was confirmed. */
  now: BasisVersion | null
  /** The newest first. */
  versions: BasisVersion[]
}

const shape = `
  select v.basis, v.version, v.name, v.law, v.why, v.fields, v.years, v.counts_from, v.readers,
         p.pseudonym as proposed_by, v.proposed_at, d.pseudonym as decided_by, v.decided_at, v.approved
    from statutory_basis_version v
    left join employee p on p.id = v.proposed_by left join employee d on d.id = v.decided_by`

/** Every declared basis, by its code. */
export async function listBases(database: Queryable): Promise<Basis[]> {
  const bases = await database.query<{ code: string; closed: boolean; after: number }>(
    'select code, closed, after from statutory_basis order by code',
  )
  const versions = await database.query<BasisVersion>(`${shape} order by v.basis, v.version desc`)
  return bases.map(({ code, closed, after }) => {
    const own = versions.filter(version => version.basis === code)
    const now = own.find(version => version.approved === true) ?? null
    return { code, closed, newest: Math.max(after, own[0]?.version ?? 0), now, versions: own }
  })
}

/** The version under which documents are issued now. Refuses `not_found`, and `conflict` while the basis is closed. */
export async function requireBasis(database: Queryable, code: string): Promise<BasisVersion> {
  const found = await database.maybe<{ closed: boolean }>(
    'select closed from statutory_basis where code = $1',
    [code],
  )
  if (found?.closed === true) throw conflict('closed')
  const version = await database.maybe<BasisVersion>(
    `${shape} where v.basis = $1 and v.approved order by v.version desc limit 1`,
    [code],
  )
  if (version === null) throw new Refusal('not_found', { why: 'no such basis in force' })
  return version
}

/** Throws `not_found`. */
const getVersion = (database: Queryable, basis: string, version: number): Promise<BasisVersion> =>
  database.one<BasisVersion>(`${shape} where v.basis = $1 and v.version = $2`, [basis, version])

const conflict = (reason: 'changed' | 'open' | 'decided' | 'oneself' | 'closed') =>
  new Refusal('conflict', { detail: { reason } })

/**
 * Proposes a basis, or another version of one: nothing is kept by it until another officer has confirmed it, since it allows
 * keeping without consent. `after` is the newest version that was seen, 0 for a new one. Refuses `conflict` when there is a
 * newer one or another proposal is open. What is issued already stays under the version it was issued under.
 */
export function proposeBasis(
  house: House,
  by: Pick<Session, 'subject' | 'actor'>,
  { code, after, ...declared }: Declared & { code: string; after: number },
): Promise<BasisVersion> {
  return change(house, async (tx, note) => {
    await tx.query('insert into statutory_basis (code) values ($1) on conflict do nothing', [code])
    const { newest } = await tx.one<{ newest: number }>(
      `select greatest(b.after, coalesce(max(v.version), 0)) as newest
         from statutory_basis b left join statutory_basis_version v on v.basis = b.code
        where b.code = $1 group by b.code`,
      [code],
    )
    if (newest !== after) throw conflict('changed')
    const version = newest + 1
    await insertVersion(tx, house, by, { code, version, declared })
    await note(null, { ...noted(by, code, version, declared), result: 'proposed' })
    return getVersion(tx, code, version)
  })
}

async function insertVersion(
  tx: Tx,
  house: House,
  by: Pick<Session, 'subject'>,
  { code, version, declared }: { code: string; version: number; declared: Declared },
): Promise<void> {
  const { name, law, why, fields, years, counts_from, readers } = declared
  try {
    await tx.query(
      `insert into statutory_basis_version
         (basis, version, name, law, why, fields, years, counts_from, readers, proposed_by, proposed_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...[code, version, name, law, why, fields, years, counts_from, readers],
        ...[by.subject, house.clock.now()],
      ],
    )
  } catch (error) {
    const open = ['basis_open', 'statutory_basis_version_pkey'].includes(brokenConstraint(error))
    throw open ? conflict('open') : error
  }
}

/** What the company's trail says of it: codes and numbers. */
const noted = (
  by: Pick<Session, 'actor'>,
  basis: string,
  version: number,
  { fields, years, counts_from, readers }: Declared,
) => ({
  ...{ kind: 'basis' as const, actor: by.actor },
  detail: { basis, version, fields, years, counts_from, readers },
})

/**
 * Decides about a proposal, once. Confirming is another officer's: from then on documents are issued under it, and the notice
 * tells of it. Turning it down may also be who proposed it. Refuses `not_found`, and `conflict` for one's own and one that is
 * decided.
 */
export function decideBasis(
  house: House,
  by: Pick<Session, 'subject' | 'actor'>,
  { code, version, approved }: { code: string; version: number; approved: boolean },
): Promise<BasisVersion> {
  return change(house, async (tx, note) => {
    const proposal = await tx.one<{ proposer: string | null; approved: boolean | null }>(
      `select proposed_by as proposer, approved from statutory_basis_version
        where basis = $1 and version = $2 for update`,
      [code, version],
    )
    if (proposal.approved !== null) throw conflict('decided')
    if (approved && proposal.proposer === by.subject) throw conflict('oneself')
    await tx.query(
      `update statutory_basis_version set decided_by = $3, decided_at = $4, approved = $5
        where basis = $1 and version = $2`,
      [code, version, by.subject, house.clock.now(), approved],
    )
    const decided = await getVersion(tx, code, version)
    if (approved) await publishNotice(tx, house.clock)
    await note(null, { ...noted(by, code, version, decided), result: approved ? 'approved' : 'rejected' })
    return decided
  })
}
