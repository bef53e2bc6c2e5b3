import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newEmployee } from '../../test/people.ts'
import { joinAs } from '../../test/portal.ts'
import { foundIn, storedText } from '../../test/stored.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { currentAgeRule, decideAge } from '../collection/age-rule.ts'

let house: TestHouse
let world: World
let cookies: Record<string, string>
beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
  cookies = world.pia.cookies
  await house.work()
}, 60_000)
afterAll(() => house.close())

const office = (path: string, payload: string | object, headers: Record<string, string> = {}) =>
  house.app.inject({ method: 'POST', url: `/api/v1/office/${path}`, cookies, payload, headers })

const header = 'Nome,Email,HasOptedOutOfEmail,Purposes,Consent date,Consent source'
const bare = (address: string, out = '') => `Ada Corvo,${address},${out},,,`

async function upload(...lines: string[]) {
  const content = [header, ...lines].join('\n')
  const type = { 'content-type': 'application/octet-stream' }
  const sent = await office('import-uploads?format=csv', content, type)
  expect(sent.statusCode, sent.body).toBe(201)
  const { id, columns } = sent.json<{ id: string; columns: { header: string; target: string | null }[] }>()
  return { id, mapping: columns.map(({ header, target }) => ({ header, target })) }
}

type Held = Awaited<ReturnType<typeof upload>>
const preview = async ({ id, mapping }: Held) =>
  (await office(`import-uploads/${id}/lead-previews`, { mapping })).json()
const ask = ({ id, mapping }: Held, language = 'it') =>
  office(`import-uploads/${id}/leads`, { mapping, language, confirm: true })

async function letters(): Promise<string[]> {
  await house.work()
  const sent = house.post.list().map(({ to }) => to)
  house.post.clear()
  return sent.sort()
}

const applicants = async () =>
  (await house.owner.one<{ n: number }>(`select count(*)::int as n from subject where kind = 'applicant'`)).n

/** A new day, for an officer whose session has not ended. */
async function nextDay(days = 1) {
  house.clock.advance(days * 86_400_000 + 1000)
  cookies = (await newEmployee(house, 'officer', 'office')).cookies
}

test('lines without evidence are asked, and no others: none with it, none with a fault, none that wants no letters', async () => {
  const held = await upload(
    bare('one@leads.example'),
    bare('two@leads.example', 'false'),
    bare('TWO@leads.example'),
    bare('out@leads.example', 'true'),
    bare('both@leads.example'),
    'Ada Corvo,both@leads.example,,service,2025-05-31,fair',
    'Ada Corvo,day@leads.example,,service,2025-31-31,fair',
    ',no@leads.example,true,,,',
    bare('no@leads.example'),
    ',noname@leads.example,,,,',
    bare('no address'),
  )
  const shown = await preview(held)
  expect(shown).toMatchObject({ addresses: 2, opted_out: 2, left: 200 })
  expect(await letters()).toEqual([])
  expect((await ask(held)).json()).toEqual({ asked: 2, left: 198 })
  await house.work()
  const [mail] = house.post.list()
  expect(mail).toMatchObject({ subject: 'Bottega Aurora ti chiede se vuoi essere suo cliente' })
  expect({ ...shown.letter.it }).toEqual({ subject: mail!.subject, text: mail!.text })
  expect(mail!.text).toContain('http://localhost:8080/join')
  expect(await letters()).toEqual(['one@leads.example', 'two@leads.example'])
  expect(foundIn(await storedText(house.owner), ['one@leads.example', 'leads.example'])).toEqual([])
})

test('nobody is written to twice within ninety days, by whatever file, and then once more', async () => {
  const first = await upload(bare('again@leads.example'))
  expect((await ask(first)).json()).toMatchObject({ asked: 1 })
  expect(await letters()).toEqual(['again@leads.example'])
  expect((await ask(first)).json()).toMatchObject({ asked: 0 })
  await nextDay(30)
  expect(
    (await ask(await upload(bare('Again@Leads.example'), bare('new@leads.example')))).json(),
  ).toMatchObject({
    asked: 1,
  })
  expect(await letters()).toEqual(['new@leads.example'])
  await nextDay(61)
  expect((await ask(await upload(bare('again@leads.example')))).json()).toMatchObject({ asked: 1 })
  expect(await letters()).toEqual(['again@leads.example'])
})

test('a customer and an applicant get no letter, and nothing that the officer is told differs', async () => {
  await house.app.inject({
    ...{ method: 'POST', url: '/api/v1/portal/codes' },
    payload: { email: 'joining@leads.example', language: 'en' },
  })
  await letters()
  const told = []
  for (const address of ['stranger@leads.example', world.ana.email, 'joining@leads.example']) {
    const held = await upload(bare(address))
    const { left: _, ...shown } = await preview(held)
    const { asked } = (await ask(held)).json()
    const again = (await ask(held)).json().asked
    told.push(JSON.stringify([shown, asked, again]))
  }
  expect(new Set(told).size).toBe(1)
  expect(await letters()).toEqual(['stranger@leads.example'])
})

test('whoever does not join within a day is gone for real, and who joins is asked for their agreement as ever', async () => {
  await nextDay()
  await house.owner.query(`update graphile_worker._private_jobs set run_at = now() where run_at > now()`)
  await house.work()
  const before = await applicants()
  const slots = async () => (await house.owner.one<{ n: number }>('select count(*)::int as n from erasure')).n
  await ask(await upload(bare('joins@leads.example'), bare('stays-away@leads.example')))
  await letters()
  expect(await applicants()).toBe(before + 2)
  const joined = await joinAs(house, { name: 'Ida Corvo', email: 'joins@leads.example' })
  const consents = await house.owner.query('select purpose, evidence from consent where subject = $1', [
    joined.id,
  ])
  expect(consents).toEqual([{ purpose: 'service', evidence: 'portal' }])
  const erased = await slots()
  house.clock.advance(25 * 3_600_000)
  await house.owner.query(`update graphile_worker._private_jobs set run_at = now() where run_at > now()`)
  await house.work()
  expect(await applicants()).toBe(0)
  expect(await slots()).toBeGreaterThan(erased)
  cookies = (await newEmployee(house, 'officer', 'office')).cookies
})

test('a day has room for so many, whoever asks, and the next day goes on with the rest', async () => {
  await nextDay()
  await letters()
  house.house.leadsPerDay = 3
  const many = Array.from({ length: 5 }, (_, at) => bare(`many${at}@leads.example`))
  const held = await upload(...many)
  expect(await preview(held)).toMatchObject({ addresses: 5, left: 3 })
  expect((await ask(held)).json()).toEqual({ asked: 3, left: 0 })
  expect((await ask(held)).json()).toMatchObject({ code: 'conflict', detail: { leads: 'limit' } })
  expect(await letters()).toEqual(['many0@leads.example', 'many1@leads.example', 'many2@leads.example'])
  await nextDay()
  expect((await ask(await upload(...many))).json()).toEqual({ asked: 2, left: 1 })
  expect(await letters()).toEqual(['many3@leads.example', 'many4@leads.example'])
  house.house.leadsPerDay = 200
})

test('a file without leads asks nobody, and one confirmation is needed', async () => {
  const held = await upload('Ada Corvo,fine@leads.example,,service,2025-05-31,fair')
  expect((await ask(held)).json()).toMatchObject({ code: 'conflict', detail: { leads: 'none' } })
  const { id, mapping } = held
  const unconfirmed = await office(`import-uploads/${id}/leads`, { mapping, language: 'it' })
  expect(unconfirmed.statusCode).toBe(400)
})

test('a fingerprint is removed after ninety days', async () => {
  await nextDay(91)
  await house.owner.query(`update graphile_worker._private_jobs set run_at = now() where run_at > now()`)
  await house.work()
  expect(await house.owner.query('select 1 from lead_address')).toEqual([])
})

test('nobody is asked who by the date of birth in the file is too young to agree, once that was decided', async () => {
  const content = [
    'Nome,Email,birth_date,Purposes,Consent date,Consent source',
    'Ada Corvo,child@leads.example,2015-06-01,,,',
    'Ida Corvo,grown@leads.example,1980-06-01,,,',
  ].join('\n')
  const sent = await office('import-uploads?format=csv', content, {
    'content-type': 'application/octet-stream',
  })
  const { id, columns } = sent.json<{ id: string; columns: { header: string; target: string | null }[] }>()
  const held = { id, mapping: columns.map(({ header, target }) => ({ header, target })) }
  expect(held.mapping).toContainEqual({ header: 'birth_date', target: 'birth_date' })
  expect(await preview(held)).toMatchObject({ addresses: 2 })
  const by = { subject: world.pia.id, actor: 'st_1' }
  const { version } = await currentAgeRule(house.house.database)
  await decideAge(house.house, by, { after: version, least: 14 })
  expect(await preview(held)).toMatchObject({ addresses: 1 })
})
