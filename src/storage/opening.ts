import { publishNotice } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { addressToken, markGeneration } from '../identity/address.ts'
import { type NewCredentials, requireNewCredentials } from '../identity/credentials.ts'
import { makeOrganisation } from '../identity/organisation.ts'
import { hashPassword } from '../identity/password.ts'
import { requireSetupToken, takeSetupToken } from '../identity/setup.ts'
import { type Begun, begin, type Hired, hire } from './employment.ts'

export interface Opening extends Omit<Hired, 'role'>, NewCredentials {
  /** From `makeSetupToken`. */
  token: string
  organisation: string
}

/**
 * Opens the company, all in one transaction: its name, the notice, the address index, the first officer and their
 * session. Of two who try at once one wins. Throws `already_open`, `wrong_credentials` for a wrong token, and `invalid`
 * with the faults of the credentials; the token is then still good.
 */
export async function openCompany(house: House, opening: Opening): Promise<Begun> {
  await requireSetupToken(house.database, opening.token)
  const now = house.clock.now()
  const totpStep = requireNewCredentials(opening, [opening.organisation, opening.name], now)
  const passwordHash = await hashPassword(opening.password)
  const token = await addressToken(house, 'employee-email', opening.email)
  return change(house, async (tx, note) => {
    await takeSetupToken(tx, opening.token)
    await makeOrganisation(tx, house, opening.organisation)
    await publishNotice(tx, house.clock)
    await markGeneration(tx, house)
    const officer = await hire(tx, house, { ...opening, role: 'officer' }, token)
    const begun = await begin(tx, house, officer, { passwordHash, totpSecret: opening.totp_secret, totpStep })
    const entry = { act: newId(), actor: officer.pseudonym, result: 'done' }
    const detail = { employee: officer.pseudonym, role: officer.role }
    await note(null, { ...entry, kind: 'setup', detail })
    await note(officer.id, { ...entry, kind: 'setup', detail })
    await note(officer.id, { ...entry, kind: 'session', detail: { room: begun.room } })
    return begun
  })
}
