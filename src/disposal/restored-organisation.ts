import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { type KeeperClient, organisationTrail, type ToldChange } from '../keeper/client.ts'
import type { Counts } from './restoration-counts.ts'

/** Every change that the log holds of the organisation itself, oldest first. */
export async function* organisationChanges(keeper: KeeperClient): AsyncGenerator<ToldChange> {
  for (let after = -1; ; ) {
    const page = await keeper.changesAfter({ trailSlot: organisationTrail, number: 0, after })
    yield* page.changes
    if (!page.more) return
    after = page.after
  }
}

/** A pseudonym names one person for ever, also one whom this database does not know. */
export async function keepPseudonyms(tx: Tx, house: House): Promise<void> {
  let highest = 0
  for await (const { body } of organisationChanges(house.keeper))
    for (const name of [body.actor, body.detail?.employee])
      highest = Math.max(highest, Number(/^st_(\d+)$/.exec(String(name))?.[1] ?? 0))
  await tx.query(
    `select setval('pseudonym_number', greatest($1::bigint, last_value, 1), is_called or $1 > 0) from pseudonym_number`,
    [highest],
  )
}

/**
 * The policies in force are those that the log knows to be approved last. Where this database does not have them, nothing may
 * be taken until two officers have decided again: an older text may be the looser one. What was proposed and not decided
 * is nobody's any more.
 */
export async function holdPolicies(tx: Tx, house: House, counts: Counts): Promise<void> {
  let approved: unknown = null
  for await (const { body } of organisationChanges(house.keeper))
    if (body.kind === 'policy' && body.result === 'approved') approved = body.detail?.hash
  await tx.query('delete from policy_version where decided_at is null')
  const { hash } = await tx.one<{ hash: string | null }>(
    'select v.hash from policy_in_force p left join policy_version v on v.version = p.version',
  )
  if (hash === approved) return
  await tx.query('update policy_in_force set closed = true')
  counts.unclear.policy = (counts.unclear.policy ?? 0) + 1
}

/** The age of own consent is the one that the log knows to be decided last: an older database may ask for a lower one. */
export async function keepAge(tx: Tx, house: House): Promise<void> {
  let version = 0
  let least: unknown = null
  for await (const { body } of organisationChanges(house.keeper))
    if (body.kind === 'age' && body.result === 'done') {
      version = Number(body.detail?.version)
      least = body.detail?.least
    }
  await tx.query(
    `insert into age_rule (version, least, decided_at)
     select $1::integer, $2::smallint, $3::timestamptz where $1 > (select max(version) from age_rule)`,
    [version, least, house.clock.now()],
  )
}

/**
 * A basis is in force in the version that the log knows to be confirmed last. Where this database does not have it, nothing is
 * issued under it until two officers have decided again: an older one may allow more. What was proposed and not decided is
 * nobody's any more.
 */
export async function holdBases(tx: Tx, house: House, counts: Counts): Promise<void> {
  const confirmed = new Map<string, number>()
  for await (const { body } of organisationChanges(house.keeper))
    if (body.kind === 'basis' && body.result === 'approved')
      confirmed.set(String(body.detail?.basis), Number(body.detail?.version))
  await tx.query('delete from statutory_basis_version where approved is null')
  for (const [basis, version] of confirmed) {
    const known = await tx.maybe(
      'select 1 from statutory_basis_version where basis = $1 and version = $2 and approved',
      [basis, version],
    )
    if (known !== null) continue
    // The numbers that the log has given are not given again.
    await tx.query(
      `insert into statutory_basis (code, closed, after) values ($1, true, $2)
       on conflict (code) do update set closed = true, after = excluded.after`,
      [basis, version],
    )
    counts.unclear.basis = (counts.unclear.basis ?? 0) + 1
  }
}
