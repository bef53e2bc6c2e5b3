import { giveConsent } from '../src/collection/consent.ts'
import { makeCustomer } from '../src/collection/customer.ts'
import { publishNotice } from '../src/collection/notice.ts'
import type { PurposeCode } from '../src/collection/purpose.ts'
import type { House } from '../src/core/house.ts'
import { cookieOf } from '../src/core/http.ts'
import { newId } from '../src/core/ids.ts'
import { change } from '../src/core/outbox.ts'
import { keepPurchases } from '../src/crm/purchase.ts'
import { addAddress, addressToken, markGeneration } from '../src/identity/address.ts'
import { findOrganisation, makeOrganisation } from '../src/identity/organisation.ts'
import { makeSession } from '../src/identity/session.ts'
import { keep } from '../src/storage/keeping.ts'
import { makeTask } from '../src/use/task.ts'
import { taskTypes } from '../src/use/task-type.ts'

export interface Person {
  name: string
  email: string
  phone: string
}

export const ana: Person = { name: 'Ana Bianchi', email: 'ana.bianchi@example.org', phone: '+393331234567' }
export const carla: Person = { name: 'Carla Neri', email: 'carla.neri@example.org', phone: '+393337654321' }

export interface TestCustomer {
  id: string
  alias: string
  trail: number
  slots: Record<string, number>
  /** The open question about a delivery. */
  task: string
  session: string
  token: string
  cookies: Record<string, string>
}

const words = 'Where is the blue teapot that I ordered?'

/** Opens the company as far as customers need it. */
export async function openCompany(house: House): Promise<void> {
  if ((await findOrganisation(house.database)) !== null) return
  await change(house, async tx => {
    await makeOrganisation(tx, house, 'Bottega Aurora')
    await publishNotice(tx, house.clock)
    await markGeneration(tx, house)
  })
}

/** A customer with something in every compartment: profile, a purchase, a question; and a session in the portal. */
export async function makeTestCustomer(
  house: House,
  person: Person,
  purposes: PurposeCode[] = ['service', 'offers'],
): Promise<TestCustomer> {
  await openCompany(house)
  const token = await addressToken(house, 'email', person.email)
  const at = house.clock.now()
  return change(house, async (tx, note) => {
    const { id, alias, trail, slots } = await makeCustomer(tx, house, 1)
    const given = { source: 'customer' as const, at: at.toISOString() }
    const basis = { fields: ['name', 'email', 'phone', 'purchase', 'question', 'letter'] }
    for (const purpose of purposes) {
      const notice = { evidence: 'portal' as const, version: 1, language: 'en' as const }
      await giveConsent(tx, house, id, purpose, notice)
    }
    await keep(tx, house, basis, id, id, {
      name: { value: person.name, ...given },
      email: { value: person.email, ...given },
      phone: { value: person.phone, ...given },
    })
    await addAddress(tx, 'email', token, { subject: id, compartment: 'contact', slot: slots.contact! })
    const price = { amount: 1250, currency: 'EUR', exponent: 2 }
    const line = { code: 'T1', description: `Teapot for ${person.name}`, quantity: 1, unit_price: price }
    await keepPurchases(
      tx,
      house,
      basis,
      id,
      [{ source: 'shop', invoice: newId(), madeAt: at, lines: [line] }],
      'company',
    )
    const task = newId()
    await makeTask(tx, house, taskTypes.delivery_question, { id: task, subject: id })
    await keep(tx, house, basis, id, task, { question: { value: `${words} ${person.name}`, ...given } })
    await note(id, { kind: 'join', actor: 'customer', result: 'done' })
    const session = await makeSession(tx, house, 'portal', id)
    const cookies = { [cookieOf('portal')]: session.token }
    return { id, alias, trail, slots, task, session: session.id, token: session.token, cookies }
  })
}
