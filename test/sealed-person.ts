import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { BoxItem, BoxValues, GrantRequest, KeeperClient } from '../src/keeper/client.ts'

/** A person as the keeper knows one: an id, slots, and one box of contact data. */
export interface SealedPerson {
  customer: string
  alias: string
  contact: number
  trail: number
  row: string
  box: BoxItem
}

export interface LiveGrant {
  grant: string
  secret: string
}

export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')

export async function sealContact(
  client: KeeperClient,
  person: Pick<SealedPerson, 'customer' | 'contact' | 'row' | 'trail'>,
  version: number,
  values: BoxValues,
): Promise<BoxItem> {
  const place = { customer: person.customer, compartment: 'contact', row: person.row, version }
  const [box] = await client.seal([{ ...place, slot: person.contact, trailSlot: person.trail, values }])
  return { ...place, box: box! }
}

/** Leases slots for so many people and seals a mail address and a phone number for each. */
export async function sealPeople(client: KeeperClient, count: number): Promise<SealedPerson[]> {
  const { from } = await client.lease(count * 2)
  return Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const alias = `K7-${randomBytes(2).toString('hex').toUpperCase()}`
      const slots = { contact: from + at * 2, trail: from + at * 2 + 1 }
      const person = { customer: randomUUID(), alias, ...slots, row: randomUUID() }
      const values = { email: { value: `person${at}@example.org` }, phone: { value: `+3900${at}` } }
      return { ...person, box: await sealContact(client, person, 1, values) }
    }),
  )
}

export async function sealPerson(client: KeeperClient): Promise<SealedPerson> {
  const [person] = await sealPeople(client, 1)
  return person!
}

export function grantRequest(
  people: SealedPerson[],
  secret: string,
  wanted: Partial<GrantRequest> = {},
): GrantRequest {
  return {
    id: randomUUID(),
    secretHash: sha256Hex(secret),
    kind: 'task',
    actor: 'st_7',
    subjects: people.map(({ customer, trail, alias }) => ({ customer, trailSlot: trail, alias })),
    fields: ['email', 'phone'],
    compartments: ['contact'],
    purpose: 'service',
    task: randomUUID(),
    until: Date.now() + 3_600_000,
    most: 1000,
    policy: 'p1',
    ...wanted,
  }
}

export async function takeGrant(
  client: KeeperClient,
  people: SealedPerson[],
  wanted: Partial<GrantRequest> = {},
): Promise<LiveGrant> {
  const secret = randomBytes(16).toString('hex')
  const { id } = await client.makeGrant(grantRequest(people, secret, wanted))
  return { grant: id, secret }
}

/** The trail of a person as they would read it themselves, bodies parsed. */
export async function trailOf(
  client: KeeperClient,
  person: SealedPerson,
): Promise<Record<string, unknown>[]> {
  const own = await takeGrant(client, [person], { kind: 'portal', actor: 'customer', fields: ['*'] })
  const bodies: Record<string, unknown>[] = []
  for (let after = -1; ; ) {
    const page = await client.entries({ ...own, trailSlot: person.trail, after })
    for (const entry of page.entries) bodies.push({ ...JSON.parse(entry.body), index: entry.index })
    if (!page.more) return bodies
    after = page.entries.at(-1)!.index
  }
}
