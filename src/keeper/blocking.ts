import { raise } from './alarm.ts'
import { blockingKeys, type Sought } from './blocking-key.ts'
import { opens } from './grants.ts'
import type { Keeper } from './keeper.ts'
import { type ArrivedBox, openCovered } from './reading.ts'
import { readingEntry } from './reading-entry.ts'
import { KeeperRefusal } from './refusal.ts'
import type { BoxValues } from './requests.ts'
import { organisationTrail } from './reserved.ts'

export interface AskedBlocking {
  grant: string
  secret: string
  items: ArrivedBox[]
}

/** What people are looked for by. The grant opens all of them. */
const soughtBy = ['birth_date', 'codice_fiscale', 'name', 'phone', 'postal_address'] as const

/**
 * For each person whose boxes these are, the keyed fingerprints (16 bytes each, one after another) of the keys under which
 * they are looked for among all others: whoever shares one may be the same person. Nothing plain leaves, and the fingerprints
 * of one grant are of no use beside those of another. Only for a job without subjects, entered once in the organisation's
 * trail, before the answer. Refuses as `tokensOf` does.
 */
export async function blockingTokens(keeper: Keeper, asked: AskedBlocking): Promise<Map<string, Buffer>> {
  keeper.grants.require(asked.grant, asked.secret, keeper.now())
  await keeper.fetch(asked.items.map(item => item.slot))
  const grant = keeper.grants.require(asked.grant, asked.secret, keeper.now())
  if (grant.kind !== 'job' || grant.subjects.size > 0)
    throw new KeeperRefusal('outside_grant', { why: 'kind' })
  const closed = soughtBy.find(field => !opens(grant, field))
  if (closed !== undefined) throw new KeeperRefusal('outside_grant', { why: 'field' })
  const people = new Map<string, Sought>()
  for (const [at, item] of asked.items.entries()) {
    const values = openCovered(keeper, grant, item, at)
    people.set(item.customer, { ...people.get(item.customer), ...soughtOf(values) })
  }
  const kind = `likeness.${grant.id}`
  const tokens = [...people].map(([customer, sought]) => {
    const made = blockingKeys(sought).map(key => keeper.fingerprint(kind, key))
    return [customer, Buffer.concat(made)] as const
  })
  const alarms = keeper.grants.spendTokens(grant, people.size, keeper.now())
  const about = {
    trailSlot: organisationTrail,
    subject: 'organisation',
    fields: [...soughtBy],
    act: grant.id,
  }
  const { body } = readingEntry(grant, about)
  const shared = `${grant.id}/blocking`
  const earlier = keeper.shared.find(shared)?.durable
  const written =
    earlier ??
    keeper.write([
      {
        trailSlot: organisationTrail,
        body: { ...body, kind: 'tokens', result: 'fingerprinted', detail: { kind: 'likeness' } },
      },
    ])
  if (earlier === undefined) keeper.shared.keep(shared, { until: grant.until, durable: written })
  await Promise.all([written, raise(keeper, alarms)])
  return new Map(tokens)
}

/** What a box holds of it. A value is `{ value, … }` or stands alone; what is of another form is left out. */
function soughtOf(values: BoxValues): Sought {
  const { postal_code } = Object(held(values.postal_address)) as { postal_code?: unknown }
  return {
    ...textAs('name', held(values.name)),
    ...textAs('birth', held(values.birth_date)),
    ...textAs('phone', held(values.phone)),
    ...textAs('nationalId', held(values.codice_fiscale)),
    ...textAs('postcode', postal_code),
  }
}

const held = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'value' in value ? value.value : value

const textAs = (part: keyof Sought, value: unknown): Sought =>
  typeof value === 'string' && value !== '' ? { [part]: value } : {}
