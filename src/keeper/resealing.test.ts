import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { type LiveGrant, type SealedPerson, sealPeople, takeGrant } from '../../test/sealed-person.ts'
import type { GrantRequest, ResealItem } from './client.ts'

let keeper: KeeperProcess

beforeAll(async () => {
  keeper = await startKeeper()
})
afterAll(() => keeper.stop())

const whole: Partial<GrantRequest> = { kind: 'portal', actor: 'customer', fields: ['*'] }

async function somebody(): Promise<{ person: SealedPerson; grant: LiveGrant; item: ResealItem }> {
  const [person] = await sealPeople(keeper.client, 1)
  const grant = await takeGrant(keeper.client, [person!], whole)
  const { customer, contact: slot, trail: trailSlot, row, box } = person!
  const place = { customer, compartment: 'contact', row, slot, trailSlot }
  return { person: person!, grant, item: { ...place, version: 2, without: [], box: box.box } }
}

const opened = async (grant: LiveGrant, { customer, compartment, row, version }: ResealItem, box: Buffer) =>
  (
    await keeper.client.open({
      ...{ ...grant, fields: ['*'], items: [{ customer, compartment, row, version, box }] },
    })
  )[0]!.values

describe('a box that is sealed anew', () => {
  it('has lost what was to be left out, and nothing else', async () => {
    const { grant, item } = await somebody()
    const [box] = await keeper.client.reseal(grant, [{ ...item, without: ['phone', 'nothing'] }])
    expect(await opened(grant, item, box!)).toEqual({ email: { value: 'person0@example.org' } })
  })

  it('is no other one where it holds nothing of that, and lies under another slot where it is told so', async () => {
    const { grant, item } = await somebody()
    expect(await keeper.client.reseal(grant, [{ ...item, without: ['nothing'] }])).toEqual([null])
    const { from: slot } = await keeper.client.lease(1)
    const [box] = await keeper.client.reseal(grant, [{ ...item, slot }])
    expect(await opened(grant, item, box!)).toMatchObject({ phone: { value: '+39000' } })
  })

  it('is refused to whoever could not open all of it, and goes into no trail', async () => {
    const [ana, bea] = [await somebody(), await somebody()]
    const some = await takeGrant(keeper.client, [ana.person])
    const narrow = await takeGrant(keeper.client, [ana.person], { fields: ['phone'] })
    const item = { ...ana.item, without: ['phone'] }
    expect(await keeper.client.reseal(some, [item])).toHaveLength(1)
    for (const [grant, asked, code] of [
      [narrow, item, 'outside_grant'],
      [bea.grant, item, 'outside_grant'],
      [ana.grant, { ...item, slot: ana.person.trail }, 'subject_slot'],
      [ana.grant, { ...item, trailSlot: bea.person.trail }, 'outside_grant'],
      [ana.grant, { ...item, version: 3 }, 'bad_box'],
      [{ ...ana.grant, secret: 'wrong' }, item, 'no_grant'],
    ] as const)
      await expect(keeper.client.reseal(grant, [asked]), code).rejects.toMatchObject({ code })
  })

  it('is told to nobody: no reading is entered', async () => {
    const { person, grant, item } = await somebody()
    const before = (await keeper.client.status()).size
    await keeper.client.reseal(grant, [{ ...item, without: ['phone'] }])
    expect((await keeper.client.status()).size).toBe(before)
    expect(person.alias).toMatch(/^K7-/)
  })
})
