import { describe, expect, it } from 'vitest'
import { logName, logSigner, privateKeyOf } from '../../test/log.ts'
import { receiptOf, receiptPublicKey, signedReceipt } from '../../test/receipt.ts'
import { signHead } from '../keeper/head.ts'
import { signerOf } from '../keeper/note.ts'
import { checkReceipt } from './receipt-check.ts'

describe('a receipt', () => {
  it('is genuine as it was signed, also after it was stored with other spacing and order', async () => {
    const { receipt, vkey } = await receiptOf()
    expect(checkReceipt(receipt)).toMatchObject({
      ok: true,
      slots: [301, 302],
      index: 1,
      key: receiptPublicKey,
      vkey,
    })
    const reordered = Object.fromEntries(Object.entries(receipt).reverse())
    expect(
      checkReceipt(JSON.parse(JSON.stringify(reordered, null, 4)), { vkey, receiptKey: receiptPublicKey }).ok,
    ).toBe(true)
  })

  it('fails when anything in it is changed, left out or added', async () => {
    const { receipt } = await receiptOf()
    for (const key of Object.keys(receipt)) {
      const { [key]: _, ...rest } = receipt
      expect(checkReceipt(rest).ok).toBe(false)
      expect(checkReceipt({ ...receipt, [key]: 'other' }).ok).toBe(false)
    }
    expect(checkReceipt({ ...receipt, slots: [301] }).ok).toBe(false)
    expect(checkReceipt({ ...receipt, more: 1 }).ok).toBe(false)
  })

  it('fails, though the company signed it, when its entry is about another act or other slots, or is not in the log', async () => {
    const { receipt } = await receiptOf()
    const entry = receipt.entry as { body: string; index: number }
    expect(checkReceipt(signedReceipt({ ...receipt, act: 'another' }))).toEqual({
      ok: false,
      what: 'its log entry is about another act',
    })
    for (const slots of [[301], [301, 302, 303], [301, 303], []]) {
      expect(checkReceipt(signedReceipt({ ...receipt, slots }))).toEqual({
        ok: false,
        what: 'its log entry names other slots',
      })
    }
    const forged = { ...entry, body: entry.body.replace('302', '303') }
    expect(checkReceipt(signedReceipt({ ...receipt, entry: forged })).ok).toBe(false)
    expect(checkReceipt(signedReceipt({ ...receipt, entry: { ...entry, index: 0 } })).ok).toBe(false)
  })

  it('fails when its entry is one that the server may write, however well it fits', async () => {
    const { receipt } = await receiptOf({ kind: 'withdrawal', result: 'intended' })
    expect(checkReceipt(receipt)).toEqual({
      ok: false,
      what: 'its log entry is not the beginning of an erasure',
    })
  })

  it('fails under another receipt key or log key than the known ones', async () => {
    const { receipt, vkey } = await receiptOf()
    const stranger = signedReceipt(receipt, privateKeyOf(Buffer.alloc(32, 4)))
    expect(checkReceipt(stranger).ok).toBe(true)
    expect(checkReceipt(stranger, { receiptKey: receiptPublicKey }).ok).toBe(false)
    expect(checkReceipt(receipt, { vkey: vkey.replace('custode', 'another') }).ok).toBe(false)
  })

  it('may say how far its trail goes: then the log has signed it, and not of a time before the erasure', async () => {
    const { receipt } = await receiptOf()
    const { index, commitment } = receipt.entry as { index: number; commitment: string }
    const right = { log: logName, trailSlot: 300, seq: 2, commitment, index }
    const checked = (over: Partial<typeof right>, key = logSigner) =>
      checkReceipt(
        signedReceipt({ ...receipt, head: signHead({ ...right, ...over }, signerOf(logName, key)) }),
      )
    expect(checked({}).ok).toBe(true)
    const other = 'ab'.repeat(32)
    expect(checked({ seq: 5, index: 9, commitment: other }).ok).toBe(true)
    const wrong = [
      ...[{ seq: 1, index: 0, commitment: other }, { commitment: other }, { seq: 3 }, { index: 3 }],
      ...[{ trailSlot: 301 }, { log: 'custode/other' }],
    ]
    for (const over of wrong) expect(checked(over)).toMatchObject({ what: 'its trail’s head does not fit' })
    expect(checked({}, privateKeyOf(Buffer.alloc(32, 4))).ok).toBe(false)
    expect(checkReceipt(signedReceipt({ ...receipt, head: 'x' })).ok).toBe(false)
  })

  it('that is none gets a verdict, not an exception', () => {
    for (const nonsense of [null, 1, 'x', [], {}]) expect(checkReceipt(nonsense).ok).toBe(false)
  })
})
