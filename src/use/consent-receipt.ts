import { createHash } from 'node:crypto'
import { sealedCompartments } from '../collection/catalogue.ts'
import { type Consent, getConsent } from '../collection/consent.ts'
import { type ConsentSignature, findSignature } from '../collection/consent-statement.ts'
import { compartmentsOfAny } from '../collection/field.ts'
import { noticeHash } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import type { Session } from '../identity/session.ts'
import type { EntryBody, TrailEntry } from '../keeper/client.ts'
import { portalGrant } from './portal-grant.ts'
import { readTrail } from './trail.ts'

/** An entry of the customer's log and that it stands there. */
export interface ProvenEntry {
  entry: TrailEntry
  hashes: string[]
}

/** Who says what in the words of W3C DPV 2, and where the words come from. */
const context = {
  dpv: 'https://w3id.org/dpv#',
  'eu-gdpr': 'https://w3id.org/dpv/legal/eu/gdpr#',
  dct: 'http://purl.org/dc/terms/',
  schema: 'https://schema.org/',
  custode: 'urn:custode:',
}
const profile = 'https://w3id.org/dpv/schema/dpv-27560#'

/** What each purpose is in DPV's taxonomy of purposes. */
const purposes: Readonly<Record<string, string>> = {
  service: 'dpv:ServiceProvision',
  offers: 'dpv:PersonalisedAdvertising',
  payment: 'dpv:PaymentManagement',
  care: 'dpv:ServicePersonalisation',
}

/**
 * The customer's own copy of an agreement: ISO/IEC TS 27560:2023 in W3C DPV as JSON-LD, with the entries of their log in
 * which it was given and, where it was, taken back, each proven to stand in the log. Who agreed, to which
 * purpose, over which fields and to which words stands in these entries as well, so `custode receipt verify` needs nobody's
 * word for it; where a passkey has signed it, so does what it signed, with the entry in which that passkey was added. The rest is the same in the words of the standard, and what the company calls itself. Making one reads the customer's log, which is
 * entered there. Refuses `not_found` for somebody else's.
 */
export async function consentReceipt(house: House, session: Session, id: string) {
  const consent = await getConsent(house.database, session.subject, id)
  const key = await portalGrant(house, session)
  const entries = await readTrail(house, key, session.trail)
  // None for what an import brought: the entry is then the import's, which names no agreement.
  const given = entryOf(entries, ['consent', 'consent.renewal'], id)
  const ended =
    entryOf(entries, ['consent.withdrawal'], id) ?? entryOf(entries, ['consent.renewal'], id, 'renews')
  const signed = consent.signature === 'passkey' ? await findSignature(house.database, id) : null
  const added = signed === null ? null : passkeyEntry(entries, signed)
  const indices = [given, ended, added].flatMap(entry => (entry === null ? [] : [entry.index]))
  const { proofs, checkpoint, vkey } = await house.keeper.proof(indices)
  const proven = (entry: TrailEntry): ProvenEntry => ({
    entry,
    hashes: proofs.find(proof => proof.index === entry.index)?.hashes ?? [],
  })
  return {
    ...(await inDpv(house, session, consent)),
    'custode:proof': {
      ...{
        given: given === null ? null : proven(given),
        ended: ended === null ? null : proven(ended),
        checkpoint,
        vkey,
      },
      signature: signed === null ? null : { ...signed, passkey: added === null ? null : proven(added) },
      slots: await slotsOf(house, session, consent),
    },
  }
}

function entryOf(
  entries: readonly TrailEntry[],
  kinds: string[],
  id: string,
  as = 'consent',
): TrailEntry | null {
  const found = entries.find(({ body }) => {
    const { kind, detail } = JSON.parse(body) as EntryBody
    return kinds.includes(kind) && detail?.[as] === id
  })
  return found ?? null
}

/** The entry in which the passkey that signed was added to this customer's account. */
function passkeyEntry(entries: readonly TrailEntry[], { publicKey }: ConsentSignature): TrailEntry | null {
  const key = createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex')
  const found = entries.find(({ body }) => {
    const { kind, detail } = JSON.parse(body) as EntryBody
    return kind === 'passkey' && detail?.key === key
  })
  return found ?? null
}

/** Under which numbers the keeper keeps what was agreed to: a destruction names them, so the customer can join the two. */
async function slotsOf(house: House, session: Session, consent: Consent): Promise<Record<string, number>> {
  const compartments = [...(await compartmentsOfAny(house.database, consent.fields)).values()]
  const rows = await house.database.query<{ compartment: string; number: number }>(
    'select compartment, number from slot where subject = $1 and compartment = any ($2) order by 1',
    [session.subject, compartments],
  )
  return Object.fromEntries(rows.map(row => [row.compartment, row.number]))
}

async function inDpv(house: House, session: Session, consent: Consent) {
  const { id, purpose, fields, notice_version: version, language } = consent
  const organisation = await requireOrganisation(house.database)
  const explicit = Object.values(sealedCompartments).some(one => one === purpose) && purpose === 'care'
  const controller = { '@type': 'dpv:DataController', 'schema:name': organisation.name }
  const ended = consent.withdrawn_at?.toISOString() ?? null
  return {
    '@context': context,
    '@type': 'dpv:ConsentReceipt',
    '@id': `urn:uuid:${id}`,
    'dct:identifier': id,
    'dct:conformsTo': `${profile}receipt-eu-gdpr`,
    'dct:created': house.clock.now().toISOString(),
    'dct:publisher': controller,
    'schema:recipient': 'dpv:DataSubject',
    'dpv:hasRecordOfActivity': {
      '@type': 'dpv:ConsentRecord',
      'dct:identifier': id,
      'dct:conformsTo': `${profile}record-eu-gdpr`,
      'dpv:hasDataSubject': { '@type': 'dpv:Customer', 'dct:identifier': session.alias },
      'dpv:hasDataController': controller,
      'dpv:hasApplicableLaw': 'eu-gdpr:GDPR',
      'dpv:hasLegalBasis': explicit ? 'eu-gdpr:A9-2-a' : 'eu-gdpr:A6-1-a',
      'dpv:hasNotice':
        version === null || language === null
          ? null
          : {
              '@type': 'dpv:ConsentNotice',
              'dct:hasVersion': version,
              'dct:language': language,
              'custode:sha256': await noticeHash(house.database, version, language),
            },
      'dpv:hasProcess': {
        '@type': 'dpv:Process',
        'dpv:hasPurpose': purposes[purpose] ?? 'dpv:Purpose',
        'custode:purpose': purpose,
        'dpv:hasPersonalData': [...fields],
        'dpv:hasDataSource': consent.evidence === 'import' ? 'custode:import' : 'dpv:DataSubject',
        'dpv:hasStorageCondition': {
          '@type': 'dpv:StorageDuration',
          'dct:description': 'at the longest until this agreement is taken back or the customer leaves',
        },
        'dpv:hasRight': [
          'eu-gdpr:A7-3',
          'eu-gdpr:A15',
          'eu-gdpr:A16',
          'eu-gdpr:A17',
          'eu-gdpr:A20',
          'eu-gdpr:A77',
        ],
      },
      'dpv:hasConsentStatus': ended === null ? 'dpv:ConsentGiven' : 'dpv:ConsentWithdrawn',
      'dct:issued': consent.given_at.toISOString(),
      'custode:ended': ended,
      'custode:renews': consent.renews,
      'custode:saidAtLeastYears': consent.said_age,
      // A child's consent by whoever holds parental responsibility (GDPR 8), in DPV's words.
      'dpv:isIndicatedBy': consent.given_by === 'guardian' ? 'dpv:GuardianOfDataSubject' : 'dpv:DataSubject',
      'custode:signedBy': consent.signature === 'passkey' ? 'passkey' : 'server',
      'custode:passkeyDeclined': consent.signature === 'declined',
      'custode:despiteSignal': consent.despite_signal ? 'Sec-GPC' : null,
    },
  }
}
