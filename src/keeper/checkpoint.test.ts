import { describe, expect, it } from 'vitest'
import { entryBody, openLog, privateKeyOf } from '../../test/log.ts'
import { type Bundle, verifyBundle, verifyEntry } from './checkpoint.ts'
import { commitmentOf } from './entry.ts'

/** The export of subject 300, who has entries 0, 2, 3 and 5 of 6. */
async function exported(signer?: ReturnType<typeof privateKeyOf>): Promise<Bundle & { vkey: string }> {
  const { log } = await openLog(signer === undefined ? {} : { signer })
  for (const trailSlot of [300, 301, 300, 300, 301, 300]) await log.append([{ trailSlot, body: entryBody() }])
  const indices = log.trail(300, undefined, 10)
  const entries = await Promise.all(
    indices.map(async index => {
      const { body, salt, commitment } = await log.bodyOf(index)
      return { index, body, salt: salt.toString('base64'), commitment: commitment.toString('hex') }
    }),
  )
  const proofs = indices.map(index => ({
    index,
    hashes: log.proof(index).map(node => node.toString('base64')),
  }))
  return { entries, proofs: { proofs, checkpoint: log.checkpoint(), vkey: log.vkey }, vkey: log.vkey }
}

function copy(bundle: Bundle): Bundle {
  return structuredClone(bundle)
}

describe('one subject’s export', () => {
  it('is verified with nothing but the public key, whole or from any entry on', async () => {
    const bundle = await exported()
    expect(verifyBundle(bundle)).toEqual({ ok: true, entries: 4, size: 6, firstSeq: 1 })
    expect(verifyBundle(bundle, bundle.vkey)).toMatchObject({ ok: true })
    expect(verifyBundle({ ...bundle, entries: bundle.entries.slice(2) })).toMatchObject({
      ok: true,
      firstSeq: 3,
    })
    expect(verifyBundle({ ...bundle, entries: [] })).toEqual({
      ok: true,
      entries: 0,
      size: 6,
      firstSeq: null,
    })
  })

  it('fails when an entry between others is left out, doubled or moved', async () => {
    const { entries, proofs } = await exported()
    const [a, b, c, d] = entries as [
      Bundle['entries'][0],
      Bundle['entries'][0],
      Bundle['entries'][0],
      Bundle['entries'][0],
    ]
    expect(verifyBundle({ entries: [a, c, d], proofs })).toMatchObject({ ok: false, entry: c.index })
    expect(verifyBundle({ entries: [a, b, b, c, d], proofs })).toMatchObject({ ok: false, entry: b.index })
    expect(verifyBundle({ entries: [b, a, c, d], proofs })).toMatchObject({ ok: false, entry: a.index })
  })

  it('fails, naming the entry, when any character of its body, salt or commitment is changed', async () => {
    const bundle = await exported()
    const { index } = bundle.entries[1]!
    for (const part of ['body', 'salt', 'commitment'] as const) {
      const text = bundle.entries[1]![part]
      for (let at = 0; at < text.length; at += 1) {
        const changed = copy(bundle)
        changed.entries[1]![part] = `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`
        expect(verifyBundle(changed)).toMatchObject({ ok: false, entry: index })
      }
    }
  })

  it('fails when a proof is changed, missing, or that of another entry', async () => {
    const bundle = await exported()
    const [, second, third] = bundle.proofs.proofs
    const changed = copy(bundle)
    changed.proofs.proofs[1]!.hashes[0] = third!.hashes[0]!
    expect(verifyBundle(changed)).toMatchObject({ ok: false, entry: second!.index })
    const missing = copy(bundle)
    missing.proofs.proofs.splice(1, 1)
    expect(verifyBundle(missing)).toMatchObject({ ok: false, entry: second!.index })
    const cut = copy(bundle)
    cut.proofs.proofs[1]!.hashes.pop()
    expect(verifyBundle(cut)).toMatchObject({ ok: false, entry: second!.index })
    const moved = copy(bundle)
    moved.entries[1]!.index = 1
    expect(verifyBundle(moved)).toMatchObject({ ok: false, entry: 1 })
  })

  it('fails under another key than the pinned one, and with a checkpoint that was touched', async () => {
    const bundle = await exported()
    const other = await exported(privateKeyOf(Buffer.alloc(32, 2)))
    expect(verifyBundle(other)).toMatchObject({ ok: true })
    expect(verifyBundle(other, bundle.vkey)).toMatchObject({ ok: false })
    const touched = copy(bundle)
    touched.proofs.checkpoint = touched.proofs.checkpoint.replace('\n6\n', '\n7\n')
    expect(verifyBundle(touched)).toMatchObject({ ok: false })
    const foreign = copy(bundle)
    foreign.proofs.checkpoint = other.proofs.checkpoint
    expect(verifyBundle(foreign)).toMatchObject({ ok: false })
  })

  it('that is no export at all gets a verdict, not an exception', () => {
    for (const nonsense of [
      { entries: [], proofs: {} },
      { entries: [{}], proofs: { proofs: [] } },
    ]) {
      expect(verifyBundle(nonsense as never)).toMatchObject({ ok: false })
    }
  })
})

describe('one entry', () => {
  it('is verified and its body handed out', async () => {
    const { entries, proofs, vkey } = await exported()
    const verdict = verifyEntry(entries[2]!, proofs, vkey)
    expect(verdict).toMatchObject({ ok: true, body: { ...entryBody(), seq: 3 }, checkpoint: { size: 6 } })
  })

  it('with a body that fits a commitment of its own is not in the log', async () => {
    const { entries, proofs } = await exported()
    const entry = { ...entries[2]!, body: entries[2]!.body.replace('st_7', 'st_8') }
    const salt = Buffer.from(entry.salt, 'base64')
    entry.commitment = commitmentOf(salt, Buffer.from(entry.body)).toString('hex')
    expect(verifyEntry(entry, proofs)).toMatchObject({ ok: false, entry: 3 })
  })
})
