import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import {
  sealContact,
  sealPeople,
  sealPerson,
  sha256Hex,
  takeGrant,
  trailOf,
} from '../../test/sealed-person.ts'

let keeper: KeeperProcess

beforeAll(async () => {
  keeper = await startKeeper()
})

afterAll(() => keeper.stop())

const email = { fields: ['email'] }

test('a box opens under a live grant, and only the asked and granted fields come back', async () => {
  const { client } = keeper
  const ana = await sealPerson(client)
  const narrow = await takeGrant(client, [ana], email)
  const wide = await takeGrant(client, [ana], { kind: 'portal', fields: ['*'] })
  const address = { email: { value: 'person0@example.org' } }
  expect(await client.open({ ...narrow, fields: ['email'], items: [ana.box] })).toEqual([{ values: address }])
  expect(await client.open({ ...narrow, fields: ['*'], items: [ana.box] })).toEqual([{ values: address }])
  expect(await client.open({ ...wide, fields: ['email'], items: [ana.box] })).toEqual([{ values: address }])
  const [all] = await client.open({ ...wide, fields: ['*'], items: [ana.box] })
  expect(Object.keys(all!.values).sort()).toEqual(['email', 'phone'])
  await expect(client.open({ ...narrow, fields: ['phone'], items: [ana.box] })).rejects.toMatchObject({
    code: 'outside_grant',
  })
})

test('each reading is in its customer’s trail, with who, why and which fields, and without a value', async () => {
  const { client } = keeper
  const ana = await sealPerson(client)
  const grant = await takeGrant(client, [ana], { task: 'task-1', policy: 'p9' })
  await client.open({ ...grant, fields: ['email'], items: [ana.box], act: 'act-1' })
  const trail = await trailOf(client, ana)
  expect(trail.find(entry => entry.kind === 'reading')).toMatchObject({
    ...{ act: 'act-1', actor: 'st_7', subject: ana.alias, task: 'task-1', grant: grant.grant },
    ...{ purpose: 'service', fields: ['email'], result: 'opened', policy: 'p9' },
  })
  expect(JSON.stringify(trail)).not.toContain('example.org')
})

test('a reading of several people is one entry in each trail and one without names in the actor’s', async () => {
  const { client } = keeper
  const [ana, bea, ben] = await sealPeople(client, 3)
  const grant = await takeGrant(client, [ana!, bea!], { actorSlot: ben!.trail })
  await client.open({ ...grant, fields: ['email'], items: [ana!.box, bea!.box], act: 'act-2' })
  for (const person of [ana!, bea!]) {
    const readings = (await trailOf(client, person)).filter(
      entry => entry.kind === 'reading' && entry.act === 'act-2',
    )
    expect(readings).toHaveLength(1)
    expect(readings[0]).toMatchObject({ subject: person.alias })
  }
  const own = (await trailOf(client, ben!)).filter(entry => entry.act === 'act-2')
  expect(own).toMatchObject([{ subject: 'st_7', detail: { people: 2 } }])
  expect(JSON.stringify(own)).not.toContain(ana!.alias)
})

test('no grant, a wrong secret and an ended grant open nothing', async () => {
  const { client } = keeper
  const ana = await sealPerson(client)
  const grant = await takeGrant(client, [ana])
  const asked = { fields: ['email'], items: [ana.box] }
  await expect(client.open({ ...asked, grant: randomUUID(), secret: 'x' })).rejects.toMatchObject({
    code: 'no_grant',
  })
  await expect(client.open({ ...asked, ...grant, secret: `${grant.secret}0` })).rejects.toMatchObject({
    code: 'no_grant',
  })
  await client.revokeGrant(grant.grant, 'st_7')
  await expect(client.open({ ...asked, ...grant })).rejects.toMatchObject({ code: 'grant_ended' })
  const short = await takeGrant(client, [ana], { until: Date.now() + 150 })
  await client.open({ ...asked, ...short })
  await expect
    .poll(() =>
      client.open({ ...asked, ...short }).then(
        () => 'open',
        error => error.code,
      ),
    )
    .toBe('grant_ended')
})

test('a customer, a compartment or a field outside the grant is refused, naming the position', async () => {
  const { client } = keeper
  const [ana, bea] = await sealPeople(client, 2)
  const grant = await takeGrant(client, [ana!])
  const asked = { ...grant, fields: ['email'] }
  await expect(client.open({ ...asked, items: [ana!.box, bea!.box] })).rejects.toMatchObject({
    ...{ code: 'outside_grant', at: 1 },
  })
  await expect(
    client.open({ ...asked, items: [{ ...ana!.box, compartment: 'health' }] }),
  ).rejects.toMatchObject({
    code: 'outside_grant',
  })
  await expect(client.open({ ...asked, fields: ['iban'], items: [ana!.box] })).rejects.toMatchObject({
    code: 'outside_grant',
  })
})

test('a box opens nowhere but where it was sealed', async () => {
  const { client } = keeper
  const [ana, bea] = await sealPeople(client, 2)
  const grant = await takeGrant(client, [ana!, bea!], {
    ...{ actorSlot: ana!.trail, compartments: ['contact', 'identity'] },
  })
  // Disguised with the trail of the one it is moved to: without that it would be refused before it is opened.
  const under = (trail: number, box: Uint8Array) => {
    const head = Buffer.from(box)
    head.writeUIntBE(trail, 7, 6)
    return head
  }
  const moved = [
    { ...ana!.box, box: under(ana!.trail, bea!.box.box) },
    { ...ana!.box, customer: bea!.customer, box: under(bea!.trail, ana!.box.box) },
    { ...ana!.box, row: randomUUID() },
    { ...ana!.box, version: 2 },
    { ...ana!.box, compartment: 'identity' },
  ]
  for (const item of moved) {
    await expect(client.open({ ...grant, fields: ['email'], items: [item] })).rejects.toMatchObject({
      code: 'bad_box',
    })
  }
})

test('a grant that names another trail for a customer opens nothing of theirs, so no reading is hidden', async () => {
  const { client } = keeper
  const [ana, bea] = await sealPeople(client, 2)
  for (const kind of ['task', 'job', 'import', 'signin', 'portal'] as const) {
    const forged = await takeGrant(client, [{ ...ana!, trail: bea!.trail, alias: bea!.alias }], { kind })
    const asked = { ...forged, fields: ['email'], items: [ana!.box] }
    await expect(client.open(asked)).rejects.toMatchObject({ code: 'outside_grant', at: 0 })
    const tokens = { ...forged, kind: 'email', field: 'email', items: [ana!.box] }
    await expect(client.tokens(tokens)).rejects.toMatchObject({ code: 'outside_grant', at: 0 })
    const moved = Buffer.from(ana!.box.box)
    moved.writeUIntBE(bea!.trail, 7, 6)
    const disguised = { ...forged, fields: ['email'], items: [{ ...ana!.box, box: moved }] }
    await expect(client.open(disguised)).rejects.toMatchObject({ code: 'bad_box', at: 0 })
  }
})

test('a box with any bit flipped does not open', async () => {
  const { client } = keeper
  const ana = await sealPerson(client)
  const grant = await takeGrant(client, [ana])
  for (let at = 0; at < ana.box.box.length; at++) {
    const flipped = Buffer.from(ana.box.box)
    flipped[at]! ^= 1 << (at % 8)
    await expect(
      client.open({ ...grant, fields: ['email'], items: [{ ...ana.box, box: flipped }] }),
    ).rejects.toMatchObject({
      code: expect.stringMatching(/^(bad_box|unknown_slot|subject_slot|outside_grant)$/),
    })
  }
})

test('an older version is superseded once the log knows a newer one, and a deleted row for good', async () => {
  const { client } = keeper
  const ana = await sealPerson(client)
  const grant = await takeGrant(client, [ana])
  const next = await sealContact(client, ana, 2, { email: { value: 'new@example.org' } })
  const open = (item = ana.box) => client.open({ ...grant, fields: ['email'], items: [item] })
  await open()
  const body = { kind: 'correction', act: randomUUID(), actor: 'st_7', subject: ana.alias, result: 'done' }
  const floor = { customer: ana.customer, row: ana.row, slot: ana.contact }
  const change = { trailSlot: ana.trail, body }
  await client.append([{ ...change, id: randomUUID(), number: 1, floors: [{ ...floor, version: 2 }] }])
  await expect(open()).rejects.toMatchObject({ code: 'superseded', at: 0 })
  expect(await open(next)).toEqual([{ values: { email: { value: 'new@example.org' } } }])
  await client.append([{ ...change, id: randomUUID(), number: 2, floors: [{ ...floor, version: null }] }])
  await expect(open(next)).rejects.toMatchObject({ code: 'superseded' })
})

test('rows of a list share one entry for ten minutes, but still pass the gate', async () => {
  const { client } = keeper
  const ana = await sealPerson(client)
  const grant = await takeGrant(client, [ana])
  const row = { ...grant, fields: ['email'], items: [ana.box], list: true }
  await client.open(row)
  await client.open(row)
  await client.open({ ...row, fields: ['phone'] })
  const readings = (await trailOf(client, ana)).filter(
    entry => entry.kind === 'reading' && entry.grant === grant.grant,
  )
  expect(readings.map(entry => entry.fields)).toEqual([['email'], ['phone']])
  // The entry has its time a moment after the reading was judged.
  const shared = Date.parse(String(readings[0]!.until)) - Date.parse(String(readings[0]!.time))
  expect(shared).toBeLessThanOrEqual(600_000)
  expect(shared).toBeGreaterThan(590_000)
  await client.revokeGrant(grant.grant, 'st_7')
  await expect(client.open(row)).rejects.toMatchObject({ code: 'grant_ended' })
})

test('a grant ends with its readings: people times requests', async () => {
  const { client } = keeper
  const [ana, bea] = await sealPeople(client, 2)
  const grant = await takeGrant(client, [ana!, bea!], { most: 3, actorSlot: ana!.trail })
  await client.open({ ...grant, fields: ['email'], items: [ana!.box, bea!.box] })
  await expect(
    client.open({ ...grant, fields: ['email'], items: [ana!.box, bea!.box] }),
  ).rejects.toMatchObject({ code: 'budget' })
  await client.open({ ...grant, fields: ['email'], items: [ana!.box] })
  await expect(client.open({ ...grant, fields: ['email'], items: [ana!.box] })).rejects.toMatchObject({
    code: 'budget',
  })
})

test('a trail opens to its own customer and to whoever was granted it, to nobody else', async () => {
  const { client } = keeper
  const [ana, bea] = await sealPeople(client, 2)
  const task = await takeGrant(client, [ana!])
  const own = await takeGrant(client, [ana!], { kind: 'portal', fields: ['*'] })
  await expect(client.entries({ ...task, trailSlot: ana!.trail })).rejects.toMatchObject({
    code: 'outside_grant',
  })
  await expect(client.entries({ ...own, trailSlot: bea!.trail })).rejects.toMatchObject({
    code: 'outside_grant',
  })
  await expect(client.entries({ ...own, trailSlot: 3 })).rejects.toMatchObject({ code: 'outside_grant' })
  const { entries } = await client.entries({ ...own, trailSlot: ana!.trail })
  expect(entries.map(entry => JSON.parse(entry.body).kind)).toEqual(['grant', 'grant', 'reading'])
})

test('fingerprints of boxes are those of their values, and no plaintext leaves', async () => {
  const { client } = keeper
  const [ana, bea] = await sealPeople(client, 2)
  const job = await takeGrant(client, [], {
    ...{ kind: 'job', actor: 'system', fields: ['email', 'phone', 'work_email'], compartments: ['contact'] },
  })
  const items = [ana!.box, bea!.box]
  const tokens = await client.tokens({ ...job, kind: 'email', field: 'email', items })
  const values = ['PERSON0@example.org', 'person1@example.org']
  expect(tokens).toEqual(await client.fingerprint(values.map(value => ({ kind: 'email', value }))))
  const without = { ...job, kind: 'employee-email', field: 'work_email', items }
  expect(await client.tokens(without)).toEqual([null, null])
  await expect(client.open({ ...job, fields: ['email'], items })).rejects.toMatchObject({
    code: 'outside_grant',
  })
})

test('fingerprints are made of the fields that are indexed and of no other, or guesses could be tried', async () => {
  const { client } = keeper
  const ana = await sealPerson(client)
  const job = await takeGrant(client, [], {
    ...{ kind: 'job', actor: 'system', fields: ['email', 'phone'], compartments: ['contact'], most: 2 },
  })
  const items = [ana.box]
  for (const other of [
    { kind: 'phone', field: 'phone' },
    { kind: 'email', field: 'phone' },
    { kind: 'code', field: 'email' },
    { kind: 'employee-email', field: 'work_email' },
  ])
    await expect(client.tokens({ ...job, ...other, items })).rejects.toMatchObject({ code: 'outside_grant' })
  for (let asked = 0; asked < 2; asked++)
    await client.tokens({ ...job, kind: 'email', field: 'email', items })
  await expect(client.tokens({ ...job, kind: 'email', field: 'email', items })).rejects.toMatchObject({
    code: 'budget',
  })
})

test('a fingerprint is keyed, tells kinds apart and folds mail addresses alone', async () => {
  const { client } = keeper
  const [a, b, c, d] = await client.fingerprint([
    { kind: 'email', value: 'Ana@Example.org' },
    { kind: 'email', value: 'ana@example.org' },
    { kind: 'code', value: 'ana@example.org' },
    { kind: 'code', value: 'Ana@Example.org' },
  ])
  expect(a).toEqual(b)
  expect(a).toHaveLength(16)
  expect(new Set([a, c, d].map(token => token!.toString('hex'))).size).toBe(3)
  expect(a!.toString('hex')).not.toBe(sha256Hex('ana@example.org').slice(0, 32))
})

test('what cannot be sealed is refused: an unknown slot, the organisation’s, a trail, too much', async () => {
  const { client } = keeper
  const ana = await sealPerson(client)
  await takeGrant(client, [ana])
  const { issued } = await client.status()
  const at = (contact: number, text = 'x') =>
    sealContact(client, { ...ana, contact }, 1, { email: { value: text } })
  await expect(at(issued)).rejects.toMatchObject({ code: 'unknown_slot' })
  await expect(at(4)).rejects.toMatchObject({ code: 'subject_slot' })
  await expect(at(ana.trail)).rejects.toMatchObject({ code: 'subject_slot' })
  const into = (trail: number) => sealContact(client, { ...ana, trail }, 1, { email: { value: 'x' } })
  await expect(into(issued)).rejects.toMatchObject({ code: 'unknown_slot' })
  await expect(into(3)).rejects.toMatchObject({ code: 'subject_slot' })
  await expect(at(ana.contact, randomBytes(700_000).toString('hex'))).rejects.toMatchObject({
    code: 'malformed',
  })
  await expect(sealContact(client, ana, 1, { 'a name': 1 })).rejects.toMatchObject({ code: 'malformed' })
})
