import { generateSync } from 'otplib'
import { currentAgeRule } from '../collection/age-rule.ts'
import { applicantBasis, makeApplicant } from '../collection/applicant.ts'
import { requireConsent } from '../collection/consent.ts'
import { currentNotice } from '../collection/notice.ts'
import type { PurposeCode } from '../collection/purpose.ts'
import type { House } from '../core/house.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { keepPurchases, type NewPurchase } from '../crm/purchase.ts'
import { addressToken } from '../identity/address.ts'
import { demoPeople } from '../identity/demo-people.ts'
import type { Language } from '../identity/employee.ts'
import { findSession, makeSession, type Session } from '../identity/session.ts'
import { makeSetupToken } from '../identity/setup.ts'
import { acceptInvitation, type Begun, inviteEmployee } from '../storage/employment.ts'
import { keep } from '../storage/keeping.ts'
import { openCompany } from '../storage/opening.ts'
import { join } from '../use/join.ts'

// The sample company and its three people, made by the same acts as real ones. All of them are invented.

export const company = 'Bottega Aurora'

export interface Colleague {
  name: string
  email: string
  language: Language
  password: string
  totpSecret: string
}

/** How Pia and Ben sign in by hand. Known to everybody, so never to be used outside the sample company and tests. */
export const pia: Colleague = {
  ...{ name: 'Pia Moretti', email: demoPeople.pia.email, language: 'it' },
  ...{ password: 'nine lamps over water', totpSecret: 'PIAAJBSWY3DPEHPK3PXPJBSWY3DPEHPK' },
}
export const ben: Colleague = {
  ...{ name: 'Ben Ferri', email: demoPeople.ben.email, language: 'it' },
  ...{ password: 'seven boats by the pier', totpSecret: 'BENAJBSWY3DPEHPK3PXPJBSWY3DPEHPK' },
}

export interface Joiner {
  name: string
  email: string
  /** E.164, or null for none. */
  phone: string | null
  language: Language
  purposes: readonly PurposeCode[]
}

export const ana: Joiner = {
  ...{ name: 'Ana Conti', email: demoPeople.ana.email, phone: '+393331234567' },
  ...{ language: 'it', purposes: ['service', 'offers'] },
}

const credentials = (house: House, who: { password: string; totpSecret: string }) => ({
  password: who.password,
  totp_secret: who.totpSecret,
  code: generateSync({ secret: who.totpSecret, epoch: Math.floor(house.clock.now().getTime() / 1000) }),
})

/** Opens the company with Pia as its first officer. Throws `already_open` where there is one. */
export async function openSampleCompany(house: House): Promise<Begun> {
  const token = await makeSetupToken(house.database)
  if (token === null) throw new Refusal('already_open')
  const { name, email, language } = pia
  return openCompany(house, {
    token,
    organisation: company,
    name,
    email,
    language,
    ...credentials(house, pia),
  })
}

/** Pia invites Ben, and he accepts. */
export async function hireBen(house: House, by: string): Promise<Begun> {
  const { name, email, language } = ben
  const { invitation } = await inviteEmployee(house, by, { name, email, language, role: 'employee' })
  return acceptInvitation(house, { token: invitation.token, ...credentials(house, ben) })
}

/**
 * Somebody proves an address and joins, as in the portal but for the code: nobody is there to read the mail. Returns
 * the session in which they are signed in.
 */
export async function joinCustomer(house: House, joiner: Joiner): Promise<Session> {
  const applicant = await applicantSession(house, joiner.email)
  const { name, phone, language, purposes } = joiner
  const { session } = await join(house, applicant, {
    name,
    phone,
    language,
    purposes,
    saidAge: (await currentAgeRule(house.database)).least,
    noticeVersion: await currentNotice(house.database),
  })
  return requireSession(house, session.token)
}

async function applicantSession(house: House, email: string): Promise<Session> {
  const address = await addressToken(house, 'applicant-email', email)
  const { token } = await change(house, async (tx, note) => {
    const applicant = await makeApplicant(tx, house, address)
    const at = house.clock.now().toISOString()
    await keep(tx, house, applicantBasis, applicant.id, applicant.id, {
      email: { value: email, source: 'customer', at },
    })
    await note(applicant.id, { kind: 'session', actor: 'applicant', result: 'done' })
    return makeSession(tx, house, 'portal', applicant.id)
  })
  return requireSession(house, token)
}

async function requireSession(house: House, token: string): Promise<Session> {
  const session = await findSession(house.database, house.clock.now(), 'portal', token)
  if (session === null) throw new Refusal('unauthenticated')
  return session
}

/** The till hands over what a customer has bought. */
export async function sell(house: House, customer: string, purchases: readonly NewPurchase[]): Promise<void> {
  await change(house, async (tx, note) => {
    const consent = await requireConsent(tx, customer, 'service')
    await keepPurchases(tx, house, consent, customer, purchases, 'company')
    const detail = { source: 'shop', purchases: purchases.length }
    await note(customer, {
      ...{
        kind: 'import',
        actor: 'system',
        purpose: 'service',
        fields: ['purchase'],
        result: 'done',
        detail,
      },
    })
  })
}

const euro = (amount: number) => ({ amount, currency: 'EUR', exponent: 2 })

/** What Ana has bought: two invoices. */
export const purchasesOfAna: NewPurchase[] = [
  {
    ...{ source: 'shop', invoice: 'A-2026-0117', madeAt: new Date('2026-03-14T10:42:00Z') },
    lines: [
      { code: 'CER-014', description: 'Ciotola in ceramica blu', quantity: 2, unit_price: euro(2450) },
      { code: 'TES-003', description: 'Strofinaccio in lino', quantity: 4, unit_price: euro(890) },
    ],
  },
  {
    ...{ source: 'shop', invoice: 'A-2026-0288', madeAt: new Date('2026-05-09T16:05:00Z') },
    lines: [
      { code: 'LAM-021', description: 'Lampada da tavolo Aurora', quantity: 1, unit_price: euro(12900) },
    ],
  },
]
