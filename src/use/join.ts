import { requireAge } from '../collection/age-rule.ts'
import { type Answers, judgeAnswers } from '../collection/answer.ts'
import { addApplicantErasure, takeApplicant } from '../collection/applicant.ts'
import { type CatalogueField, listCatalogue } from '../collection/catalogue.ts'
import { type Consent, consentDetail, giveConsent } from '../collection/consent.ts'
import { makeCustomer } from '../collection/customer.ts'
import { addGuardianship, type Guardian, guardianBasis } from '../collection/guardianship.ts'
import type { Language } from '../collection/notice.ts'
import { takeUpSignal } from '../collection/privacy-signal.ts'
import type { PurposeCode } from '../collection/purpose.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change, type Note } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { addAddress } from '../identity/address.ts'
import { makeSession, type Session } from '../identity/session.ts'
import { addSlots, type Subject } from '../identity/subject.ts'
import { type Basis, keep } from '../storage/keeping.ts'
import type { Values } from '../storage/record.ts'
import { requireOldEnough } from './old-enough.ts'
import { readOwnEmail } from './portal-session.ts'
import { scheduleReminders } from './reminder.ts'

export interface Joining {
  name: string
  /** E.164, or null for none. */
  phone: string | null
  /** Answers to what else is asked at joining. */
  values?: Answers
  noticeVersion: number
  language: Language
  /** How old they say to be at least. */
  saidAge: number
  purposes: readonly PurposeCode[]
  /** Their browser says that they want no advertising (Global Privacy Control). */
  signal?: boolean
  /** To what it speaks against they agree in spite of it. */
  despiteSignal?: boolean
  /** Who agrees for a child, and until which day. */
  guardian?: Guardian
}

export interface Joined {
  alias: string
  consents: Consent[]
  session: { id: string; token: string; until: Date }
}

/**
 * Turns an applicant who has proved an address into a customer, in one transaction: slots, the consents that cover
 * them, the sealed values, the address, the session and the shredding of the applicant exist together or not at all.
 * Refuses `invalid` when another age is asked for by now, `conflict` when the applicant has joined already or somebody else
 * has the address, `too_young` for a date of birth that says otherwise than they did, and what `giveConsent` refuses.
 */
export async function join(house: House, applicant: Session, joining: Joining): Promise<Joined> {
  return joinBy(house, { subject: applicant.subject, session: applicant.id, proved: null }, joining)
}

/** An applicant, the session in which they join, and else when they had proved their address. */
interface Joiner {
  subject: string
  session: string | null
  proved: Date | null
}

/** The same also by a guardian, in no session yet: then the session that begins is the guardian's. */
export async function joinBy(house: House, applicant: Joiner, joining: Joining): Promise<Joined> {
  const email = await readOwnEmail(house, applicant.subject)
  const actor = joining.guardian === undefined ? 'customer' : 'guardian'
  return change(house, async (tx, note) => {
    const taken = await takeApplicant(tx, applicant.subject)
    if (taken === null) throw new Refusal('conflict', { why: 'joined already' })
    const customer = await makeCustomer(tx, house, 1)
    await note(customer.id, { kind: 'join', actor, result: 'done', detail: { level: 1 } })
    if (joining.signal === true) await takeUpSignal(tx, house, note, customer.id)
    if (joining.guardian !== undefined) await keepGuardian(tx, house, customer, joining.guardian)
    const consents = await giveConsents(tx, house, note, customer.id, joining)
    const proved = applicant.proved?.toISOString() ?? (await provedAt(tx, applicant.session ?? ''))
    const basis = fieldsOf(consents)
    const catalogue = await listCatalogue(tx)
    // For a child no more than a name is asked: the rest can be given afterwards, in their room.
    const more = joining.guardian === undefined ? judgeJoining(house, catalogue, basis, joining) : noMore
    const born = more.answers.birth_date
    if (born !== undefined)
      await requireOldEnough(tx, house, customer.id, {
        held: undefined,
        next: { value: born, source: 'customer', at: house.clock.now().toISOString() },
      })
    await addSlots(tx, house, customer.id, more.compartments)
    await keepProfile(tx, house, basis, customer, { ...joining, ...more, email, proved })
    const kept = ['name', 'email', ...(joining.phone === null ? [] : ['phone']), ...Object.keys(more.answers)]
    const given = catalogue.filter(field => kept.includes(field.code))
    await scheduleReminders(tx, house, customer.id, { changed: given, given })
    await addAddress(tx, 'email', taken.token, {
      ...{ subject: customer.id, compartment: 'contact', slot: customer.slots.contact! },
    })
    const session = await replaceSession(tx, house, applicant.subject, customer, { proved, actor })
    await note(customer.id, { kind: 'session', actor, result: 'done' })
    await addApplicantErasure(tx, applicant.subject)
    return { alias: customer.alias, consents, session }
  })
}

async function giveConsents(
  tx: Tx,
  house: House,
  note: Note,
  customer: string,
  joining: Joining,
): Promise<Consent[]> {
  const consents: Consent[] = []
  const byGuardian = joining.guardian !== undefined
  const evidence = {
    ...{ evidence: 'portal' as const, version: joining.noticeVersion, language: joining.language },
    despiteSignal: joining.despiteSignal ?? false,
    ...(byGuardian ? { byGuardian } : { saidAge: await requireAge(tx, joining.saidAge) }),
  }
  for (const purpose of new Set(joining.purposes)) {
    const consent = await giveConsent(tx, house, customer, purpose, evidence)
    await note(customer, {
      ...{
        kind: 'consent',
        actor: byGuardian ? 'guardian' : 'customer',
        purpose,
        fields: consent.fields,
        result: 'done',
      },
      detail: await consentDetail(tx, consent),
    })
    consents.push(consent)
  }
  return consents
}

/** The guardian's address on the law's own basis, before anybody agrees. */
async function keepGuardian(tx: Tx, house: House, customer: Subject, guardian: Guardian): Promise<void> {
  const row = newId()
  const at = house.clock.now().toISOString()
  await addGuardianship(tx, house, { subject: customer.id, slot: customer.slots.messages!, row })
  await keep(tx, house, guardianBasis, customer.id, row, {
    guardian: { value: guardian, source: 'customer', at, verified: { method: 'link', at, by: 'guardian' } },
  })
}

const noMore: ReturnType<typeof judgeMore> = { answers: {}, compartments: [] }

function judgeJoining(house: House, catalogue: readonly CatalogueField[], basis: Basis, joining: Joining) {
  requirePhone(catalogue, basis, joining.phone)
  return judgeMore(house, catalogue, basis, joining.values ?? {})
}

/** What the given consents name together: a value outside it is refused. */
const fieldsOf = (consents: Consent[]): Basis => ({
  fields: [...new Set(consents.flatMap(consent => consent.fields))],
})

/** Refuses `invalid` for a telephone number that is missing where it is required, or given where nobody asks for one. */
function requirePhone(catalogue: readonly CatalogueField[], basis: Basis, phone: string | null): void {
  const field = catalogue.find(one => one.code === 'phone')
  const isAsked = field?.asked === 'joining' && basis.fields.includes('phone')
  const code = phone === null ? (isAsked && field.required ? 'required' : null) : isAsked ? null : 'not_asked'
  if (code !== null) throw new Refusal('invalid', { fields: [{ field: 'phone', code }] })
}

/** These have places of their own in the form. */
const always = ['name', 'email', 'phone']

/**
 * What else is asked of whoever joins under these agreements. Refuses `invalid` for what is not asked and for what is
 * required and missing.
 */
function judgeMore(
  house: House,
  catalogue: readonly CatalogueField[],
  basis: Basis,
  answers: Answers,
): { answers: Record<string, unknown>; compartments: string[] } {
  const asked = catalogue.filter(
    field => field.asked === 'joining' && !always.includes(field.code) && basis.fields.includes(field.code),
  )
  const nothing = Object.fromEntries(asked.map(field => [field.code, null]))
  const today = house.clock.now().toISOString().slice(0, 10)
  const judged = judgeAnswers({ fields: asked, today }, { ...nothing, ...answers })
  const given = asked.filter(field => judged[field.code] !== null)
  return {
    answers: Object.fromEntries(given.map(({ code }) => [code, judged[code]])),
    compartments: [...new Set(given.map(field => field.compartment))],
  }
}

/** When the applicant showed that the address is theirs: when the code let them in. */
async function provedAt(tx: Tx, session: string): Promise<string> {
  const { made_at } = await tx.one<{ made_at: Date }>('select made_at from session where id = $1', [session])
  return made_at.toISOString()
}

async function keepProfile(
  tx: Tx,
  house: House,
  basis: Basis,
  customer: Subject,
  profile: {
    name: string
    phone: string | null
    answers: Record<string, unknown>
    email: string
    proved: string
  },
): Promise<void> {
  const at = house.clock.now().toISOString()
  const given = { source: 'customer' as const, at }
  const values: Values = {
    name: { value: profile.name, ...given },
    email: { value: profile.email, ...given, verified: { method: 'code', at: profile.proved } },
    ...(profile.phone === null ? {} : { phone: { value: profile.phone, ...given } }),
    ...Object.fromEntries(
      Object.entries(profile.answers).map(([code, value]) => [code, { value, ...given }]),
    ),
  }
  await keep(tx, house, basis, customer.id, customer.id, values)
}

/** What the applicant has shown goes on to count for the customer. */
async function replaceSession(
  tx: Tx,
  house: House,
  applicant: string,
  customer: Subject,
  { proved, actor }: { proved: string; actor: 'customer' | 'guardian' },
) {
  await tx.query('update session set ended_at = $2 where subject = $1 and ended_at is null', [
    applicant,
    house.clock.now(),
  ])
  // A link that was just used is as good as a code.
  const at = actor === 'guardian' ? house.clock.now() : new Date(proved)
  const guardian = actor === 'guardian'
  return makeSession(tx, house, 'portal', customer.id, { by: 'code', at }, { guardian })
}
