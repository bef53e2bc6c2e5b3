import { afterAll, beforeAll, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld } from '../../test/world.ts'
import { seedDemo } from './demo.ts'

let house: TestHouse

beforeAll(async () => {
  house = await openHouse({ demo: true })
})
afterAll(() => house.close())

const signInAs = (as: string, from = house) =>
  from.app.inject({ method: 'POST', url: '/api/v1/demo/sessions', body: { as } })
const get = async (url: string, as: string) => {
  const [cookie] = (await signInAs(as)).cookies
  return (await house.app.inject({ url: `/api/v1${url}`, cookies: { [cookie!.name]: cookie!.value } })).json()
}

it('makes the sample company once', async () => {
  expect(await seedDemo(house.house)).toBe(true)
  const before = await house.owner.query('select id from subject order by id')
  expect(await seedDemo(house.house)).toBe(false)
  expect(await house.owner.query('select id from subject order by id')).toEqual(before)
  expect((await house.app.inject('/api/v1/company')).json()).toMatchObject({
    ...{ open: true, demo: true, name: 'Bottega Aurora' },
  })
})

it('has thirteen customers with purchases, and refused no line of its files', async () => {
  const { customers } = await get('/office/overview', 'pia')
  expect(customers).toBe(13)
  expect(await house.owner.query('select distinct subject from purchase')).toHaveLength(13)
  expect(await house.owner.query('select refused from import')).toEqual([{ refused: 0 }, { refused: 0 }])
})

it('lets Ana, Ben and Pia in by one click, each to their room', async () => {
  expect(await get('/portal/sessions/current', 'ana')).toMatchObject({ kind: 'customer' })
  expect(await get('/work/sessions/current', 'ben')).toMatchObject({ employee: { name: 'Ben Ferri' } })
  expect(await get('/office/sessions/current', 'pia')).toMatchObject({ employee: { role: 'officer' } })
  expect((await signInAs('dario')).statusCode).toBe(400)
})

it('shows Ana what she bought and asked, and Ben tasks in every state', async () => {
  const data = await get('/portal/data', 'ana')
  expect(data.values.map((value: { field: string }) => value.field).sort()).toEqual([
    'email',
    'name',
    'phone',
  ])
  expect(data.purchases).toHaveLength(2)
  expect(data.questions).toHaveLength(2)
  const tasks = async (state: string) => (await get(`/work/tasks?state=${state}`, 'ben')).items
  expect(await tasks('open')).toHaveLength(3)
  expect(await tasks('mine')).toHaveLength(1)
  expect(await tasks('closed')).toHaveLength(1)
})

it('leaves no session of its own making open', async () => {
  const made = await house.owner.query<{ alias: string }>(
    `select s.alias from session n join subject s on s.id = n.subject join customer c on c.id = s.id
      where n.ended_at is null and c.level = 0`,
  )
  expect(made).toEqual([])
})

it('refuses a real company, where nobody signs in by one click either', async () => {
  const real = await openHouse()
  try {
    await buildWorld(real)
    expect((await signInAs('ana', real)).json()).toMatchObject({ status: 404, code: 'not_found' })
    await expect(seedDemo({ ...real.house, demo: true })).rejects.toThrow('never in a real one')
    await expect(seedDemo(real.house)).rejects.toThrow('never in a real one')
    expect(await real.owner.query('select 1 from customer')).toHaveLength(1)
  } finally {
    await real.close()
  }
})
