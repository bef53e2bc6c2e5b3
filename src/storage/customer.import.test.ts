import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { newId } from '../core/ids.ts'
import { resumeErasures } from '../disposal/resumption.ts'
import { organisationTrail } from '../keeper/client.ts'
import { withJobGrant } from '../use/grant.ts'
import { customerImport } from './customer.import.ts'
import { importFile } from './import.ts'

let house: TestHouse
let world: World
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-import-'))
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(async () => {
  await house.close()
  await rm(folder, { recursive: true })
})

const header = 'reference,name,email,phone,purposes,consent_date,consent_source'
const old = '2025-05-31'
const line = (who: string, day: string) => `${who},Ada Corvo,${who}@example.org,,service,${day},till-form`

async function importing(lines: string[], acceptOldEvidence?: boolean) {
  const path = join(folder, 'customers.csv')
  await writeFile(path, `${[header, ...lines].join('\n')}\n`)
  const request = { adapter: customerImport, file: path, source: 'till' }
  const { kept, known, refused } = await importFile(house.house, {
    ...request,
    ...(acceptOldEvidence === undefined ? {} : { acceptOldEvidence }),
  })
  return { kept, known, refused: refused.map(one => `${one.line} ${one.code}`) }
}

async function leaveAs(who: { cookies: Record<string, string> }): Promise<void> {
  const request = { url: '/api/v1/portal/withdrawals', cookies: who.cookies, payload: { confirm: true } }
  expect((await house.app.inject({ method: 'POST', ...request })).statusCode).toBeLessThan(300)
}

const dayAfter = (days: number) =>
  new Date(house.clock.now().getTime() + days * 86_400_000).toISOString().slice(0, 10)

/** Of the trail of the organisation, or of the customer with this reference. */
async function importEntries(reference?: string) {
  const who = await house.owner.maybe<{ id: string; trail: number }>(
    `select s.id, s.trail from subject s join customer_reference r on r.subject = s.id where r.reference = $1`,
    [reference ?? ''],
  )
  const what = { fields: ['*'], compartments: ['trail'], purpose: 'access', minutes: 1, most: 50 }
  const { entries } = await withJobGrant(
    house.house,
    { ...what, subjects: who === null ? [] : [who.id] },
    ({ grant, secret }) =>
      house.keeper.entries({ grant, secret, trailSlot: who?.trail ?? organisationTrail }),
  )
  return entries
    .map(({ body }) => JSON.parse(body) as { kind: string; result: string; detail: object })
    .filter(({ kind }) => kind === 'import')
}

test('before anybody has left, old evidence is as good as new, also after an applicant was forgotten', async () => {
  expect(await importing([line('first', old), line('second', old)])).toEqual({
    kept: 2,
    known: 0,
    refused: [],
  })
})

test('after a withdrawal, a line whose evidence is not newer brings nobody back', async () => {
  const leaver = await world.join({ email: 'leaver@example.org' })
  await leaveAs(leaver)
  const before = await house.owner.one('select count(*) from customer')
  const lines = [line('first', old), line('leaver', old), line('third', dayAfter(0))]
  expect(await importing(lines)).toEqual({
    ...{ kept: 0, known: 1 },
    refused: ['3 evidence_before_withdrawal', '4 evidence_before_withdrawal'],
  })
  expect(await house.owner.one('select count(*) from customer')).toEqual(before)
})

test('evidence of a later day than the newest withdrawal is as good as ever', async () => {
  house.clock.advance(2 * 86_400_000)
  expect(await importing([line('later', dayAfter(0))])).toEqual({ kept: 1, known: 0, refused: [] })
})

test('the withdrawal of somebody whom this database has never known counts like any other', async () => {
  const link = randomBytes(32).toString('hex')
  const [contact, trail] = (await house.slots.take(2)) as [number, number]
  await house.keeper.shred({
    ...{ act: newId(), actor: 'customer', reason: 'withdrawal', slots: [contact], link },
    subject: { trailSlot: trail, alias: 'nobody-here' },
  })
  await resumeErasures(house.house)
  house.clock.advance(86_400_000)
  expect(await importing([line('stranger', dayAfter(-1))])).toEqual({
    ...{ kept: 0, known: 0 },
    refused: ['2 evidence_before_withdrawal'],
  })
})

test('who accepts old evidence does so in the log, for the company and for each customer it concerns', async () => {
  const lines = [line('accepted', old), line('newer', dayAfter(0))]
  expect(await importing(lines, true)).toEqual({ kept: 2, known: 0, refused: [] })
  const ofCompany = await importEntries()
  const begun = ofCompany.filter(({ result }) => result === 'begun')
  expect(begun.map(({ detail }) => detail)).toEqual([
    ...Array.from({ length: begun.length - 1 }, () =>
      expect.not.objectContaining({ old_evidence: 'accepted' }),
    ),
    expect.objectContaining({ old_evidence: 'accepted' }),
  ])
  expect((await importEntries('accepted'))[0]?.detail).toMatchObject({ old_evidence: 'accepted' })
  expect((await importEntries('newer'))[0]?.detail).not.toHaveProperty('old_evidence')
})
