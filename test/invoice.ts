import { expect } from 'vitest'
import { changeOwn } from '../src/use/own-values.ts'
import type { TestHouse } from './house.ts'
import { type CustomerInWorld, send, type World } from './world.ts'

/** A customer asks about an invoice, and Ben takes the task: its id. */
export async function takeInvoiceTask(house: TestHouse, world: World, who: CustomerInWorld): Promise<string> {
  const question = { type: 'invoice_question', text: 'May I have an invoice?' }
  const asked = await send(house, 'POST', '/portal/questions', who, question)
  expect(asked.status).toBe(201)
  const id = String(asked.body.id)
  expect((await send(house, 'POST', `/work/tasks/${id}/grants`, world.ben, {})).status).toBe(201)
  return id
}

export const purchasesOf = (house: TestHouse, who: { id: string }) =>
  house.owner.query<{ id: string; invoice: string; source: string }>(
    'select id, invoice, source from purchase where subject = $1 order by made_at',
    [who.id],
  )

export const issuing = (purchase: string, about: object = {}) => ({
  ...{ basis: 'invoice', purchase, vat_rate: 22, reason: null },
  ...about,
})

export interface IssuedTo {
  id: string
  task: string
  purchase: string
  number: string
}

/** Ben issues the document of the first purchase of a customer. */
export async function issueTo(house: TestHouse, world: World, who: CustomerInWorld): Promise<IssuedTo> {
  const task = await takeInvoiceTask(house, world, who)
  const [purchase] = await purchasesOf(house, who)
  const { status, body } = await send(
    ...([house, 'POST', `/work/tasks/${task}/documents`, world.ben] as const),
    issuing(purchase!.id),
  )
  expect(status, JSON.stringify(body)).toBe(201)
  return { id: String(body.id), task, purchase: purchase!.id, number: purchase!.invoice }
}

/** Gives the customer a tax code, where the company asks for it. */
export const giveTaxCode = (house: TestHouse, who: CustomerInWorld) =>
  changeOwn(house.house, who.session, { codice_fiscale: 'RSSMRA85T10A562S' })
