import { requireConsent } from '../collection/consent.ts'
import type { Language } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change, noteOnly } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { codeMinutes, makeCode, tryCode, useCode } from '../identity/code.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import { makeSession } from '../identity/session.ts'
import { codeLetter } from '../storage/code-letter.ts'
import { slotFor } from '../storage/keeping.ts'
import { writeLetter } from '../storage/letter.ts'
import { comeOfAge } from './coming-of-age.ts'
import { readGuardian } from './guardian.ts'

/**
 * Sends a code to the guardian of the child with this alias, if there is one: the answer is alike for every alias. First it is looked
 * whether the child is old enough by now. Refuses `rate_limited` after five within an hour.
 */
export async function askGuardianCode(
  house: House,
  { alias, language }: { alias: string; language: Language },
): Promise<{ id: string; until: Date }> {
  const child = await house.database.maybe<{ subject: string }>(
    `select g.subject from guardianship g join subject s on s.id = g.subject
      where s.alias = $1 and s.kind = 'customer' and g.of_age_at is null`,
    [alias],
  )
  if (child === null || (await comeOfAge(house, child.subject))) return nothing(house)
  return sendGuardianCode(house, child.subject, language)
}

const nothing = (house: House) => ({
  id: newId(),
  until: new Date(house.clock.now().getTime() + codeMinutes * 60_000),
})

/** Sends a code to the guardian of this child. */
export async function sendGuardianCode(house: House, subject: string, language: Language) {
  const { email } = await readGuardian(house, subject)
  const { name } = await requireOrganisation(house.database)
  return change(house, async (tx, note) => {
    await tx.one('select 1 from subject where id = $1 for update', [subject])
    const basis = await requireConsent(tx, subject, 'service')
    const slot = await slotFor(tx, subject, 'messages')
    const code = await makeCode(tx, house, subject, slot, 'code', { guardian: true })
    const mail = codeLetter(language, name, email, code.digits)
    const letter = await writeLetter(
      tx,
      house,
      { subject, slot, basis },
      { kind: 'code', until: code.until, mail },
    )
    await note(subject, {
      kind: 'code',
      actor: 'guardian',
      result: 'done',
      detail: { code: code.id, letter },
    })
    return { id: code.id, until: code.until, email }
  })
}

/**
 * Lets a guardian into the room of their child, by a code sent to the guardian and to nobody else: one of the child's own does not
 * fit. Refuses `wrong_code`, also when the child is old enough meanwhile.
 */
export async function signInGuardian(house: House, id: string, digits: string) {
  const { subject, right, guardian } = await tryCode(house, id, digits)
  if (subject === null) throw new Refusal('wrong_code')
  if (!right || !guardian) {
    const detail = { code: id }
    await noteOnly(house, subject, { kind: 'session.refused', actor: 'guardian', result: 'refused', detail })
    throw new Refusal('wrong_code')
  }
  return change(house, async (tx, note) => {
    await tx.one('select 1 from subject where id = $1 for update', [subject])
    const live = await tx.maybe('select 1 from guardianship where subject = $1 and of_age_at is null', [
      subject,
    ])
    if (live === null) throw new Refusal('wrong_code', { why: 'the guardian’s time is over' })
    await useCode(tx, house, id)
    await note(subject, { kind: 'session', actor: 'guardian', result: 'done' })
    const proof = { by: 'code' as const, at: house.clock.now() }
    return makeSession(tx, house, 'portal', subject, proof, { guardian: true })
  })
}
