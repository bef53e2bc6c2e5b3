import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { entryBody, logName, type OpenedLog, openLog, privateKeyOf } from '../test/log.ts'
import { bundleOf, newWitness } from '../test/log-bundle.ts'
import { explain, type Failed, type Proven, verifyBundle } from './custode-verify.mjs'

type Bundle = Awaited<ReturnType<typeof bundleOf>>
const [ana, dora] = [300, 310]

/** Adds as many entries to a log, in turn Ana's and Dora's. */
async function grow({ log }: OpenedLog, count: number, act = 'a'): Promise<void> {
  for (let at = 0; at < count; at++) {
    const [trailSlot, subject] = at % 2 === 0 ? [ana, 'K7-4Q'] : [dora, 'D2-9X']
    await log.append([{ trailSlot, body: entryBody({ subject, act: `${act}${at}` }) }])
  }
}

async function newLog(count: number, over: Parameters<typeof openLog>[0] = {}): Promise<OpenedLog> {
  const opened = await openLog(over)
  await grow(opened, count)
  return opened
}

const proven = async (...given: Parameters<typeof verifyBundle>): Promise<Proven> => {
  const verdict = await verifyBundle(...given)
  expect(verdict).toMatchObject({ ok: true })
  return verdict as Proven
}
const failed = async (...given: Parameters<typeof verifyBundle>): Promise<Failed> => {
  const verdict = await verifyBundle(...given)
  expect(verdict).toMatchObject({ ok: false })
  return verdict as Failed
}
/** A bundle with other entries. */
const withEntries = (bundle: Bundle, change: (entries: Bundle['entries']) => Bundle['entries']): Bundle => ({
  ...bundle,
  entries: change([...bundle.entries]),
})

describe('a bundle in order', () => {
  it('proves how many entries, of whom, from when to when, and who read', async () => {
    const { log } = await newLog(9)
    const found = await proven(await bundleOf(log, ana))
    expect(found).toMatchObject({
      ...{ about: 'K7-4Q', log: logName, entries: 5, size: 9, line: 8, headed: true, keyGiven: false },
      ...{ readings: 5, readers: 1, refused: 0, heldSeq: null, heldSize: null, seen: [] },
    })
    expect(Date.parse(found.first)).toBeLessThanOrEqual(Date.parse(found.last))
  })

  it('is one at every size of the log', async () => {
    const opened = await openLog()
    for (let at = 0; at < 20; at++) {
      await grow(opened, 1, `x${at}`)
      expect((await proven(await bundleOf(opened.log, ana))).entries).toBe(at + 1)
    }
  })

  it('continues an earlier head, an earlier file and an earlier checkpoint', async () => {
    const opened = await newLog(9)
    const before = await bundleOf(opened.log, ana)
    await grow(opened, 6, 'b')
    const now = await bundleOf(opened.log, ana, 9)
    expect(await proven(now, { head: before.head })).toMatchObject({ heldSeq: 5, heldSize: null })
    expect(await proven(now, { bundle: before })).toMatchObject({ heldSeq: 5, heldSize: 9 })
    expect(await proven(now, { checkpoint: before.checkpoint })).toMatchObject({ heldSize: 9 })
    expect(await proven(now, { head: now.head, checkpoint: now.checkpoint })).toMatchObject({ heldSize: 15 })
    const unasked = await bundleOf(opened.log, ana)
    expect(await proven(unasked, { bundle: before })).toMatchObject({ heldSeq: 5, heldSize: null })
    expect(await failed(unasked, { checkpoint: before.checkpoint })).toMatchObject({ code: 'unproven' })
  })

  it('says which witnesses saw the log, and which of their keys came from the file', async () => {
    const opened = await newLog(9)
    const [one, two] = [newWitness('one.example', 7), newWitness('two.example', 8)]
    const checkpoint = two.sign(one.sign(opened.log.checkpoint()))
    await grow(opened, 4, 'b')
    const hashes = opened.log.consistency(9, 13).map(hash => hash.toString('base64'))
    const bundle = {
      ...(await bundleOf(opened.log, ana)),
      witnessed: { checkpoint, witnesses: [one.key, two.key], hashes },
    }
    const { seen } = await proven(bundle, { witnesses: [two.key] })
    expect(seen).toMatchObject([
      { name: 'one.example', time: Date.parse('2026-05-01T10:00:00Z'), size: 9, given: false },
      { name: 'two.example', given: true },
    ])
    const three = newWitness('three.example', 9)
    expect(await failed(bundle, { witnesses: [three.key] })).toMatchObject({ code: 'noCosignature' })
    // Another key under the name of a witness.
    expect((await verifyBundle(bundle, { witnesses: [newWitness('one.example', 9).key] })).ok).toBe(false)
    const fetched = three.sign(opened.log.checkpoint())
    expect((await proven(bundle, { checkpoint: fetched, witnesses: [three.key] })).seen).toHaveLength(3)
  })
})

describe('a bundle in which entries are missing, moved or repeated', () => {
  it('names the entry', async () => {
    const { log } = await newLog(12)
    const bundle = await bundleOf(log, ana)
    const told = async (change: (entries: Bundle['entries']) => Bundle['entries']) => {
      const { code, entry, seq } = await failed(withEntries(bundle, change))
      return [code, entry, seq]
    }
    expect(await told(all => all.toSpliced(2, 1))).toEqual(['gap', 6, 3])
    expect(await told(all => all.slice(1))).toEqual(['gap', 2, 1])
    expect(await told(all => all.slice(0, -1))).toEqual(['cut', 10, 6])
    expect(await told(all => all.toSpliced(2, 2, all[3]!, all[2]!))).toEqual(['order', 6, 3])
    expect(await told(all => all.toSpliced(3, 0, all[2]!))).toEqual(['twice', 4, 4])
    expect(await told(all => [...all, all.at(-1)!])).toEqual(['twice', 10, 7])
    expect(await told(() => [])).toEqual(['part', null, null])
    const other = await bundleOf(log, dora)
    expect(await told(all => all.with(2, other.entries[2]!))).toEqual(['previous', 5, 3])
    expect((await failed({ ...bundle, head: other.head })).code).toBe('otherEnd')
  })

  it('is found out when its head is of an earlier time', async () => {
    const opened = await newLog(6)
    const before = await bundleOf(opened.log, ana)
    await grow(opened, 4, 'b')
    const now = await bundleOf(opened.log, ana)
    expect(await failed({ ...now, head: before.head })).toMatchObject({ code: 'beyond', entry: 6, seq: 4 })
  })
})

describe('a log that its own key has signed twice', () => {
  it('is a fork for whoever holds a head, a file or a checkpoint of the other', async () => {
    const one = await newLog(9)
    const two = await openLog()
    await grow(two, 4)
    await grow(two, 9, 'other')
    const held = await bundleOf(one.log, ana)
    const shown = await bundleOf(two.log, ana, 9)
    expect((await verifyBundle(shown)).ok).toBe(true)
    expect(await failed(shown, { head: held.head })).toMatchObject({ code: 'heldFork', seq: 5 })
    // The salts are random: already the first entry is another.
    expect(await failed(shown, { bundle: held })).toMatchObject({ code: 'heldFork', entry: 0, seq: 1 })
    expect(await failed(shown, { checkpoint: held.checkpoint })).toMatchObject({ code: 'fork' })
  })

  it('that was cut is found by a head and by a checkpoint', async () => {
    const { log } = await newLog(9)
    const held = await bundleOf(log, ana)
    const shorter = await bundleOf((await newLog(4)).log, ana)
    expect(await failed(shorter, { head: held.head })).toMatchObject({ code: 'heldLonger', entry: 8, seq: 5 })
    expect(await failed(shorter, { checkpoint: held.checkpoint })).toMatchObject({ code: 'heldLarger' })
    expect((await failed(shorter, { bundle: held })).ok).toBe(false)
  })

  it('does not pass before a witness that saw the other', async () => {
    const one = await newLog(9)
    const two = await newLog(9)
    const { key, sign } = newWitness('one.example', 7)
    const witnessed = { checkpoint: sign(one.log.checkpoint()), witnesses: [key], hashes: [] }
    const bundle = await bundleOf(two.log, ana)
    expect(await failed({ ...bundle, witnessed })).toMatchObject({ code: 'witnessedFork' })
  })

  it('signed by another key is another log', async () => {
    const key = privateKeyOf(Buffer.alloc(32, 2))
    const held = await bundleOf((await newLog(9)).log, ana)
    const forged = await bundleOf((await newLog(9, { signer: key })).log, ana, undefined, key)
    expect((await verifyBundle(forged)).ok).toBe(true)
    expect(await failed(forged, { key: held.vkey })).toMatchObject({ code: 'otherKey' })
    expect(await failed(forged, { head: held.head })).toMatchObject({ code: 'heldHead' })
    expect(await failed(forged, { checkpoint: held.checkpoint })).toMatchObject({ code: 'heldCheckpoint' })
    expect(await failed({ ...forged, head: held.head })).toMatchObject({ code: 'head' })
    expect(await failed({ ...forged, vkey: held.vkey })).toMatchObject({ code: 'checkpoint' })
  })

  it('is not judged by an earlier file that is itself not in order, or of somebody else', async () => {
    const { log } = await newLog(9)
    const [now, others] = [await bundleOf(log, ana), await bundleOf(log, dora)]
    expect(await failed(now, { head: others.head })).toMatchObject({ code: 'heldTrail' })
    const broken = withEntries(now, entries => entries.slice(1))
    expect(await failed(now, { bundle: broken })).toMatchObject({ code: 'heldFile' })
    expect(await failed(now, { bundle: null })).toMatchObject({ code: 'heldFile' })
  })
})

describe('whatever is no bundle', () => {
  it('gets a verdict, not an exception', async () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
    for (const nonsense of [null, 1, 'x', [], {}, { format: 'custode-log-bundle/2' }, deep])
      expect(await failed(nonsense)).toMatchObject({ code: 'format' })
    const bundle = await bundleOf((await newLog(3)).log, ana)
    expect(await failed({ ...bundle, more: 1 })).toMatchObject({ code: 'part', values: { name: 'more' } })
  })
})

describe('the sentences', () => {
  const source = new URL('custode-verify.mjs', import.meta.url)

  it('exist in both languages for everything that can be wrong, and hold all that is to be said', async () => {
    const text = await readFile(source, 'utf8')
    const codes = [...text.matchAll(/(?:Fault|fault)\('(\w+)'/g)].map(found => found[1] ?? '')
    expect(codes.length).toBeGreaterThan(25)
    for (const language of ['en', 'it'] as const) {
      for (const code of codes) {
        const values = { name: 'A', missing: 1, head: 2, entries: 3, held: 4, size: 5, witness: 'w' }
        const { wrong } = explain({ ok: false, code, entry: 7, seq: 2, values }, language)
        expect(wrong).toMatch(language === 'en' ? /^Line 7 / : /^Riga 7 /)
        expect(wrong).not.toMatch(/undefined|[{}]/)
        expect(wrong).not.toContain(`: ${code}`)
      }
    }
  })

  it('say what is proved and what is not', async () => {
    const opened = await newLog(9)
    const held = (await bundleOf(opened.log, ana)).head
    await grow(opened, 3, 'b')
    const bundle = await bundleOf(opened.log, ana)
    const { proved, unproved } = explain(await proven(bundle, { head: held }), 'en')
    expect(proved[0]).toMatch(
      /^7 entries about K7-4Q, from 20.* UTC: none is missing .* \(line 11 of the log\)\.$/,
    )
    expect(proved[2]).toBe('They tell of 7 readings by 1 employee, and of 0 refused attempts.')
    expect(proved[3]).toBe('They begin with the 5 entries held from earlier, unchanged.')
    expect(unproved.join()).toContain('never wrote down')
    expect(unproved.join()).toContain(bundle.vkey)
    const keyed = explain(await proven(bundle, { key: bundle.vkey }), 'it')
    expect(keyed.unproved.join()).not.toContain(bundle.vkey)
    expect(keyed.proved).toHaveLength(3)
  })
})
