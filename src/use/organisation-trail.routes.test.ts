import { afterAll, beforeAll, expect, it } from 'vitest'
import { codeAt } from '../../test/authenticator.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { organisationTrail } from '../keeper/client.ts'
import { withJobGrant } from './grant.ts'
import { readTrail } from './trail.ts'

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())

const entries = async (query = '', cookies = world.pia.cookies) =>
  house.app.inject({ url: `/api/v1/office/entries${query}`, cookies })

interface Item {
  index: number
  kind: string
  actor: object
}

const bodies = async (kind: string) => {
  const wanted = {
    ...{ subjects: [], fields: ['trail'], compartments: ['trail'], purpose: 'accountability' },
    ...{ minutes: 1, most: 50 },
  }
  const trail = await withJobGrant(house.house, wanted, key => readTrail(house.house, key, organisationTrail))
  return trail.map(entry => JSON.parse(entry.body)).filter(body => body.kind === kind)
}

it('is for officers, and its query is judged', async () => {
  expect((await entries('', {})).statusCode).toBe(401)
  expect((await entries('', { custode_office: world.ben.session.token })).statusCode).toBe(401)
  for (const query of ['?limit=51', '?limit=0', '?after=x', '?more=1'])
    expect((await entries(query)).statusCode, query).toBe(400)
})

it('tells of the setup and of who was invited and came, by work name, newest first', async () => {
  const { items } = (await entries()).json() as { items: Item[] }
  const shown = items.filter(item => !['grant', 'reading', 'lease'].includes(item.kind))
  expect(shown).toMatchObject([
    { kind: 'employee.accepted', actor: { role: 'employee', name: 'Ben Ferri' } },
    { kind: 'employee.invited', actor: { role: 'officer', name: 'Pia Moretti' } },
    { kind: 'setup', actor: { role: 'officer', name: 'Pia Moretti' } },
  ])
  expect(items.map(item => item.index)).toEqual([...items.map(item => item.index)].sort((a, b) => b - a))
})

it('is paged', async () => {
  const first = (await entries('?limit=2')).json()
  const second = (await entries(`?limit=2&after=${first.next}`)).json()
  expect(first.items).toHaveLength(2)
  expect(second.items[0].index).toBeLessThan(first.items[1].index)
})

it('is not filled by who looks at it again', async () => {
  const size = async () => (await house.keeper.status()).size
  await entries()
  const before = await size()
  for (let n = 0; n < 5; n++) await entries()
  expect(await size()).toBe(before)
})

it('ends with the session', async () => {
  house.clock.advance(30_000)
  const { email, password, totpSecret } = world.pia
  const body = { email, password, code: codeAt(totpSecret, house.clock.now()) }
  const [cookie] = (await house.app.inject({ method: 'POST', url: '/api/v1/office/sessions', body })).cookies
  const cookies = { custode_office: cookie!.value }
  const before = (await house.keeper.status()).grants
  await entries('', cookies)
  expect((await house.keeper.status()).grants).toBe(before + 1)
  await house.app.inject({ method: 'DELETE', url: '/api/v1/office/sessions/current', cookies })
  expect((await house.keeper.status()).grants).toBe(before)
  expect((await entries('', cookies)).statusCode).toBe(401)
})

it('counts sign-ins that were refused, and names nobody', async () => {
  const body = { email: 'nobody@example.org', password: 'x', code: '000000' }
  for (let n = 0; n < 3; n++) await house.app.inject({ method: 'POST', url: '/api/v1/work/sessions', body })
  expect(await bodies('session.refused')).toEqual([])
  // The server writes the last minute's count when it ends.
  await house.app.close()
  const [entry, ...more] = await bodies('session.refused')
  expect(more).toEqual([])
  expect(entry).toMatchObject({ actor: 'system', subject: 'organisation', detail: { count: 3 } })
  expect(JSON.stringify(entry)).not.toContain('nobody')
})
