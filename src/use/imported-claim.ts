import { isSealed, listCatalogue } from '../collection/catalogue.ts'
import { listConsents } from '../collection/consent.ts'
import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { asRefusal } from '../core/http.ts'
import { change } from '../core/outbox.ts'
import { saysTheSame } from '../storage/claim.ts'
import type { Said } from '../storage/import.ts'
import type { Claim } from '../storage/record.ts'
import { lift } from '../storage/restriction.ts'
import { endCorrection } from './correction.ts'
import { hearAll } from './dispute.ts'
import type { Value, Values } from './reading.ts'
import { rewriting } from './value-rewriting.ts'

interface Importing {
  source: string
  actor: string
}

/**
 * Hears what an import says of people who are here already, for `ImportRequest.hear`. A value that differs from the held
 * one stands beside it as a claim and is restricted until its customer settles it; nothing is overwritten, and what is
 * not held is not kept. Only of fields that a live consent names, whose evidence is of a later day than what is held, and
 * never of the sign-in address, which must be proved, nor of what is sealed in the browser. Somebody's values are opened
 * only where the evidence may be newer. Answers for how many people something is in doubt because of it.
 */
export const hearingImports =
  (house: House, importing: Importing) =>
  async (run: string, said: readonly Said[]): Promise<number> => {
    let disputed = 0
    for (const one of await newerThanAny(house, said))
      if (await again(() => hearImported(house, importing, run, one))) disputed++
    return disputed
  }

/** Whoever agreed first on that day or later holds nothing that is older. Of a record that rests nothing is heard. */
async function newerThanAny({ database }: House, said: readonly Said[]): Promise<Said[]> {
  const first = await database.query<{ subject: string; given_at: Date }>(
    `select c.subject, min(c.given_at) as given_at from consent c join customer u on u.id = c.subject and u.kind = 'customer'
      where c.subject = any ($1) group by c.subject`,
    [said.map(one => one.subject)],
  )
  const since = new Map(first.map(({ subject, given_at }) => [subject, given_at]))
  return said.filter(({ subject, agreedAt }) => (since.get(subject) ?? agreedAt) < agreedAt)
}

/** Once more when the box was changed meanwhile; of whoever leaves at this moment nothing is said. */
async function again(act: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act()
    } catch (error) {
      const code = asRefusal(error)?.code
      if (code === 'erased' || code === 'no_consent' || code === 'not_found') return false
      if (code !== 'conflict' || attempt === 3) throw error
    }
  }
}

async function hearImported(
  house: House,
  { source, actor }: Importing,
  run: string,
  { subject, values: said, agreedAt, proof }: Said,
): Promise<boolean> {
  const consents = await listConsents(house.database, subject)
  const live = consents.filter(consent => consent.withdrawn_at === null)
  const brought = { import: run, source, proof, agreed: agreedAt.toISOString() }
  const codes = Object.keys(said).filter(
    code => code !== 'email' && live.some(({ fields }) => fields.includes(code)),
  )
  if (codes.length === 0) return false
  const imported = consents.find(({ evidence }) => evidence === 'import')?.given_at
  const sealed = (await listCatalogue(house.database)).filter(isSealed).map(field => field.code)
  return rewriting(house, subject, codes, async ({ values, put }) => {
    const claims = new Map<string, Claim>()
    for (const [code, held] of Object.entries(values)) {
      if (sealed.includes(code) || !differs(held, said[code])) continue
      if (heldSince(held, imported) >= brought.agreed) continue
      const at = house.clock.now().toISOString()
      claims.set(code, { value: said[code], source: 'import', at, brought })
    }
    if (claims.size === 0) return false
    await change(house, async (tx, note) => {
      await tx.one(`select 1 from subject where id = $1 and kind = 'customer' for update`, [subject])
      const heard = await hearAll(tx, house, { subject, by: actor }, values, claims)
      const floors = await put(tx, heard.values)
      await remember(tx, run, subject, [...claims.keys()])
      const detail = { method: 'import', differs: heard.contradicted.sort(), import: run, source }
      const fields = [...claims.keys()].sort()
      await note(subject, { kind: 'verification', actor, fields, result: 'done', detail }, floors)
    })
    return true
  })
}

/** From the held value, and from every claim that stands beside it already. */
const differs = (held: Value, value: unknown): boolean =>
  ![held, ...(held.disputed?.claims ?? [])].some(one => saysTheSame(one.value, value))

/** The day of its evidence where an import brought it, else when it was given; later where it was shown to be right since. */
function heldSince({ source, at, brought, confirmed, verified }: Value, imported?: Date): string {
  const given = source === 'import' ? (brought?.agreed ?? imported?.toISOString() ?? at) : at
  return [given, confirmed ?? '', verified?.at ?? ''].sort().at(-1)!
}

const remember = (tx: Tx, run: string, subject: string, codes: readonly string[]) =>
  tx.query(
    `insert into import_claim (import, subject, compartment, slot, field)
     select $1, s.subject, s.compartment, s.number, f.code
       from field f join slot s on s.compartment = f.compartment and s.subject = $2
      where f.code = any ($3) on conflict do nothing`,
    [run, subject, codes],
  )

/**
 * Takes back what an import said of people who were here: its claims go, and what is in doubt by nothing else is restricted no
 * longer. What a customer has settled since stays as they said. Cut off, the same call goes on.
 */
export async function forgetImported(house: House, run: string, actor: string): Promise<void> {
  const rows = await house.database.query<{ subject: string; fields: string[] }>(
    'select subject, array_agg(field order by field) as fields from import_claim where import = $1 group by subject',
    [run],
  )
  for (const { subject, fields } of rows)
    await again(() => forgetOf(house, { run, actor, subject, fields }).then(() => true))
}

async function forgetOf(
  house: House,
  { run, actor, subject, fields }: { run: string; actor: string; subject: string; fields: string[] },
): Promise<void> {
  await rewriting(house, subject, fields, async ({ values, put }) => {
    const changed = new Map(
      Object.entries(values).flatMap(([code, held]) => {
        const without = withoutClaims(held, run)
        return without === held ? [] : [[code, without] as const]
      }),
    )
    const free = [...changed].filter(([, { disputed }]) => disputed === undefined).map(([code]) => code)
    await change(house, async (tx, note) => {
      await tx.one('select 1 from subject where id = $1 for update', [subject])
      await tx.query('delete from import_claim where import = $1 and subject = $2', [run, subject])
      if (changed.size === 0) return
      const floors = await put(tx, changed)
      await lift(tx, subject, free)
      const detail = { import: run, method: 'import' }
      const codes = [...changed.keys()].sort()
      await note(subject, { kind: 'import.undo', actor, fields: codes, result: 'done', detail }, floors)
      await endCorrection(tx, house, note, { subject, by: actor })
    })
  })
}

/** Has an import that is taken back find its claims in another record too, which takes over values of these fields with them. */
export const rememberBeside = (tx: Tx, from: string, to: string, codes: readonly string[]) =>
  tx.query(
    `insert into import_claim (import, subject, compartment, slot, field)
     select c.import, s.subject, s.compartment, s.number, c.field
       from import_claim c join slot s on s.subject = $2 and s.compartment = c.compartment
      where c.subject = $1 and c.field = any ($3) on conflict do nothing`,
    [from, to, codes],
  )

/** These values without what imports said of them that were taken back while they lay aside. */
export async function withoutUndone(database: Queryable, values: Values): Promise<Values> {
  const claims = Object.values(values).flatMap(held => held.disputed?.claims ?? [])
  const undone = await database.query<{ id: string }>(
    'select id from import where id = any ($1) and undo_asked_at is not null',
    [claims.flatMap(claim => claim.brought?.import ?? [])],
  )
  const freed = (held: Value) => undone.reduce((value, { id }) => withoutClaims(value, id), held)
  return Object.fromEntries(Object.entries(values).map(([code, held]) => [code, freed(held)]))
}

/** The very value where it has no claim of this import. A doubt that began with one of them ends with it. */
function withoutClaims(held: Value, run: string): Value {
  const { disputed, ...rest } = held
  const claims = disputed?.claims.filter(claim => claim.brought?.import !== run)
  if (disputed === undefined || claims?.length === disputed.claims.length) return held
  const began = disputed.claims.some(one => one.brought?.import === run && one.at === disputed.since)
  if (claims!.length === 0 && began) return rest
  return { ...held, disputed: { ...disputed, claims: claims! } }
}
