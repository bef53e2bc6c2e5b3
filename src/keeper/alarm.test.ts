import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { type SealedPerson, sealPeople, takeGrant } from '../../test/sealed-person.ts'
import { organisationTrail } from './client.ts'

let keeper: KeeperProcess

beforeAll(async () => {
  keeper = await startKeeper({ readings: 10 })
})

afterAll(() => keeper.stop())

async function read(person: SealedPerson, actor: string, purpose = 'service', list = false): Promise<void> {
  const grant = await takeGrant(keeper.client, [person], { actor, purpose })
  await keeper.client.open({ ...grant, fields: ['email'], items: [person.box], list })
}

/** The alarms in the organisation's trail, oldest first. */
async function alarms(): Promise<Record<string, unknown>[]> {
  const wanted = { kind: 'job' as const, actor: 'system', fields: ['trail'], compartments: ['trail'] }
  const grant = await takeGrant(keeper.client, [], wanted)
  const { entries } = await keeper.client.entries({ ...grant, trailSlot: organisationTrail })
  const bodies = entries.map(entry => JSON.parse(entry.body) as Record<string, unknown>)
  return bodies.filter(body => body.kind === 'alarm')
}

test('half of an actor’s readings raise one alarm in the trail and on the error stream; all of them are refused', async () => {
  const people = await sealPeople(keeper.client, 12)
  for (const person of people.slice(0, 4)) await read(person, 'st_1')
  expect(await alarms()).toEqual([])
  for (const person of people.slice(4, 10)) await read(person, 'st_1')
  const [alarm, ...more] = await alarms()
  expect(more).toEqual([])
  expect(alarm).toMatchObject({
    ...{ kind: 'alarm', actor: 'st_1', subject: 'organisation', purpose: 'service' },
    detail: { budget: 'readings', amount: 5, most: 10 },
  })
  expect(keeper.said()).toBe('keeper: alarm: st_1 has used 5 of 10 readings an hour (service)\n')
  await expect(read(people[10]!, 'st_1')).rejects.toMatchObject({ code: 'budget' })
  await read(people[10]!, 'st_2')
  await read(people[10]!, 'st_1', 'offers')
})

test('a restart forgets no reading of the last hour, and raises no alarm twice', async () => {
  keeper = await keeper.restart({ readings: 10 })
  const people = await sealPeople(keeper.client, 6)
  await expect(read(people[0]!, 'st_1')).rejects.toMatchObject({ code: 'budget' })
  expect(await alarms()).toHaveLength(1)
  for (const person of people.slice(0, 4)) await read(person, 'st_2')
  expect((await alarms()).map(({ actor }) => actor)).toEqual(['st_1', 'st_2'])
})

test('a list that is looked at again within ten minutes is read once', async () => {
  const people = await sealPeople(keeper.client, 4)
  const grant = await takeGrant(keeper.client, people, { actor: 'st_3', actorSlot: people[0]!.contact })
  const items = people.map(person => person.box)
  for (let look = 0; look < 5; look++)
    await keeper.client.open({ ...grant, fields: ['email'], items, list: true })
  expect((await alarms()).map(({ actor }) => actor)).not.toContain('st_3')
})

test('nobody but the keeper writes an alarm', async () => {
  const body = { kind: 'alarm', act: randomUUID(), actor: 'st_1', subject: 'organisation', result: 'x' }
  const change = { id: randomUUID(), number: 0, trailSlot: organisationTrail, body }
  await expect(keeper.client.append([change])).rejects.toMatchObject({ code: 'malformed' })
})

/** As a server that was taken over would, guess after guess, until it is refused. Answers how many it could try. */
async function harvest(under?: { grant: string; secret: string }): Promise<number> {
  for (let tried = 0; tried < 1000; tried++) {
    const guess = { kind: 'email', value: `guess-${tried}@example.org` }
    try {
      await keeper.client.fingerprint([guess], under)
    } catch (error) {
      expect(error).toMatchObject({ code: 'budget' })
      return tried
    }
  }
  throw new Error('nothing stops it')
}

test('whoever tries address after address is stopped at the most of an hour, and at half of it there is an alarm', async () => {
  keeper = await keeper.restart({ readings: 10, fingerprints: 60 })
  const before = (await alarms()).length
  expect(await harvest()).toBe(60)
  const [alarm, ...more] = (await alarms()).slice(before)
  expect(more).toEqual([])
  expect(alarm).toMatchObject({
    ...{ kind: 'alarm', actor: 'everybody', detail: { budget: 'fingerprints', amount: 30, most: 60 } },
  })
  expect(keeper.said()).toContain('everybody has used 30 of 60 fingerprints an hour')
  // Codes are still made and tried.
  await keeper.client.fingerprint([{ kind: 'code', value: '123456' }])
})

test('a job’s grant goes on where everybody’s budget ends, up to its own most, for its field alone', async () => {
  const wanted = { actor: 'system', compartments: ['contact'], most: 20 }
  const job = await takeGrant(keeper.client, [], { ...wanted, kind: 'job', fields: ['email'] })
  const guess = [{ kind: 'email', value: 'ana@example.org' }]
  await expect(keeper.client.fingerprint(guess)).rejects.toMatchObject({ code: 'budget' })
  expect(await harvest(job)).toBe(20)
  const others = await takeGrant(keeper.client, [], { ...wanted, kind: 'job', fields: ['phone'] })
  const [ana] = await sealPeople(keeper.client, 1)
  const task = await takeGrant(keeper.client, [ana!], { actor: 'st_9' })
  for (const under of [others, task])
    await expect(keeper.client.fingerprint(guess, under)).rejects.toMatchObject({ code: 'outside_grant' })
  const code = [{ kind: 'code', value: '123456' }]
  await expect(keeper.client.fingerprint(code, job)).rejects.toMatchObject({ code: 'outside_grant' })
})
