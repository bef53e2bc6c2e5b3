import { listCatalogue } from '../collection/catalogue.ts'
import { brokenConstraint, type Queryable, type Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { DecisionTable } from './decision-table.ts'
import { endTaskGrants } from './grant.ts'
import { BrokenPolicies, hashOf, Policies, type Rule, shippedText } from './policy.ts'
import { comparePolicies, type PolicyChange, permitsTooMuch } from './policy-preview.ts'
import { taskTypes } from './task-type.ts'

/** A text that an officer has proposed, and what became of it. Version 0 is the program's own. */
export interface PolicyVersion {
  version: number
  text: string
  hash: string
  base: number
  proposed_by: string
  proposed_at: Date
  decided_by: string | null
  decided_at: Date | null
  approved: boolean | null
}

export interface InForce {
  version: number
  /** A restore has lost a version: nothing may be taken until two officers have decided again. */
  closed: boolean
}

const types = Object.values(taskTypes)
const shipped = new DecisionTable(new Policies(shippedText), types)
const nothing = new DecisionTable(new Policies(''), types)
const tables = new Map([shipped, nothing].map(table => [table.policies.hash, table]))

/**
 * The decisions in force, held as they are until the transaction ends: policies change before a task is taken or after,
 * and never in between.
 */
export async function holdDecisions(tx: Tx): Promise<DecisionTable> {
  const { version, closed } = await tx.one<InForce>('select version, closed from policy_in_force for share')
  return closed ? nothing : tableOf(tx, version)
}

/** Read from the database once for each text. A text that is not what its hash says would permit what nobody approved. */
async function tableOf(database: Queryable, version: number): Promise<DecisionTable> {
  if (version === 0) return shipped
  const { hash } = await database.one<{ hash: string }>(
    'select hash from policy_version where version = $1 and approved',
    [version],
  )
  const known = tables.get(hash)
  if (known !== undefined) return known
  const { text } = await database.one<{ text: string }>(
    'select text from policy_version where version = $1',
    [version],
  )
  const table = new DecisionTable(new Policies(text), types)
  if (table.policies.hash !== hash)
    throw new Refusal('unavailable', { why: 'another text than was approved' })
  tables.set(hash, table)
  return table
}

/** The policies of these ids in the text of this hash, with what each says: what a grant was decided by. */
export async function findRules(database: Queryable, hash: string, ids: readonly string[]): Promise<Rule[]> {
  if (!tables.has(hash)) {
    const found = await database.maybe<{ version: number }>(
      'select version from policy_version where hash = $1 and approved order by version limit 1',
      [hash],
    )
    if (found !== null) await tableOf(database, found.version)
  }
  const rules = tables.get(hash)?.policies.rules ?? []
  return ids.map(id => rules.find(rule => rule.id === id) ?? { id, en: id, it: id })
}

export interface ShownPolicies extends InForce {
  /** Of the version in force. */
  text: string
  hash: string
  rules: readonly Rule[]
  versions: (PolicyVersion & { changes: PolicyChange[] | null })[]
}

/** What is in force, and every text that was proposed, the newest first; the open one with what it would change. */
export async function showPolicies(database: Queryable): Promise<ShownPolicies> {
  const inForce = await database.one<InForce>('select version, closed from policy_in_force')
  const versions = await database.query<PolicyVersion>(`${shape} order by v.version desc limit 100`)
  const { policies } = await tableOf(database, inForce.version)
  const text = inForce.version === 0 ? shippedText : (await getVersion(database, inForce.version)).text
  return {
    ...{ ...inForce, text, hash: policies.hash, rules: policies.rules },
    versions: await Promise.all(
      versions.map(async one => ({
        ...one,
        changes: one.approved === null ? await previewPolicies(database, one.text) : null,
      })),
    ),
  }
}

const shape = `
  select v.version, v.text, v.hash, v.base, p.pseudonym as proposed_by, v.proposed_at, d.pseudonym as decided_by,
         v.decided_at, v.approved
    from policy_version v join employee p on p.id = v.proposed_by left join employee d on d.id = v.decided_by`

/** Throws `not_found`. */
export const getVersion = (database: Queryable, version: number): Promise<PolicyVersion> =>
  database.one<PolicyVersion>(`${shape} where v.version = $1`, [version])

/**
 * Who would gain and who would lose what, if this text were in force in place of the present one. Refuses `invalid`, with
 * each fault as a sentence, for a text that is no sound set of policies, or that would permit against a customer's no.
 */
export async function previewPolicies(database: Queryable, text: string): Promise<PolicyChange[]> {
  const { version, closed } = await database.one<InForce>('select version, closed from policy_in_force')
  const now = closed ? nothing : await tableOf(database, version)
  const fields = await listCatalogue(database)
  // Nothing waits from here: Cedar keeps one text that is only looked at, and the next takes its place.
  const then = judge(text)
  const faults = permitsTooMuch(then, types, fields)
  if (faults.length > 0) throw unsound(faults)
  return comparePolicies({ now, then }, types, fields)
}

function judge(text: string): DecisionTable {
  try {
    return new DecisionTable(new Policies(text, 'preview'), types)
  } catch (error) {
    if (error instanceof BrokenPolicies) throw unsound(error.faults)
    throw error
  }
}

const unsound = (faults: readonly string[]) =>
  new Refusal('invalid', {
    fields: [{ field: 'text', code: 'unsound_policies' }],
    detail: { faults: faults.slice(0, 20).map(fault => fault.slice(0, 500)) },
  })

/**
 * Proposes a text: another officer decides. Refuses what `previewPolicies` refuses, and `conflict` when the text is in
 * force already, another proposal is open, or `after` is no longer the version in force.
 */
export async function proposePolicies(
  house: House,
  by: Pick<Session, 'subject' | 'actor'>,
  { text, after }: { text: string; after: number },
): Promise<PolicyVersion> {
  await previewPolicies(house.database, text)
  return change(house, async (tx, note) => {
    const { version: base, closed } = await tx.one<InForce>(
      'select version, closed from policy_in_force for share',
    )
    if (base !== after) throw conflict('changed')
    const hash = hashOf(text)
    if (!closed && (await tableOf(tx, base)).policies.hash === hash) throw conflict('same')
    const { version } = await tx.one<{ version: number }>(
      'select coalesce(max(version), 0) + 1 as version from policy_version',
    )
    await insertVersion(tx, house, by, { version, text, hash, base })
    const detail = { version, base, hash }
    await note(null, { kind: 'policy', actor: by.actor, result: 'proposed', detail })
    return getVersion(tx, version)
  })
}

async function insertVersion(
  tx: Tx,
  house: House,
  by: Pick<Session, 'subject'>,
  { version, text, hash, base }: Pick<PolicyVersion, 'version' | 'text' | 'hash' | 'base'>,
): Promise<void> {
  try {
    await tx.query(
      `insert into policy_version (version, text, hash, base, proposed_by, proposed_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [version, text, hash, base, by.subject, house.clock.now()],
    )
  } catch (error) {
    const open = ['policy_version_open', 'policy_version_pkey'].includes(brokenConstraint(error))
    throw open ? conflict('open') : error
  }
}

const conflict = (reason: 'changed' | 'same' | 'open' | 'decided' | 'oneself') =>
  new Refusal('conflict', { detail: { reason } })

/**
 * Decides about a proposal, once. Approving is another officer's: the text is then in force, in every process, and whatever
 * was granted for tasks under the old one has ended before this resolves. Turning it down may also be who proposed it. Refuses
 * `not_found`, and `conflict` for one's own, one that is decided, and one that another version has overtaken.
 */
export async function decidePolicies(
  house: House,
  by: Pick<Session, 'subject' | 'actor'>,
  version: number,
  approved: boolean,
): Promise<PolicyVersion> {
  return change(house, async (tx, note) => {
    const proposal = await tx.one<{ proposer: string; decided_at: Date | null; base: number; hash: string }>(
      `select proposed_by as proposer, decided_at, base, hash from policy_version where version = $1 for update`,
      [version],
    )
    if (proposal.decided_at !== null) throw conflict('decided')
    if (approved && proposal.proposer === by.subject) throw conflict('oneself')
    const { version: inForce } = await tx.one<InForce>('select version, closed from policy_in_force')
    if (approved && inForce !== proposal.base) throw conflict('changed')
    await tx.query(
      `update policy_version set decided_by = $2, decided_at = $3, approved = $4 where version = $1`,
      [version, by.subject, house.clock.now(), approved],
    )
    if (approved) await endTaskGrants(tx, house, by.actor)
    const result = approved ? 'approved' : 'rejected'
    const detail = { version, hash: proposal.hash }
    await note(null, { kind: 'policy', actor: by.actor, result, detail })
    return getVersion(tx, version)
  })
}
