import { join } from 'node:path'
import { ConfigError } from '../core/config.ts'
import type { House } from '../core/house.ts'
import { purchaseImport } from '../crm/purchase.import.ts'
import { type AddressKind, addressToken, findAddress } from '../identity/address.ts'
import { demoPeople } from '../identity/demo-people.ts'
import { getEmployee } from '../identity/employee.ts'
import { findOrganisation } from '../identity/organisation.ts'
import { findSession, makeSession, type Session, type SessionRoom } from '../identity/session.ts'
import { customerImport } from '../storage/customer.import.ts'
import { importFile } from '../storage/import.ts'
import { endSession } from '../use/grant.ts'
import { askQuestion } from '../use/question.ts'
import { closeTask, takeTask } from '../use/task.ts'
import { ana, hireBen, joinCustomer, openSampleCompany, purchasesOfAna, sell } from './demo-company.ts'

const folder = join(import.meta.dirname, '../../demo')
const source = 'till'

/**
 * Makes the sample company: Pia, Ben, Ana and twelve more customers with what they bought and asked, all invented and
 * the same each time. True when it was made now; false when it was there. A start that was cut off is gone on with.
 * Once it is there nothing comes back: who leaves the sample company has left. Throws `ConfigError` on a real company.
 */
export async function seedDemo(house: House): Promise<boolean> {
  const company = await findOrganisation(house.database)
  if (!house.demo || company?.demo === false)
    throw new ConfigError('the sample company is made in a demo alone, never in a real one')
  if (await isMade(house)) return false
  if (company === null) await openSampleCompany(house)
  const officer = await getEmployee(house.database, (await find(house, 'pia'))!)
  if ((await find(house, 'ben')) === null) await hireBen(house, officer.pseudonym)
  if ((await find(house, 'ana')) === null) await joinCustomer(house, ana)
  await trade(house)
  const file = (name: string) => join(folder, `${name}.csv`)
  await importFile(house, { adapter: customerImport, file: file('customers'), source })
  await converse(house)
  await importFile(house, { adapter: purchaseImport('EUR'), file: file('purchases'), source })
  return true
}

/** The purchases come last: with them everything is there. */
const isMade = async (house: House): Promise<boolean> =>
  (await house.database.maybe(
    `select 1 from import where kind = 'purchases' and source = $1 and ended_at is not null`,
    [source],
  )) !== null

const find = (house: House, who: keyof typeof demoPeople) =>
  findByAddress(house, demoPeople[who].addressKind, demoPeople[who].email)

async function findByAddress(house: House, kind: AddressKind, email: string): Promise<string | null> {
  const owner = await findAddress(house.database, kind, await addressToken(house, kind, email))
  return owner?.subject ?? null
}

async function trade(house: House): Promise<void> {
  const customer = (await find(house, 'ana'))!
  const sold = await house.database.maybe('select 1 from purchase where source = $1', [
    purchasesOfAna[0]!.source,
  ])
  if (sold === null) await sell(house, customer, purchasesOfAna)
}

/** Questions in every state: open, taken by Ben, and closed by him. */
const questions = [
  {
    email: ana.email,
    text: 'Buongiorno, la lampada Aurora non è ancora arrivata. Quando la consegnate?',
    becomes: 'open',
  },
  { email: ana.email, text: 'Una delle due ciotole è scheggiata: come posso cambiarla?', becomes: 'closed' },
  {
    email: 'giulia.bianchi@example.org',
    text: 'È possibile consegnare in portineria? Il campanello non funziona.',
    becomes: 'open',
  },
  {
    email: 'eleanor.whitfield@example.org',
    text: 'Could the parcel come on Saturday morning? I am away during the week.',
    becomes: 'taken',
  },
  {
    email: 'samuel.okoro@example.org',
    text: 'The tracking page has said “in transit” for six days. Has my order been lost?',
    becomes: 'open',
  },
] as const

async function converse(house: House): Promise<void> {
  if ((await house.database.maybe('select 1 from task')) !== null) return
  const employee = await signIn(house, 'work', (await find(house, 'ben'))!)
  for (const { email, text, becomes } of questions) {
    const customer = await signIn(house, 'portal', (await findByAddress(house, 'email', email))!)
    const { id } = await askQuestion(house, customer, 'delivery_question', text)
    if (becomes !== 'open') await takeTask(house, employee, id)
    if (becomes === 'closed') await closeTask(house, employee, id, 'answered')
    await endSession(house, customer.id, customer.actor)
  }
  await endSession(house, employee.id, employee.actor)
}

/** A session for as long as the seeding needs one. */
async function signIn(house: House, room: SessionRoom, subject: string): Promise<Session> {
  const { token } = await house.database.transaction(tx => makeSession(tx, house, room, subject))
  return (await findSession(house.database, house.clock.now(), room, token))!
}
