import { newId, newToken, sha256 } from '../src/core/ids.ts'
import type { KeeperClient } from '../src/keeper/client.ts'

/** Somebody whose boxes a bench seals and opens, under a grant for all of them. */
export interface Person {
  id: string
  alias: string
  trailSlot: number
  grant: string
  secret: string
}

export interface BoxOf {
  slot: number
  place: { customer: string; compartment: string; row: string; version: number }
  box: Buffer
}

const compartment = 'identity'
const hour = 3_600_000

export async function makePerson(client: KeeperClient): Promise<Person> {
  const trailSlot = (await client.lease(1)).from
  const [id, grant, secret] = [newId(), newId(), newToken()]
  const alias = `c_${trailSlot}`
  await client.makeGrant({
    ...{ id: grant, secretHash: sha256(secret).toString('hex'), kind: 'job', actor: 'system' },
    subjects: [{ customer: id, trailSlot, alias }],
    ...{ fields: ['*'], compartments: [compartment], purpose: 'bench', policy: '' },
    ...{ until: Date.now() + 12 * hour, most: 2_000_000 },
  })
  return { id, alias, trailSlot, grant, secret }
}

export const placeOf = (person: Person): BoxOf['place'] => ({
  ...{ customer: person.id, compartment, row: newId(), version: 1 },
})

export async function sealOne(client: KeeperClient, person: Person, slot: number): Promise<BoxOf> {
  const place = placeOf(person)
  const item = { ...place, slot, trailSlot: person.trailSlot, values: { slot: { value: slot } } }
  const [box] = await client.seal([item])
  return { slot, place, box: box! }
}

/** Whether the box opens to what was sealed in it. Throws the keeper's refusal. */
export async function openOne(
  client: KeeperClient,
  { grant, secret }: Person,
  { slot, place, box }: BoxOf,
): Promise<boolean> {
  const [opened] = await client.open({ grant, secret, fields: ['*'], items: [{ ...place, box }] })
  return (opened?.values.slot as { value?: unknown } | undefined)?.value === slot
}
