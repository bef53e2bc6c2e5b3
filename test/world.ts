import type { House } from '../src/core/house.ts'
import { cookieOf } from '../src/core/http.ts'
import type { Employee } from '../src/identity/employee.ts'
import type { Session } from '../src/identity/session.ts'
import type { Begun } from '../src/storage/employment.ts'
import {
  ana,
  ben,
  type Colleague,
  hireBen,
  type Joiner,
  joinCustomer,
  openSampleCompany,
  pia,
  purchasesOfAna,
  sell,
} from '../src/supervisor/demo-company.ts'
import type { TestHouse } from './house.ts'

/** A customer who is signed in to the portal. */
export interface CustomerInWorld extends Joiner {
  id: string
  alias: string
  trail: number
  session: Session
  /** For `app.inject({ cookies })`. */
  cookies: Record<string, string>
}

/** An employee who is signed in: Ben to `/work`, Pia to `/office`. */
export interface EmployeeInWorld extends Employee {
  email: string
  password: string
  totpSecret: string
  session: Begun['session']
  cookies: Record<string, string>
}

export interface World {
  ana: CustomerInWorld
  ben: EmployeeInWorld
  pia: EmployeeInWorld
  /** One more customer who joins, signed in. */
  join(person?: Partial<Joiner>): Promise<CustomerInWorld>
}

/**
 * Ana the customer (both consents, two invoices), Ben the employee and Pia the officer in a company of their own, made
 * by the same acts as the sample company's. Needs a house that is not set up yet.
 */
export async function buildWorld({ house }: { house: House }): Promise<World> {
  const officer = await openSampleCompany(house)
  const employee = await hireBen(house, officer.employee.pseudonym)
  const customer = await joined(house, ana)
  await sell(house, customer.id, purchasesOfAna)
  let others = 0
  return {
    ana: customer,
    ben: employed(employee, ben),
    pia: employed(officer, pia),
    join: async person => {
      const email = `customer.${++others}@example.org`
      return joined(house, { ...ana, name: `Cliente Numero ${others}`, email, phone: null, ...person })
    },
  }
}

async function joined(house: House, joiner: Joiner): Promise<CustomerInWorld> {
  const session = await joinCustomer(house, joiner)
  const { subject: id, alias, trail, token } = session
  return { ...joiner, id, alias, trail, session, cookies: { [cookieOf('portal')]: token } }
}

const employed = (
  { employee, room, session }: Begun,
  { email, password, totpSecret }: Colleague,
): EmployeeInWorld => ({
  ...{ ...employee, email, password, totpSecret, session },
  cookies: room === 'portal' ? {} : { [cookieOf(room)]: session.token },
})

/** The API as one of the world's people calls it. */
export async function send(
  { app }: Pick<TestHouse, 'app'>,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  who: { cookies: Record<string, string> },
  body?: object,
) {
  const response = await app.inject({
    ...{ method, url: `/api/v1${path}`, cookies: who.cookies },
    ...(body === undefined ? {} : { payload: body }),
  })
  return { status: response.statusCode, body: response.body === '' ? null : response.json() }
}
