import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { TimedBudget } from './budget.ts'
import { FingerprintBudget } from './fingerprinting.ts'
import { Grants, grantOf, spenderOf } from './grants.ts'
import type { GrantRequest } from './requests.ts'

const minute = 60_000
const start = 1_800_000_000_000
const budget = expect.objectContaining({ code: 'budget' })

test('an hour’s budget is spent within sixty minutes, and comes back minute by minute', () => {
  const hourly = new TimedBudget(10)
  hourly.spend('st_7', 6, start)
  hourly.spend('st_7', 4, start + 30 * minute)
  expect(() => hourly.require('st_7', 1, start + 59 * minute)).toThrow(budget)
  expect(() => hourly.require('st_8', 10, start + 59 * minute)).not.toThrow()
  hourly.require('st_7', 6, start + 60 * minute)
  expect(() => hourly.require('st_7', 7, start + 60 * minute)).toThrow(budget)
  expect(hourly.used('st_7', start + 90 * minute)).toBe(0)
})

test('what was spent by many names is forgotten after the hour', () => {
  const hourly = new TimedBudget(10)
  for (let name = 0; name < 100; name++) hourly.spend(`st_${name}`, 1, start)
  hourly.spend('st_7', 1, start + 61 * minute)
  expect(hourly.used('st_7', start + 61 * minute)).toBe(1)
  expect(hourly.used('st_8', start + 61 * minute)).toBe(0)
})

function grant(about: Partial<GrantRequest> = {}) {
  const request: GrantRequest = {
    ...{ id: randomUUID(), secretHash: '00'.repeat(32), kind: 'task', actor: 'st_7', subjects: [] },
    ...{ fields: ['email'], compartments: ['contact'], purpose: 'service', policy: '' },
    ...{ until: start + 120 * minute, most: 10_000_000 },
  }
  return grantOf({ ...request, ...about }, 0)
}

test('one actor has at most 2,000 live grants, and room again when some end', () => {
  const grants = new Grants()
  const made = Array.from({ length: 2000 }, () => grant())
  for (const one of made) grants.add(one, start)
  expect(() => grants.requireRoom('st_7', start)).toThrow(budget)
  grants.requireRoom('st_8', start)
  grants.end(made[0]!.id)
  grants.requireRoom('st_7', start)
})

test('one actor makes at most 20,000 grants an hour, however fast they end', () => {
  const grants = new Grants()
  for (let made = 0; made < 20_000; made++) {
    const one = grant()
    grants.add(one, start)
    grants.end(one.id)
  }
  expect(() => grants.requireRoom('st_7', start)).toThrow(budget)
  grants.requireRoom('st_7', start + 61 * minute)
})

test('one actor reads at most 2,000 people an hour for one purpose, and three times as many for all', () => {
  const grants = new Grants()
  const [first, second] = [grant(), grant()]
  grants.countReadings(first, 2000, start)
  expect(() => grants.requireReadings(second, 1, start)).toThrow(budget)
  grants.requireReadings(grant({ actor: 'st_8' }), 2000, start)
  const of = (purpose: string) => grant({ purpose })
  grants.requireReadings(of('offers'), 2000, start)
  grants.countReadings(of('offers'), 2000, start)
  grants.countReadings(of('billing'), 2000, start)
  expect(() => grants.requireReadings(of('made-up'), 1, start)).toThrow(budget)
  grants.requireReadings(second, 2000, start + 61 * minute)
})

test('an operator may set another most', () => {
  const grants = new Grants(5)
  grants.countReadings(grant(), 5, start)
  expect(() => grants.requireReadings(grant(), 1, start)).toThrow(budget)
})

test('all jobs together read at most two million an hour, a customer at home and sign-ins have budgets of their own', () => {
  const grants = new Grants()
  grants.countReadings(grant(), 2000, start)
  const subjects = [{ customer: randomUUID(), trailSlot: 300, alias: 'K7-4QX9' }]
  const portal = grant({ kind: 'portal', actor: 'customer', subjects })
  const signin = grant({ kind: 'signin', actor: 'system', subjects })
  const job = grant({ kind: 'job', actor: 'st_7' })
  for (const one of [portal, signin, job]) grants.requireReadings(one, 2000, start)
  grants.countReadings(portal, 2000, start)
  expect(() => grants.requireReadings(portal, 1, start)).toThrow(budget)
  grants.countReadings(job, 2_000_000, start)
  expect(() => grants.requireReadings(grant({ kind: 'import', actor: 'st_8' }), 1, start)).toThrow(budget)
  grants.requireReadings(signin, 1, start)
})

test('a grant for many people counts for as many', () => {
  const grants = new Grants()
  const subjects = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ customer: randomUUID(), trailSlot: 300 + at, alias: 'K7' }))
  for (let made = 0; made < 4; made++) grants.add(grant({ subjects: subjects(5000) }), start)
  expect(() => grants.requireRoom('st_7', start, 1)).toThrow(budget)
  grants.requireRoom('st_8', start, 5000)
  expect(() => grants.requireRoom('st_8', start, 20_001)).toThrow(budget)
})

test('at half of a budget there is one alarm, and no other for the same actor and purpose within the hour', () => {
  const grants = new Grants(100)
  const one = grant()
  expect(grants.countReadings(one, 49, start)).toEqual([])
  expect(grants.countReadings(one, 2, start)).toEqual([
    { budget: 'readings', actor: 'st_7', purpose: 'service', amount: 51, most: 100 },
  ])
  expect(grants.countReadings(one, 10, start + minute)).toEqual([])
  expect(grants.countReadings(grant({ purpose: 'offers' }), 50, start + minute)).toEqual([
    expect.objectContaining({ purpose: 'offers', amount: 50 }),
  ])
  // Slowly up and down again: still within the hour.
  expect(grants.countReadings(one, 20, start + 59 * minute)).toEqual([])
  expect(grants.countReadings(one, 60, start + 62 * minute)).toEqual([
    expect.objectContaining({ purpose: 'service', amount: 80 }),
  ])
})

test('a grant whose time is over is no longer live', () => {
  const grants = new Grants()
  const one = grant({ until: start + minute })
  grants.add(one, start)
  expect(grants.count(start)).toBe(1)
  expect(grants.count(start + minute)).toBe(0)
  expect(grants.hasEnded(one.id)).toBe(true)
  expect(grants.ofActor('st_7')).toEqual([])
})

test('customers at home are counted each by themselves, although the log calls all of them alike', () => {
  const grants = new Grants()
  const own = (trailSlot: number) =>
    grant({
      kind: 'portal',
      actor: 'customer',
      subjects: [{ customer: randomUUID(), trailSlot, alias: 'K7-4QX9' }],
    })
  for (let made = 0; made < 2000; made++) grants.add(own(300), start)
  const spender = (trailSlot: number) =>
    spenderOf({ ...own(trailSlot), subjects: own(trailSlot).subjects.values() })
  expect(() => grants.requireRoom(spender(300), start)).toThrow(budget)
  grants.requireRoom(spender(301), start)
})

test('jobs are counted together, and have no most of live grants', () => {
  const grants = new Grants()
  for (let made = 0; made < 2000; made++) grants.add(grant({ kind: 'job', actor: 'system' }), start)
  const room = () =>
    grants.requireRoom(spenderOf({ kind: 'job', actor: `st_${randomUUID()}`, subjects: [] }), start)
  room()
  for (let made = 0; made < 248_000; made++) grants.add(grant({ kind: 'job', actor: 'system' }), start)
  expect(room).toThrow(budget)
})

test('people whose boxes are fingerprinted are counted against the grant', () => {
  const grants = new Grants()
  const one = grant({ kind: 'job', most: 3 })
  grants.spendTokens(one, 2, start)
  expect(() => grants.spendTokens(one, 2, start)).toThrow(budget)
  expect(() => grants.requireReadings(one, 2, start)).toThrow(budget)
  grants.spendTokens(one, 1, start)
})

test('customers at home are bound together as well, with one alarm at half', () => {
  const grants = new Grants(2000, 100)
  const own = (trailSlot: number) =>
    grant({
      ...{ kind: 'portal', actor: 'customer' },
      subjects: [{ customer: randomUUID(), trailSlot, alias: 'K7-4QX9' }],
    })
  const alarms = Array.from({ length: 100 }, (_, at) => grants.countReadings(own(300 + at), 1, start)).flat()
  expect(alarms).toEqual([
    expect.objectContaining({ budget: 'readings-of-all-customers-of-their-own', amount: 50, most: 100 }),
  ])
  expect(() => grants.requireReadings(own(900), 1, start)).toThrow(budget)
  grants.requireReadings(own(900), 1, start + 61 * minute)
})

test('fingerprints of addresses and of codes are bound apart, whole requests at a time', () => {
  const fingerprints = new FingerprintBudget(100)
  const of = (kind: string, count: number) => Array.from({ length: count }, () => ({ kind, value: 'x' }))
  expect(fingerprints.spend(of('email', 49), start)).toEqual([])
  expect(fingerprints.spend(of('applicant-email', 1), start)).toEqual([
    { budget: 'fingerprints', actor: 'everybody', amount: 50, most: 100 },
  ])
  expect(fingerprints.spend(of('employee-email', 50), start)).toEqual([])
  expect(() => fingerprints.spend([...of('code', 1), ...of('email', 1)], start)).toThrow(budget)
  expect(fingerprints.spend(of('code', 1000), start)).toEqual([])
  fingerprints.spend(of('email', 100), start + 61 * minute)
})
