import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'

/**
 * The address index: keyed fingerprints, made by the keeper, in a table that is absent from the write-ahead log and
 * from backups. Whoever holds the database cannot tell whose address a row stands for, nor try one.
 */
export type AddressKind = 'email' | 'applicant-email' | 'employee-email'

/** Where an address lies sealed: its row in the index goes when this slot goes. */
export interface AddressOwner {
  subject: string
  compartment: string
  slot: number
}

/**
 * The fingerprint of an address; upper and lower case are the same. An applicant's is that of a customer, so that
 * joining need not make it again. Many at once are made under a job's grant. Throws `unavailable` when the keeper
 * cannot be reached, `budget` when too many were made within the hour.
 */
export async function addressToken(
  house: House,
  kind: AddressKind,
  address: string,
  under?: { grant: string; secret: string },
): Promise<Buffer> {
  const [token] = await house.keeper.fingerprint([{ kind: tokenKind(kind), value: address }], under)
  return token!
}

/** The kind under which the keeper makes the fingerprint. */
export const tokenKind = (kind: AddressKind): string => (kind === 'employee-email' ? kind : 'email')

/** Whether the index is whole. PostgreSQL empties unlogged tables after a crash, the row of the generation with them. */
export async function isIndexed(database: Queryable): Promise<boolean> {
  return (await database.maybe('select 1 from address_generation')) !== null
}

/** Refuses `search_rebuilding` while the index is lost: an empty table must never be read as "nobody". */
export async function requireIndex(database: Queryable): Promise<void> {
  if (!(await isIndexed(database))) throw new Refusal('search_rebuilding')
}

/** Declares the index whole: at the first setup, and when it has been rebuilt. */
export async function markGeneration(tx: Tx, house: House): Promise<void> {
  await tx.query('insert into address_generation (made_at) values ($1) on conflict do nothing', [
    house.clock.now(),
  ])
}

/** Whose address this is, or null. Throws `search_rebuilding` while the index is lost. */
export async function findAddress(
  database: Queryable,
  kind: AddressKind,
  token: Buffer,
): Promise<AddressOwner | null> {
  await requireIndex(database)
  return database.maybe<AddressOwner>(
    'select subject, compartment, slot from address where kind = $1 and token = $2',
    [kind, token],
  )
}

/** Which of these addresses somebody has. Throws `search_rebuilding` while the index is lost. */
export async function findTaken(
  database: Queryable,
  kind: AddressKind,
  tokens: readonly Buffer[],
): Promise<Map<string, AddressOwner>> {
  await requireIndex(database)
  const rows = await database.query<AddressOwner & { token: Buffer }>(
    'select token, subject, compartment, slot from address where kind = $1 and token = any ($2::bytea[])',
    [kind, tokens],
  )
  return new Map(rows.map(({ token, ...owner }) => [token.toString('hex'), owner]))
}

/** Adds an address. One that somebody has already is `conflict`; a lost index `search_rebuilding`. */
export async function addAddress(
  tx: Tx,
  kind: AddressKind,
  token: Buffer,
  owner: AddressOwner,
): Promise<void> {
  await addAddresses(tx, kind, [{ ...owner, token }])
}

/** Adds many; refuses what `addAddress` does, for all of them when it is so for one. */
export async function addAddresses(
  tx: Tx,
  kind: AddressKind,
  addresses: readonly (AddressOwner & { token: Buffer })[],
): Promise<void> {
  await requireIndex(tx)
  const added = await tx.query(
    `insert into address (kind, token, subject, compartment, slot)
     select $1, * from unnest($2::bytea[], $3::uuid[], $4::text[], $5::bigint[])
     on conflict (kind, token) do nothing returning subject`,
    [
      ...[kind, addresses.map(one => one.token), addresses.map(one => one.subject)],
      ...[addresses.map(one => one.compartment), addresses.map(one => one.slot)],
    ],
  )
  if (added.length < addresses.length) throw new Refusal('conflict', { why: 'somebody has this address' })
}

/** Writes an address also while the index is being rebuilt; false when somebody has it already. */
export async function restoreAddress(
  tx: Tx,
  kind: AddressKind,
  token: Buffer,
  owner: AddressOwner,
): Promise<boolean> {
  const added = await tx.maybe(
    `insert into address (kind, token, subject, compartment, slot) values ($1, $2, $3, $4, $5)
     on conflict (kind, token) do nothing returning subject`,
    [kind, token, owner.subject, owner.compartment, owner.slot],
  )
  return added !== null
}

/** The fingerprint under which a customer is found now, or null. Throws `search_rebuilding` while the index is lost. */
export async function ownToken(tx: Tx, subject: string): Promise<Buffer | null> {
  await requireIndex(tx)
  const row = await tx.maybe<{ token: Buffer }>(
    `select token from address where subject = $1 and kind = 'email'`,
    [subject],
  )
  return row?.token ?? null
}

/**
 * Puts another address in the place of the one that a customer is found under, in a transaction that has locked both. One
 * that somebody has already is `conflict`.
 */
export async function swapAddress(tx: Tx, token: Buffer, owner: AddressOwner): Promise<void> {
  await tx.query(`delete from address where subject = $1 and kind = 'email'`, [owner.subject])
  await addAddress(tx, 'email', token, owner)
}

/** Lets one transaction after another decide about an address, also while no row for it exists. */
export const lockAddress = (tx: Tx, token: Buffer): Promise<void> => lockAddresses(tx, [token])

/** Locks many, in one order everywhere, so that no two transactions wait for each other. */
export async function lockAddresses(tx: Tx, tokens: readonly Buffer[]): Promise<void> {
  const keys = tokens.map(token => token.readBigInt64BE(0)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  await tx.query('select pg_advisory_xact_lock(key) from unnest($1::bigint[]) as key', [keys.map(String)])
}

/** Takes every address of a subject out of the index. */
export async function removeAddresses(tx: Tx, subject: string): Promise<void> {
  await tx.query('delete from address where subject = $1', [subject])
}
