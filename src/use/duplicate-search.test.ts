import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newCustomer, newEmployee, openCompany, type Person } from '../../test/people.ts'
import { trailOf } from '../../test/portal.ts'
import { foundIn, storedText } from '../../test/stored.ts'
import type { PurposeCode } from '../collection/purpose.ts'
import { withdraw } from '../disposal/withdrawal.ts'
import { findSession, type Session } from '../identity/session.ts'
import { countDuplicates } from './duplicate.ts'
import { listSeenTwice, object } from './duplicate-objection.ts'
import { searchDuplicates } from './duplicate-search.ts'
import { makeGrant, withJobGrant } from './grant.ts'
import { listQuestions } from './own-data.ts'
import { readPair } from './pair-reading.ts'
import { closeTask, takeTask } from './task.ts'
import { readTask } from './task-reading.ts'
import type { Outcome } from './task-type.ts'

let shop: TestHouse
let ben: Session
let bea: Session

beforeAll(async () => {
  shop = await openHouse()
  await openCompany(shop)
  ben = await workSession(await newEmployee(shop))
  bea = await workSession(await newEmployee(shop))
})
afterAll(() => shop.close())

const workSession = async (person: Person): Promise<Session> =>
  (await findSession(shop.house.database, shop.clock.now(), 'work', person.session.token))!
const portalSession = async (person: Person): Promise<Session> =>
  (await findSession(shop.house.database, shop.clock.now(), 'portal', person.session.token))!

let made = 0
const both: PurposeCode[] = ['service', 'offers']
/** Two records of one person, with a mistyped name and one telephone. */
async function newTwice(surname: string): Promise<[Person, Person]> {
  const phone = `+3934755${String(10_000 + ++made)}`
  const one = await newCustomer(
    shop,
    { name: `Livia ${surname}`, email: `a${made}@example.org`, phone },
    both,
  )
  const other = await newCustomer(
    shop,
    { name: `Lvia ${surname}`, email: `b${made}@example.org`, phone },
    both,
  )
  return [one, other]
}

/** Takes the agreement to be served back, and leaves the one to offers. */
const stopService = ({ id }: Person) =>
  shop.owner.transaction(async tx => {
    await tx.query(
      `insert into consent_withdrawal (consent, at) select id, now() from consent where subject = $1 and purpose = 'service'`,
      [id],
    )
    await tx.query('delete from slot where subject = $1 and not is_covered(subject, compartment)', [id])
  })

/** How often the system has read this customer. */
const comparedOf = async (person: Person): Promise<number> => {
  const entries = await trailOf(shop, person.id)
  return entries.filter(entry => entry.kind === 'reading' && entry.actor === 'system').length
}

const reviewsOf = (person: Person) =>
  shop.owner.query<{ task: string; outcome: string | null }>(
    `select d.task, c.outcome from duplicate d left join task_closure c on c.task = d.task
      where d.subject = $1 or d.other = $1 order by d.found_at`,
    [person.id],
  )

async function review(pair: [Person, Person], outcome: Outcome): Promise<string> {
  await searchDuplicates(shop.house)
  const { task } = (await reviewsOf(pair[0])).at(-1)!
  await takeTask(shop.house, ben, task)
  await closeTask(shop.house, ben, task, outcome)
  return task
}

describe('a search for duplicates', { timeout: 60_000 }, () => {
  test('makes a likely pair one task, and leaves strangers and relatives alone', async () => {
    const [one, other] = await newTwice('Marchesini')
    const phone = '+393475599999'
    const mother = await newCustomer(shop, { name: 'Rosa Zanetti', email: 'rosa@example.org', phone })
    const son = await newCustomer(shop, { name: 'Dino Zanetti', email: 'dino@example.org', phone })
    await searchDuplicates(shop.house)
    await searchDuplicates(shop.house)
    expect(await reviewsOf(one)).toHaveLength(1)
    expect(await reviewsOf(other)).toEqual(await reviewsOf(one))
    for (const person of [mother, son]) expect(await reviewsOf(person)).toEqual([])
  })

  test('is in the log of who was compared and of nobody else, and stores no value and no fingerprint', async () => {
    const pair = await newTwice('Quaranta')
    const stranger = await newCustomer(shop, { name: 'Olaf Nobody', email: 'olaf@example.org' })
    await searchDuplicates(shop.house)
    for (const person of pair) {
      expect(await comparedOf(person)).toBe(1)
      expect((await trailOf(shop, person.id)).map(entry => entry.kind)).toContain('duplicate')
    }
    expect(await comparedOf(stranger)).toBe(0)
    expect(foundIn(await storedText(shop.owner), ['Quaranta', 'Livia Quaranta'])).toEqual([])
  })

  test('compares nobody who took the agreement to be served back', async () => {
    const [one, other] = await newTwice('Serafini')
    await stopService(other)
    await searchDuplicates(shop.house)
    expect(await reviewsOf(one)).toEqual([])
    expect(await comparedOf(other)).toBe(0)
  })
})

describe('the keeper makes fingerprints of everybody', () => {
  const fields = ['name', 'birth_date', 'postal_address', 'phone', 'email', 'codice_fiscale']
  const compartments = ['contact', 'identity']
  const wanted = { fields, compartments, purpose: 'service', minutes: 5, most: 10 }
  const blocking = (grant: { grant: string; secret: string }) =>
    shop.house.keeper.blocking({ grant: grant.grant, secret: grant.secret, items: [] })

  test('for a job that names nobody, and for no other', async () => {
    const { id } = await newCustomer(shop, { name: 'Ida Ronchi', email: 'ida@example.org' })
    await withJobGrant(shop.house, { ...wanted, subjects: [] }, async grant => {
      expect(await blocking(grant)).toEqual(new Map())
    })
    await withJobGrant(shop.house, { ...wanted, subjects: [id] }, async grant => {
      await expect(blocking(grant)).rejects.toMatchObject({ code: 'outside_grant' })
    })
    await withJobGrant(shop.house, { ...wanted, fields: ['name'], subjects: [] }, async grant => {
      await expect(blocking(grant)).rejects.toMatchObject({ code: 'outside_grant' })
    })
    const own = await makeGrant(shop.house, {
      ...{ ...wanted, kind: 'portal', session: null, actor: 'customer', subjects: [id] },
    })
    await expect(blocking(own)).rejects.toMatchObject({ code: 'outside_grant' })
  })
})

describe('a review', { timeout: 60_000 }, () => {
  test('opens both, side by side, to who has taken it and to nobody else', async () => {
    const pair = await newTwice('Tagliabue')
    await searchDuplicates(shop.house)
    const [{ task } = { task: '' }] = await reviewsOf(pair[0])
    await expect(readPair(shop.house, ben, task)).rejects.toMatchObject({ code: 'not_found' })
    await takeTask(shop.house, ben, task)
    await expect(takeTask(shop.house, bea, task)).rejects.toMatchObject({ code: 'taken' })
    await expect(readPair(shop.house, bea, task)).rejects.toMatchObject({ code: 'not_found' })
    const { people } = await readPair(shop.house, ben, task)
    expect(people.map(one => one.alias).sort()).toEqual(pair.map(one => one.alias).sort())
    expect(people.map(one => one.values.name!.value).sort()).toEqual(['Livia Tagliabue', 'Lvia Tagliabue'])
    for (const { values } of people) expect(Object.keys(values).sort()).toEqual(['email', 'name', 'phone'])
    await closeTask(shop.house, ben, task, 'not_same')
    await expect(readPair(shop.house, ben, task)).rejects.toMatchObject({ code: 'not_found' })
    for (const person of pair) {
      const kinds = (await trailOf(shop, person.id)).map(entry => `${entry.kind} ${entry.actor}`)
      for (const kind of ['grant', 'reading', 'task.closure'])
        expect.soft(kinds).toContain(`${kind} ${ben.actor}`)
    }
  })

  test('is no question of the customer’s own, and opens no more of one than of both', async () => {
    const pair = await newTwice('Urbinati')
    await searchDuplicates(shop.house)
    const [{ task } = { task: '' }] = await reviewsOf(pair[0])
    await takeTask(shop.house, ben, task)
    for (const { id } of pair) expect(await listQuestions(shop.house.database, id)).toEqual([])
    await expect(readTask(shop.house, ben, task, ['purchase'])).rejects.toMatchObject({
      code: 'outside_grant',
    })
    await expect(closeTask(shop.house, ben, task, 'answered')).rejects.toMatchObject({ code: 'invalid' })
  })

  test('that ends with "not the same" or "the same" is never asked again', async () => {
    for (const outcome of ['not_same', 'same'] as const) {
      const pair = await newTwice(outcome === 'same' ? 'Vezzani' : 'Zoccali')
      await review(pair, outcome)
      await shop.owner.query(`update task_closure set at = at - interval '400 days' where outcome = $1`, [
        outcome,
      ])
      await searchDuplicates(shop.house)
      expect(await reviewsOf(pair[0])).toMatchObject([{ outcome }])
    }
  })

  test('that ends with "cannot say" is asked again after a month', async () => {
    const pair = await newTwice('Quintavalle')
    await review(pair, 'cannot_say')
    await searchDuplicates(shop.house)
    expect(await reviewsOf(pair[0])).toHaveLength(1)
    await shop.owner.query(
      `update task_closure set at = at - interval '31 days' where outcome = 'cannot_say'`,
    )
    await searchDuplicates(shop.house)
    expect(await reviewsOf(pair[0])).toHaveLength(2)
  })

  test('ends when either of the two leaves, and nothing can be read under it', async () => {
    for (const leaver of [0, 1] as const) {
      const pair = await newTwice(leaver === 0 ? 'Bevilacqua' : 'Passalacqua')
      await searchDuplicates(shop.house)
      const [{ task } = { task: '' }] = await reviewsOf(pair[0])
      await takeTask(shop.house, ben, task)
      const session = await portalSession(pair[leaver])
      await withdraw(shop.house, { subject: session.subject, token: session.token })
      await expect(readPair(shop.house, ben, task)).rejects.toMatchObject({ code: 'not_found' })
      expect(await reviewsOf(pair[1 - leaver]!)).toEqual([])
      expect(await shop.owner.query('select 1 from task where id = $1', [task])).toEqual([])
    }
  })

  test('is refused where one of the two no longer agrees, and both find that in their logs', async () => {
    const pair = await newTwice('Dallapiccola')
    await searchDuplicates(shop.house)
    const [{ task } = { task: '' }] = await reviewsOf(pair[0])
    // The task itself hangs on the first of them.
    const [, second] = [...pair].sort((one, other) => (one.id < other.id ? -1 : 1))
    await stopService(second!)
    await expect(takeTask(shop.house, ben, task)).rejects.toMatchObject({ code: 'no_consent' })
    for (const person of pair)
      expect((await trailOf(shop, person.id)).map(entry => entry.kind)).toContain('grant.refused')
  })
})

describe('who is taken for one person with somebody else', { timeout: 60_000 }, () => {
  const seen = (person: Person) => listSeenTwice(shop.house.database, person.id)

  test('is told so, whichever of the two they are, and nothing of the other', async () => {
    const pair = await newTwice('Frangipane')
    const task = await review(pair, 'same')
    for (const person of pair)
      expect(await seen(person)).toEqual([
        { id: task, decided_at: expect.any(Date), objected_at: null, merged: false },
      ])
    const others = await newTwice('Malaspina')
    await review(others, 'not_same')
    expect(await seen(others[0])).toEqual([])
  })

  test('is written to, in their language, with nothing of the other', async () => {
    const pair = await newTwice('Spinola')
    await review(pair, 'same')
    await shop.work()
    const addresses = [`a${made}@example.org`, `b${made}@example.org`]
    for (const to of addresses) {
      const letters = shop.post.list().filter(mail => mail.to === to)
      expect(letters).toHaveLength(1)
      expect(letters[0]!.text).toContain('I miei dati')
      expect(letters[0]!.text).not.toMatch(/Spinola|Livia|example\.org/)
    }
    for (const person of pair)
      expect((await trailOf(shop, person.id)).map(entry => entry.kind)).toContain('duplicate.sent')
  })

  test('says that it is not so, once, and has the last word', async () => {
    const pair = await newTwice('Gherardesca')
    const task = await review(pair, 'same')
    const before = await countDuplicates(shop.house.database)
    const session = await portalSession(pair[1])
    await object(shop.house, session, task)
    await expect(object(shop.house, session, task)).rejects.toMatchObject({ code: 'conflict' })
    expect(await countDuplicates(shop.house.database)).toMatchObject({
      ...{ same: before.same - 1, not_same: before.not_same + 1 },
    })
    await searchDuplicates(shop.house)
    expect(await reviewsOf(pair[0])).toHaveLength(1)
    const said = async (person: Person) =>
      (await trailOf(shop, person.id)).filter(entry => entry.kind === 'duplicate.objection')
    expect(await said(pair[1])).toMatchObject([{ actor: 'customer', task }])
    expect(await said(pair[0])).toMatchObject([{ actor: 'system', task }])
  })

  test('cannot speak for others, nor of what nobody decided', async () => {
    const pair = await newTwice('Pallavicini')
    const task = await review(pair, 'same')
    const stranger = await newCustomer(shop, { name: 'Otto Winkel', email: 'otto@example.org' })
    const open = await newTwice('Sanseverino')
    await searchDuplicates(shop.house)
    const [{ task: undecided } = { task: '' }] = await reviewsOf(open[0])
    await expect(object(shop.house, await portalSession(stranger), task)).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(object(shop.house, await portalSession(open[0]), undecided)).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})
