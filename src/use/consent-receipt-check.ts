import * as z from 'zod'
import { type CommittedBody, verifyEntry } from '../keeper/checkpoint.ts'
import { checkSignature, type SignedBy, signatureSchema } from './consent-signature-check.ts'

const text = z.string().min(1)
const proven = z.object({
  entry: z.object({ index: z.int().min(0), body: text, salt: text, commitment: text }),
  hashes: z.array(z.string()),
})

/** What of a consent receipt is checked: the rest is the same said in the words of W3C DPV. */
export const consentReceiptSchema = z.looseObject({
  '@type': z.literal('dpv:ConsentReceipt'),
  'dct:identifier': text,
  'dpv:hasRecordOfActivity': z.looseObject({
    'dct:identifier': text,
    'dpv:hasDataSubject': z.looseObject({ 'dct:identifier': text }),
    'dpv:hasNotice': z
      .looseObject({ 'dct:hasVersion': z.int(), 'dct:language': text, 'custode:sha256': text })
      .nullable(),
    'dpv:hasProcess': z.looseObject({ 'custode:purpose': text, 'dpv:hasPersonalData': z.array(text) }),
    'dpv:hasConsentStatus': z.enum(['dpv:ConsentGiven', 'dpv:ConsentWithdrawn']),
    'dpv:isIndicatedBy': z.enum(['dpv:DataSubject', 'dpv:GuardianOfDataSubject']).optional(),
    'custode:signedBy': z.enum(['passkey', 'server']).optional(),
  }),
  'custode:proof': z.looseObject({
    given: proven.nullable(),
    ended: proven.nullable(),
    checkpoint: text,
    vkey: text,
    signature: signatureSchema.extend({ passkey: proven.nullable() }).nullish(),
  }),
})
type ConsentReceipt = z.infer<typeof consentReceiptSchema>

export type ConsentVerdict =
  | {
      ok: true
      consent: string
      purpose: string
      fields: string[]
      /** RFC 3339 UTC, as the log says them. */
      given: string
      ended: string | null
      index: number
      vkey: string
      signed: SignedBy
    }
  | { ok: false; what: string }

/**
 * Checks the receipt of an agreement offline: its entries stand in the signed log, are of this customer and this agreement,
 * and say what the receipt says of purpose, fields and notice, and that it was taken back if it says so; where a passkey signed
 * it, that it signed this very statement, and was added to this customer's account before. That it was *not*
 * taken back since no receipt can show. Never throws for what it is given.
 */
export function checkConsentReceipt(given: unknown, vkey?: string): ConsentVerdict {
  const parsed = consentReceiptSchema.safeParse(given)
  if (!parsed.success) return no('this is not a receipt of an agreement')
  const receipt = parsed.data
  const { 'custode:proof': proof, 'dpv:hasRecordOfActivity': record } = receipt
  if (proof.given === null)
    return no('it was brought by an import, whose proof the company holds: nothing stands in the log')
  const begun = bodyOf(receipt, proof.given, vkey)
  if ('what' in begun) return no(begun.what)
  const fault = faultOf(receipt, begun)
  if (fault !== null) return no(fault)
  const signed = signedBy(receipt, begun, vkey)
  if ('what' in signed) return no(signed.what)
  const ended = proof.ended === null ? null : bodyOf(receipt, proof.ended, vkey)
  if (ended !== null && 'what' in ended) return no(ended.what)
  if ((ended === null) !== (record['dpv:hasConsentStatus'] === 'dpv:ConsentGiven'))
    return no('whether it was taken back is not what its log entries say')
  if (ended !== null && !endsIt(receipt, begun, ended))
    return no('the entry of its end is about another agreement')
  return {
    ...{
      ok: true,
      consent: receipt['dct:identifier'],
      purpose: begun.purpose ?? '',
      fields: begun.fields ?? [],
    },
    ...{ given: begun.time, ended: ended?.time ?? null, index: proof.given.entry.index, vkey: proof.vkey },
    signed,
  }
}

/** Who signed: what the log says of it, and the receipt must bear out. */
function signedBy(
  receipt: ConsentReceipt,
  begun: CommittedBody,
  vkey: string | undefined,
): SignedBy | { what: string } {
  const signature = receipt['custode:proof'].signature ?? null
  const says = receipt['dpv:hasRecordOfActivity']['custode:signedBy'] ?? 'server'
  const isSigned = begun.detail?.signed === 'passkey'
  if (isSigned !== (says === 'passkey') || isSigned !== (signature !== null))
    return { what: 'whether a passkey signed it is not what its log entry says' }
  if (signature === null) return { by: 'server', declined: begun.detail?.signed === 'declined' }
  if (signature.passkey === null) return { what: 'no log entry shows whose passkey signed it' }
  const added = bodyOf(receipt, signature.passkey, vkey)
  return 'what' in added ? added : checkSignature(signature, begun, added)
}

const no = (what: string): ConsentVerdict => ({ ok: false, what })

function bodyOf(
  { 'custode:proof': { checkpoint, vkey } }: ConsentReceipt,
  { entry, hashes }: z.infer<typeof proven>,
  known: string | undefined,
): CommittedBody | { what: string } {
  const proofs = { proofs: [{ index: entry.index, hashes }], checkpoint, vkey }
  const verdict = verifyEntry(entry, proofs, known)
  return verdict.ok ? verdict.body : { what: `its log entry: ${verdict.what}` }
}

function faultOf(receipt: ConsentReceipt, body: CommittedBody): string | null {
  const record = receipt['dpv:hasRecordOfActivity']
  const process = record['dpv:hasProcess']
  const notice = record['dpv:hasNotice']
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
  if (body.kind !== 'consent' && body.kind !== 'consent.renewal') return 'its log entry is no agreement'
  if (
    body.detail?.consent !== receipt['dct:identifier'] ||
    record['dct:identifier'] !== receipt['dct:identifier']
  )
    return 'its log entry is about another agreement'
  if (body.subject !== record['dpv:hasDataSubject']['dct:identifier'])
    return 'its log entry is about somebody else'
  if (body.purpose !== process['custode:purpose']) return 'its log entry names another purpose'
  if (!same([...(body.fields ?? [])].sort(), [...process['dpv:hasPersonalData']].sort()))
    return 'its log entry names other fields'
  const byGuardian = record['dpv:isIndicatedBy'] === 'dpv:GuardianOfDataSubject'
  if (byGuardian !== (body.detail?.given_by === 'guardian'))
    return 'its log entry says that somebody else agreed'
  const shown =
    notice === null ? [] : [notice['dct:hasVersion'], notice['dct:language'], notice['custode:sha256']]
  const { notice: version, language, sha256 } = body.detail ?? {}
  const said = [version, language, sha256].filter(part => part !== undefined)
  return same(said, shown) ? null : 'its log entry names another notice'
}

function endsIt(receipt: ConsentReceipt, begun: CommittedBody, ended: CommittedBody): boolean {
  const id = receipt['dct:identifier']
  if (ended.subject !== begun.subject || ended.seq <= begun.seq) return false
  if (ended.kind === 'consent.withdrawal') return ended.detail?.consent === id
  return ended.kind === 'consent.renewal' && ended.detail?.renews === id
}
