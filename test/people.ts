import { giveConsent } from '../src/collection/consent.ts'
import { makeCustomer } from '../src/collection/customer.ts'
import { currentNotice, publishNotice } from '../src/collection/notice.ts'
import type { PurposeCode } from '../src/collection/purpose.ts'
import { cookieOf } from '../src/core/http.ts'
import { newId } from '../src/core/ids.ts'
import { change } from '../src/core/outbox.ts'
import { makeEmployee } from '../src/identity/employee.ts'
import { makeOrganisation } from '../src/identity/organisation.ts'
import { makeSession, type SessionRoom } from '../src/identity/session.ts'
import { keep } from '../src/storage/keeping.ts'
import type { TestHouse } from './house.ts'

/** People as a test needs many of: made by the real functions, without the ceremonies of joining and signing in. */

export interface Person {
  id: string
  alias: string
  trail: number
  /** `{ custode_work: token }`, as `app.inject` takes it. */
  cookies: Record<string, string>
  session: { id: string; token: string; until: Date }
}

/** Opens the company, with its notice, so that the doors answer. */
export async function openCompany({ house }: TestHouse): Promise<void> {
  await house.database.transaction(async tx => {
    await makeOrganisation(tx, house, 'Bottega Aurora')
    await publishNotice(tx, house.clock)
  })
}

/** Begins another session of somebody. */
export async function newSession(
  { house }: TestHouse,
  room: SessionRoom,
  person: Pick<Person, 'id' | 'alias' | 'trail'>,
): Promise<Person> {
  const session = await house.database.transaction(tx =>
    makeSession(tx, house, room, person.id, { by: 'code', at: house.clock.now() }),
  )
  const { id, alias, trail } = person
  return { id, alias, trail, session, cookies: { [cookieOf(room)]: session.token } }
}

const subjectOf = ({ house }: TestHouse, id: string) =>
  house.database.one<{ id: string; alias: string; trail: number }>(
    'select id, alias, trail from subject where id = $1',
    [id],
  )

/** An employee with a session in their room: `work` unless told. */
export async function newEmployee(
  test: TestHouse,
  role: 'employee' | 'officer' = 'employee',
  room: 'work' | 'office' = 'work',
): Promise<Person & { name: string; pseudonym: string }> {
  const { house } = test
  const employee = await house.database.transaction(async tx => {
    const made = await makeEmployee(tx, house, {
      name: role === 'officer' ? 'Pia' : 'Ben',
      role,
      language: 'it',
    })
    await tx.query('update employee set active_at = $2 where id = $1', [made.id, house.clock.now()])
    return made
  })
  const person = await newSession(test, room, await subjectOf(test, employee.id))
  return { ...person, name: employee.name, pseudonym: employee.pseudonym }
}

export interface CustomerValues {
  name: string
  email: string
  phone?: string
}

/** A customer who has joined, with a session in the portal. */
export async function newCustomer(
  test: TestHouse,
  values: CustomerValues,
  purposes: PurposeCode[] = ['service'],
): Promise<Person> {
  const { house } = test
  const at = house.clock.now().toISOString()
  const subject = await change(house, async (tx, note) => {
    const made = await makeCustomer(tx, house, 1)
    const consents = []
    for (const purpose of purposes)
      consents.push(
        await giveConsent(tx, house, made.id, purpose, {
          ...{ evidence: 'portal', version: await currentNotice(tx), language: 'it' },
        }),
      )
    await keep(tx, house, { fields: consents.flatMap(consent => consent.fields) }, made.id, made.id, {
      name: { value: values.name, source: 'customer', at },
      email: { value: values.email, source: 'customer', at, verified: { method: 'code', at } },
      ...(values.phone === undefined ? {} : { phone: { value: values.phone, source: 'customer', at } }),
    })
    await note(made.id, { kind: 'join', actor: 'customer', result: 'done' })
    return made
  })
  return newSession(test, 'portal', subject)
}

/** An invoice of a customer, with one line. Returns the purchase's id. */
export async function newPurchase(
  { house }: TestHouse,
  customer: Pick<Person, 'id'>,
  invoice: string,
  description: string,
  madeAt = house.clock.now(),
): Promise<string> {
  const id = newId()
  const line = {
    code: 'A1',
    description,
    quantity: 1,
    unit_price: { amount: 1250, currency: 'EUR', exponent: 2 },
  }
  const at = madeAt.toISOString()
  await house.database.transaction(async tx => {
    await tx.query(
      `insert into purchase (id, subject, slot, source, invoice, lines, made_at)
       select $1, s.subject, s.number, 'shop', $3, 1, $4
         from slot s where s.subject = $2 and s.compartment = 'purchases'`,
      [id, customer.id, invoice, madeAt],
    )
    await keep(tx, house, { fields: ['purchase'] }, customer.id, id, {
      purchase: { value: { lines: [line] }, source: 'company', at },
    })
  })
  return id
}
