import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import { canonical } from '../src/keeper/checkpoint.ts'
import type { EntryBody } from '../src/keeper/requests.ts'
import { entryBody, openLog, privateKeyOf } from './log.ts'

/** base64 of the raw public key. */
function publicKeyOf(key: KeyObject): string {
  return Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')
}

export type Receipt = Record<string, unknown> & { signature: string; public_key: string }

export const receiptKey = privateKeyOf(Buffer.alloc(32, 3))
export const receiptPublicKey = publicKeyOf(receiptKey)

/** The receipt with the signature of a key over its canonical form. */
export function signedReceipt(receipt: Record<string, unknown>, key = receiptKey): Receipt {
  const { signature: _, ...rest } = {
    ...receipt,
    public_key: publicKeyOf(key),
  } as Receipt
  return { ...rest, signature: sign(null, Buffer.from(canonical(rest)), key).toString('base64') } as Receipt
}

/** A receipt over a real log, in which the act shredded slots 301 and 302. */
export async function receiptOf(told: Partial<EntryBody> = {}): Promise<{ receipt: Receipt; vkey: string }> {
  const { log } = await openLog()
  const act = '7f3c0e5a-0000-4000-8000-000000000009'
  await log.append([{ trailSlot: 300, body: entryBody() }])
  const body = entryBody({
    kind: 'shred',
    act,
    actor: 'customer',
    result: 'refused-from-now-on',
    detail: { reason: 'withdrawal', slots: [301, 302] },
    ...told,
  })
  const [index] = await log.append([{ trailSlot: 300, body }])
  const opened = await log.bodyOf(index!)
  const entry = {
    index: index!,
    body: opened.body,
    salt: opened.salt.toString('base64'),
    commitment: opened.commitment.toString('hex'),
  }
  const hashes = log.proof(index!).map(node => node.toString('base64'))
  const receipt = signedReceipt({
    custode_receipt: 1,
    kind: 'withdrawal',
    organisation: { id: 'o-1', name: 'Bottega Rossi' },
    act,
    at: '2026-01-02T03:04:05.006Z',
    compartments: ['contact', 'purchases'],
    slots: [301, 302],
    kept: [{ what: 'trail', slot: 300, until: '2027-01-02', why: 'accountability' }],
    link: 'abc',
    entry,
    proof: { hashes, checkpoint: log.checkpoint(), vkey: log.vkey },
    destruction: { t0: '2026-01-02T03:04:05.006Z', t1: null, epoch: null, custodians: [] },
  })
  return { receipt, vkey: log.vkey }
}
