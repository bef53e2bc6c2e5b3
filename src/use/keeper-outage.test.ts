import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newCustomer, newEmployee, openCompany, type Person } from '../../test/people.ts'

let test: TestHouse
let ana: Person
let ben: Person

beforeAll(async () => {
  test = await openHouse()
  await openCompany(test)
  ana = await newCustomer(test, { name: 'Ana Moretti', email: 'ana.moretti@example.org' })
  ben = await newEmployee(test)
})
afterAll(async () => {
  await test.app.close()
  await test.house.keeper.close()
})

const call = async (method: 'GET' | 'POST' | 'DELETE', url: string, who: Person, payload?: object) => {
  const body = payload === undefined ? {} : { payload }
  const reply = await test.app.inject({ method, url: `/api/v1${url}`, cookies: who.cookies, ...body })
  return { status: reply.statusCode, body: reply.body === '' ? null : reply.json() }
}

describe('while the keeper is away', () => {
  it('nothing is read, closed or ended, and afterwards everything can be', async () => {
    const asked = await call('POST', '/portal/questions', ana, { type: 'delivery_question', text: 'Where?' })
    const task = asked.body.id
    expect((await call('POST', `/work/tasks/${task}/grants`, ben, {})).status).toBe(201)

    await test.keeperProcess.kill()
    const meanwhile = [
      await call('GET', `/work/tasks/${task}/customer`, ben),
      await call('GET', '/work/tasks?state=mine', ben),
      await call('POST', `/work/tasks/${task}/closures`, ben, { outcome: 'answered' }),
      await call('POST', `/work/tasks/${task}/grants`, ben, {}),
      await call('DELETE', '/work/sessions/current', ben),
      await call('GET', '/portal/data', ana),
      await call('POST', '/portal/questions', ana, { type: 'delivery_question', text: 'Hello?' }),
    ]
    for (const reply of meanwhile) {
      expect([reply.status, reply.body.code]).toEqual([503, 'unavailable'])
      expect(JSON.stringify(reply.body)).not.toContain('Moretti')
    }
    // What needs no keeper still answers, and shows no value.
    expect((await call('GET', '/work/tasks', ben)).status).toBe(200)
    expect((await call('GET', `/work/tasks/${task}`, ben)).body.state).toBe('taken')

    const keeper = await test.keeperProcess.restart()
    test.house.keeper = keeper.client
    const reading = await call('GET', `/work/tasks/${task}/customer?fields=name`, ben)
    expect(reading.body.values.name.value).toBe('Ana Moretti')
    expect((await call('GET', '/portal/questions', ana)).body.items).toHaveLength(1)
    expect((await call('POST', `/work/tasks/${task}/closures`, ben, { outcome: 'answered' })).status).toBe(
      201,
    )
    expect((await call('DELETE', '/work/sessions/current', ben)).status).toBe(204)
    expect((await keeper.client.status()).grants).toBe(1)
    await keeper.stop()
  })

  it('a task that was taken as it went away is mine without a grant, and is taken again by one act', async () => {
    const keeper = await test.keeperProcess.restart()
    test.house.keeper = keeper.client
    const bea = await newEmployee(test)
    const asked = await call('POST', '/portal/questions', ana, {
      type: 'delivery_question',
      text: 'And now?',
    })
    const task = asked.body.id
    await keeper.kill()
    expect((await call('POST', `/work/tasks/${task}/grants`, bea, {})).status).toBe(503)
    const again = await keeper.restart()
    test.house.keeper = again.client
    expect((await call('GET', `/work/tasks/${task}`, bea)).body).toMatchObject({
      state: 'taken',
      grant: null,
    })
    expect((await call('GET', `/work/tasks/${task}/customer`, bea)).body.code).toBe('no_grant')
    expect((await call('POST', `/work/tasks/${task}/grants`, bea, {})).status).toBe(201)
    expect((await call('GET', `/work/tasks/${task}/customer`, bea)).body.values.name.value).toBe(
      'Ana Moretti',
    )
    await again.stop()
  })
})
