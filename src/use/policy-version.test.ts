import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newCustomer, newEmployee, openCompany, type Person } from '../../test/people.ts'
import { backUp, removeBackup, reopen } from '../../test/restored-house.ts'
import { buildWorld } from '../../test/world.ts'
import { findSession, type Session } from '../identity/session.ts'
import { shippedText } from './policy.ts'
import { askQuestion } from './question.ts'
import { takeTask } from './task.ts'
import { readTask } from './task-reading.ts'

let test: TestHouse
let ana: Person
let ben: Session
let pia: Person
let otto: Person

const sessionIn = async (room: 'work' | 'portal', person: Person): Promise<Session> =>
  (await findSession(test.house.database, test.house.clock.now(), room, person.session.token))!

beforeAll(async () => {
  test = await openHouse()
  await openCompany(test)
  ana = await newCustomer(test, {
    name: 'Ana Moretti',
    email: 'ana@example.org',
    phone: '+393331234567',
  })
  ben = await sessionIn('work', await newEmployee(test))
  pia = await newEmployee(test, 'officer', 'office')
  otto = await newEmployee(test, 'officer', 'office')
})
afterAll(() => test.close())

const call = (method: 'GET' | 'POST', url: string, who: Person, payload?: object, at: TestHouse = test) =>
  at.app.inject({
    ...{ method, url: `/api/v1/office/policies${url}`, cookies: who.cookies },
    ...(payload === undefined ? {} : { payload }),
  })
const shown = async (at: TestHouse = test, who = pia) => (await call('GET', '', who, undefined, at)).json()
const propose = async (text: string, who = pia) =>
  call('POST', '', who, { text, after: (await shown()).version })
const decide = (version: number, who: Person, approved = true) =>
  call('POST', `/${version}/decisions`, who, { approved })
const ask = async () =>
  (await askQuestion(test.house, await sessionIn('portal', ana), 'delivery_question', 'Where is it?')).id

const noPhone = `${shippedText}
@id("no-telephone")
@en("Nobody reads telephone numbers.")
@it("Nessuno legge i numeri di telefono.")
forbid (principal, action == Action::"read", resource == Field::"phone");
`
const officersAlone = shippedText.replace('["employee", "officer"]', '["officer"]')

/** Proposes and approves. */
async function putInForce(text: string): Promise<void> {
  const { version } = (await propose(text)).json()
  expect((await decide(version, otto)).statusCode).toBe(201)
}

describe('a preview', () => {
  it('says which role would lose which field, and which would lose a type of task', async () => {
    const preview = async (text: string) =>
      (await call('POST', '/previews', pia, { text }))
        .json()
        .changes.filter((one: { task_type: string }) => one.task_type === 'delivery_question')
    const lost = { task_type: 'delivery_question', effect: 'loses' }
    expect(await preview(noPhone)).toEqual([
      { role: 'employee', ...lost, field: 'phone' },
      { role: 'officer', ...lost, field: 'phone' },
    ])
    expect(await preview(officersAlone)).toEqual([{ role: 'employee', ...lost, field: null }])
    expect(await preview(shippedText)).toEqual([])
  })

  it('says what tasks open that follow from an act: checks, comparisons, and corrections of whatever is in doubt', async () => {
    const noBirthDate = noPhone
      .replaceAll('telephone', 'birth')
      .replace('Field::"phone"', 'Field::"birth_date"')
    const { changes } = (await call('POST', '/previews', pia, { text: noBirthDate })).json()
    const types = changes
      .filter((one: { role: string; field: string }) => one.role === 'employee' && one.field === 'birth_date')
      .map((one: { task_type: string }) => one.task_type)
    expect(types.sort()).toEqual(['data_correction', 'duplicate_review', 'identity_check'])
  })

  it('refuses a text that is unsound, with each fault as a sentence', async () => {
    const answer = await call('POST', '/previews', pia, { text: 'permit (principal, action, resource);' })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ errors: [{ field: 'text', code: 'unsound_policies' }] })
    expect(answer.json().detail.faults.join()).toContain('@id')
  })

  it('refuses a text that would overrule a customer’s no, or open what a task does not need', async () => {
    const all = `${shippedText}\n@id("all") @en("x") @it("x") permit (principal, action, resource);`
    const agreed = 'unless { context.consented }'
    const careless = shippedText.replaceAll(agreed, 'unless { context.consented || context.purpose != "" }')
    for (const text of [all, careless]) {
      const answer = await call('POST', '/previews', pia, { text })
      expect(answer.statusCode).toBe(400)
      expect(answer.json().detail.faults.join()).toMatch(/agreement|does not need/)
    }
    expect((await propose(all)).statusCode).toBe(400)
  })
})

describe('policies that are decided by two', () => {
  it('are not in force while they are proposed, and not approved by who proposed them', async () => {
    const proposed = await propose(noPhone)
    expect(proposed.statusCode).toBe(201)
    const { version } = proposed.json()
    expect((await shown()).version).toBe(0)
    const own = await decide(version, pia)
    expect([own.statusCode, own.json().detail]).toEqual([409, { reason: 'oneself' }])
    expect((await propose(officersAlone, otto)).json().detail).toEqual({ reason: 'open' })
    const open = (await shown()).versions[0]
    expect(open.changes).toContainEqual({
      ...{ role: 'employee', task_type: 'delivery_question', field: 'phone', effect: 'loses' },
    })
    expect((await decide(version, pia, false)).statusCode).toBe(201)
    expect((await decide(version, otto)).json().detail).toEqual({ reason: 'decided' })
    expect((await shown()).version).toBe(0)
  })

  it('are PostgreSQL’s matter too: the server can put nothing into force, nor decide alone or twice', async () => {
    const { database } = test.house
    const { version } = (await propose(noPhone)).json()
    const approveAs = (who: string) =>
      database.query(
        'update policy_version set decided_by = $2, decided_at = now(), approved = true where version = $1',
        [version, who],
      )
    await expect(approveAs(pia.id)).rejects.toThrow('check')
    await expect(database.query('update policy_in_force set version = $1', [version])).rejects.toThrow(
      'denied',
    )
    await expect(database.query('update policy_in_force set closed = false')).rejects.toThrow('denied')
    await expect(
      database.query('update policy_version set text = $1', ['permit (principal, action, resource);']),
    ).rejects.toThrow('denied')
    await decide(version, otto, false)
    await expect(approveAs(otto.id)).rejects.toThrow('once')
  })

  it('end what was granted under the old ones, before the approval is answered, and open less from then on', async () => {
    const task = await ask()
    const before = await takeTask(test.house, ben, task)
    expect(before.grant.fields).toContain('phone')
    await putInForce(noPhone)
    await expect(readTask(test.house, ben, task, null)).rejects.toMatchObject({ code: 'no_grant' })
    const after = await takeTask(test.house, ben, task)
    expect(after.grant.fields).toEqual(['name', 'purchase', 'question'])
    await expect(readTask(test.house, ben, task, ['phone'])).rejects.toMatchObject({ code: 'outside_grant' })
    const { rules, hash } = await shown()
    expect(rules.map((rule: { id: string }) => rule.id)).toContain('no-telephone')
    const trail = await test.owner.one<{ policies: string[] }>('select policies from grants where id = $1', [
      after.grant.id,
    ])
    expect(trail.policies.at(-1)).toBe(hash)
  })

  it('are overtaken by a version that came into force meanwhile', async () => {
    const stale = await call('POST', '', pia, { text: officersAlone, after: 0 })
    expect([stale.statusCode, stale.json().detail]).toEqual([409, { reason: 'changed' }])
    expect((await propose(noPhone)).json().detail).toEqual({ reason: 'same' })
  })

  it('hold in the middle of takings: no grant that was made after the approval stands on the old ones', async () => {
    await putInForce(shippedText)
    const tasks = await Promise.all(Array.from({ length: 12 }, ask))
    const { version } = (await propose(officersAlone)).json()
    const takings = tasks.map(task => takeTask(test.house, ben, task))
    const approved = decide(version, otto)
    await Promise.allSettled([...takings, approved])
    expect((await approved).statusCode).toBe(201)
    const live = await test.owner.query(`select 1 from grants where kind = 'task' and ended_at is null`)
    expect(live).toEqual([])
    await expect(takeTask(test.house, ben, tasks[0]!)).rejects.toMatchObject({ code: 'wrong_role' })
    await putInForce(shippedText)
    expect((await takeTask(test.house, ben, tasks[0]!)).grant.fields).toContain('phone')
  })
})

describe('after a restore', () => {
  it('that has lost the policies in force nothing is taken until two officers have decided again', async () => {
    const before = await openHouse()
    const world = await buildWorld(before)
    const officers = [
      await newEmployee(before, 'officer', 'office'),
      await newEmployee(before, 'officer', 'office'),
    ]
    const folder = await backUp(before)
    const at = (house: TestHouse, who: number, method: 'GET' | 'POST', url: string, payload?: object) =>
      call(method, url, officers[who]!, payload, house)
    const proposed = await at(before, 0, 'POST', '', { text: officersAlone, after: 0 })
    expect(
      (await at(before, 1, 'POST', `/${proposed.json().version}/decisions`, { approved: true })).statusCode,
    ).toBe(201)
    const { house, restored } = await reopen(folder, before)
    await removeBackup(folder)
    try {
      expect(restored.counts.unclear).toMatchObject({ policy: 1 })
      const inForce = await house.owner.one('select version, closed from policy_in_force')
      expect(inForce).toEqual({ version: 0, closed: true })
      expect(world.ana.id).toBeTruthy()
    } finally {
      await house.close()
      await before.app.close()
    }
  })
})
