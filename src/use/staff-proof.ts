import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'
import { Attempts } from '../identity/attempts.ts'
import { findCredentials, takeTotpStep } from '../identity/employee.ts'
import type { Session } from '../identity/session.ts'
import { findTotpStep } from '../identity/totp.ts'
import { readTotp } from './employee-session.ts'

/** The code of the moment of an employee who is signed in, asked for before they give themselves another way in. */
export class StaffProof {
  readonly #house: House
  readonly #attempts: Attempts

  constructor(house: House) {
    this.#house = house
    this.#attempts = new Attempts(house.clock, 10, 15)
  }

  /** Uses the code up. Refuses `wrong_code` for a wrong or used one, `rate_limited` after ten wrong ones in 15 minutes. */
  async requireCode({ subject }: Session, code: string): Promise<void> {
    const forgive = this.#attempts.take(subject)
    const known = await findCredentials(this.#house.database, subject)
    const secret = known === null ? null : await readTotp(this.#house, subject, known.totp_row)
    const step = secret === null ? null : findTotpStep(secret, code, this.#house.clock.now())
    if (step === null) throw new Refusal('wrong_code')
    const taken = await this.#house.database.transaction(tx => takeTotpStep(tx, subject, step))
    if (!taken) throw new Refusal('wrong_code', { why: 'used before' })
    forgive()
  }
}
