import { createHmac, randomBytes } from 'node:crypto'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { countSteps } from '../core/stopwatch.ts'
import { addressToken, findAddress } from '../identity/address.ts'
import { Attempts } from '../identity/attempts.ts'
import { type Credentials, type Employee, findCredentials, takeTotpStep } from '../identity/employee.ts'
import { verifyPassword } from '../identity/password.ts'
import { RefusedSessions } from '../identity/refused-sessions.ts'
import { makeSession } from '../identity/session.ts'
import { findTotpStep } from '../identity/totp.ts'
import { withJobGrant } from './grant.ts'
import { read } from './reading.ts'

export interface SignIn {
  email: string
  password: string
  code: string
}

export interface Signed {
  employee: Employee
  session: { id: string; token: string; until: Date }
}

const wrong = (why: string) => new Refusal('wrong_credentials', { why })

/**
 * A refusal is answered after so many milliseconds or a multiple of them. A wrong code takes longer to find than a wrong
 * password, for a grant and a reading lie between the two; this is several times what the slower of them needs.
 */
const step = 250

/**
 * How employees sign in: address, password and a code that is accepted once. Ten attempts per address and a hundred
 * per remote address within 15 minutes. Whatever is wrong, the answer is the same and comes at the same time, so that
 * it does not tell who works here, nor that the password was right.
 */
export class EmployeeSignIn {
  readonly refused: RefusedSessions
  readonly #house: House
  readonly #byAddress: Attempts
  readonly #byRemote: Attempts
  // Attempts are counted under a name that dies with the process.
  readonly #key = randomBytes(32)

  constructor(house: House) {
    this.#house = house
    this.refused = new RefusedSessions(house)
    this.#byAddress = new Attempts(house.clock, 10, 15)
    this.#byRemote = new Attempts(house.clock, 100, 15)
  }

  /**
   * Begins a session in a room. Throws `wrong_credentials`, `rate_limited`, `wrong_role` for an employee who has
   * proved to be one and knocks at the office, and `search_rebuilding` while the address index is lost. Throws at the
   * end of a step alone, when all that the attempt held is given back.
   */
  async signIn(room: 'work' | 'office', given: SignIn, remote: string): Promise<Signed> {
    const nextStep = countSteps(this.#house.stopwatch, step)
    try {
      return await this.#attempt(room, given, remote)
    } catch (error) {
      await nextStep()
      throw error
    }
  }

  async #attempt(room: 'work' | 'office', given: SignIn, remote: string): Promise<Signed> {
    const address = createHmac('sha256', this.#key).update(given.email.toLowerCase()).digest('base64url')
    const forgiveRemote = this.#byRemote.take(remote)
    const forgiveAddress = this.#byAddress.take(address)
    try {
      const signed = await begin(this.#house, room, given)
      forgiveRemote()
      forgiveAddress()
      return signed
    } catch (error) {
      if (error instanceof Refusal && error.code === 'wrong_credentials') this.refused.add()
      throw error
    }
  }
}

async function begin(house: House, room: 'work' | 'office', given: SignIn): Promise<Signed> {
  const { password_hash: _hash, totp_row: row, ...employee } = await requirePassword(house, given)
  const secret = await readTotp(house, employee.id, row)
  const step = secret === null ? null : findTotpStep(secret, given.code, house.clock.now())
  if (step === null) throw wrong('code')
  if (room === 'office' && employee.role !== 'officer') throw new Refusal('wrong_role')
  return change(house, async (tx, note) => {
    if (!(await takeTotpStep(tx, employee.id, step))) throw wrong('a code that was used')
    const session = await makeSession(tx, house, room, employee.id, {
      by: 'password',
      at: house.clock.now(),
    })
    const actor = employee.pseudonym
    await note(employee.id, { kind: 'session', act: newId(), actor, result: 'done', detail: { room } })
    return { employee, session }
  })
}

async function requirePassword(house: House, given: SignIn): Promise<Credentials> {
  const token = await addressToken(house, 'employee-email', given.email)
  const owner = await findAddress(house.database, 'employee-email', token)
  const known = owner === null ? null : await findCredentials(house.database, owner.subject)
  const fits = await verifyPassword(known?.password_hash ?? null, given.password)
  if (known === null || !fits) throw wrong('address or password')
  return known
}

/** The TOTP secret, under a grant of its own that ends with this reading. It never leaves the sign-in. */
export async function readTotp(house: House, employee: string, row: string): Promise<string | null> {
  const wanted = {
    kind: 'signin' as const,
    subjects: [employee],
    fields: ['totp'],
    compartments: ['employment'],
    purpose: 'sign-in',
    minutes: 1,
    most: 1,
  }
  const boxes = await withJobGrant(house, wanted, key =>
    read(house, key, employee, { fields: ['totp'], compartments: ['employment'], rows: [row] }),
  )
  const value = boxes[0]?.values.totp?.value
  return typeof value === 'string' ? value : null
}
