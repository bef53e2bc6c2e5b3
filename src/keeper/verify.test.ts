import { hash } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { everyStep } from '../../test/every-step.ts'
import {
  countedBytes,
  entryBody,
  filesOf,
  logSigner,
  newFolder,
  openLog,
  privateKeyOf,
} from '../../test/log.ts'
import { batches, chained, type Piece, pieces, rawRecords, rehashed } from '../../test/log-forgery.ts'
import { segmentName } from './log-file.ts'
import { verifyLog } from './verify.ts'

const name = segmentName(0)
/** For the tests that go through a log byte by byte, also on a busy machine. */
const patient = { timeout: 120_000 }

interface Sample {
  segment: Buffer
  vkey: string
  /** The checkpoints over all six entries, and over the first four. */
  newest: string
  middle: string
}

let made: Promise<Sample> | undefined

/** Three batches of two entries each, of two subjects. */
function sample(): Promise<Sample> {
  made ??= makeSample()
  return made
}

async function makeSample(random = countedBytes()): Promise<Sample> {
  const { log, folder } = await openLog({ random, now: () => 1_800_000_000_000 })
  const both = [300, 301].map(trailSlot => ({ trailSlot, body: entryBody() }))
  await log.append(both)
  await log.append(both.map(entry => ({ ...entry, control: { grant: 'g-1' } })))
  const middle = log.checkpoint()
  await log.append(both)
  return { segment: (await filesOf(folder)).get(name)!, vkey: log.vkey, newest: log.checkpoint(), middle }
}

/** The entry in whose record a byte lies; for a checkpoint's record, the one that would follow. */
function entryAt(segment: Buffer, position: number): number {
  let at = 32
  let index = 0
  for (const { bytes, isEntry } of pieces(segment)) {
    at += bytes.length + 32
    if (position < at) return index
    if (isEntry) index += 1
  }
  return index
}

async function folderWith(segment: Buffer, vkey: string): Promise<string> {
  const folder = await newFolder()
  await writeFile(join(folder, 'vkey'), `${vkey}\n`)
  await writeFile(join(folder, name), segment)
  return folder
}

async function verdictOn(segment: Buffer, against: { checkpoint?: string; vkey?: string } = {}) {
  return verifyLog(await folderWith(segment, (await sample()).vkey), against)
}

describe('a log as it was written', () => {
  it('is verified without any secret, also against every checkpoint it ever had', async () => {
    const { segment, vkey, newest, middle } = await sample()
    const expected = { ok: true, size: 6, vkey, torn: 0, checkpoint: newest, root: newest.split('\n')[2] }
    expect(await verdictOn(segment)).toEqual(expected)
    expect(await verdictOn(segment, { vkey, checkpoint: newest })).toEqual(expected)
    expect(await verdictOn(segment, { checkpoint: middle })).toEqual(expected)
  })

  it('is verified while it is being written', async () => {
    const { log, folder } = await openLog({ segmentBytes: 20_000 })
    let writing = true
    const writer = (async () => {
      for (let count = 0; count < 150; count += 1) await log.append([{ trailSlot: 300, body: entryBody() }])
      writing = false
    })()
    let looks = 0
    while (writing) {
      expect(await verifyLog(folder, { checkpoint: log.checkpoint() })).toMatchObject({ ok: true })
      looks += 1
    }
    await writer
    expect(looks).toBeGreaterThan(2)
    expect(await verifyLog(folder)).toMatchObject({ ok: true, size: 150 })
  })
})

describe('a changed byte', () => {
  it('is found wherever it is, and the entry is named', patient, async () => {
    const { segment, vkey } = await sample()
    const folder = await folderWith(segment, vkey)
    for (let position = 0; position < segment.length; position += everyStep ? 1 : 5) {
      const changed = Buffer.from(segment)
      changed[position]! ^= 1 << (position % 8)
      await writeFile(join(folder, name), changed)
      const verdict = await verifyLog(folder)
      const where = `byte ${position} of ${segment.length}`
      expect([where, verdict]).toMatchObject([where, { ok: false, entry: entryAt(segment, position) }])
    }
  })

  it('keeps the log from opening and is left where it is', async () => {
    const { segment, vkey } = await sample()
    const folder = await folderWith(segment, vkey)
    for (let position = 0; position < segment.length; position += 41) {
      const changed = Buffer.from(segment)
      changed[position]! ^= 0x80
      await writeFile(join(folder, name), changed)
      const entry = entryAt(segment, position)
      await expect(openLog({ folder })).rejects.toMatchObject({ name: 'DamagedLog', entry })
      expect((await filesOf(folder)).get(name)).toEqual(changed)
    }
  })

  it('in the verifier key is found', async () => {
    const { segment, vkey } = await sample()
    const folder = await folderWith(segment, vkey)
    for (let position = 0; position < vkey.length; position += 1) {
      const other = String.fromCharCode(vkey.charCodeAt(position) ^ 1)
      await writeFile(join(folder, 'vkey'), `${vkey.slice(0, position)}${other}${vkey.slice(position + 1)}\n`)
      expect(await verifyLog(folder)).toMatchObject({ ok: false, entry: 0 })
    }
  })
})

describe('a cut', () => {
  it(
    'at any byte is found by the checkpoint kept elsewhere, and never passes for more',
    patient,
    async () => {
      const { segment, vkey, newest } = await sample()
      const folder = await folderWith(segment, vkey)
      const ends = batches(segment).map(batch => batch.reduce((sum, { bytes }) => sum + bytes.length + 32, 0))
      const whole = ends.map(
        (_, count) => 32 + ends.slice(0, count + 1).reduce((sum, length) => sum + length, 0),
      )
      for (let length = 0; length < segment.length; length += everyStep ? 1 : 5) {
        await writeFile(join(folder, name), segment.subarray(0, length))
        const size = [0, 2, 4, 6][whole.filter(end => end <= length).length - 1]
        const alone = await verifyLog(folder)
        expect(alone).toMatchObject(size === undefined ? { ok: false, entry: 0 } : { ok: true, size })
        if (length % 5 !== 0 && length < segment.length - 40) continue
        expect(await verifyLog(folder, { checkpoint: newest })).toMatchObject({ ok: false, entry: size ?? 0 })
      }
    },
  )

  it('in a segment that others follow is found without any help', patient, async () => {
    const { log, folder } = await openLog({ segmentBytes: 1 })
    for (let count = 0; count < 3; count += 1) await log.append([{ trailSlot: 300, body: entryBody() }])
    await log.close()
    const files = await filesOf(folder)
    const second = segmentName(1)
    const bytes = files.get(second)!
    for (let length = 0; length < bytes.length; length += 11) {
      await writeFile(join(folder, second), bytes.subarray(0, length))
      expect(await verifyLog(folder)).toMatchObject({ ok: false, entry: 1 + entryAt(bytes, length) })
    }
    await rm(join(folder, second))
    expect(await verifyLog(folder)).toMatchObject({ ok: false, entry: 1 })
  })
})

describe('batches', () => {
  const joined = (parts: Piece[][], vkey: string) => chained(parts.flat(), vkey)

  it('cannot be dropped, swapped, doubled or replayed, even with running hashes made to fit', async () => {
    const { segment, vkey, newest } = await sample()
    const [zero, first, second, third] = batches(segment) as [Piece[], Piece[], Piece[], Piece[]]
    expect(chained([zero, first, second, third].flat(), vkey)).toEqual(segment)
    const forged: [Piece[][], number][] = [
      [[first, second, third], 0],
      [[zero, second, third], 0],
      [[zero, first, third], 2],
      [[zero, second, first, third], 0],
      [[zero, first, first, second, third], 2],
      [[zero, first, second, third, third], 6],
      [[zero, first, second, third, first], 6],
      [[zero, zero, first, second, third], 0],
      [[zero, [first[0]!, first[2]!], second, third], 0],
      [[zero, [first[1]!, first[0]!, first[2]!], second, third], 0],
      [[zero, first, [second[0]!, second[1]!], third], 2],
    ]
    for (const [parts, entry] of forged) {
      expect(await verdictOn(joined(parts, vkey))).toMatchObject({ ok: false, entry })
    }
    const shorter = joined([zero, first, second], vkey)
    expect(await verdictOn(shorter, { checkpoint: newest })).toMatchObject({ ok: false, entry: 4 })
  })

  it('cannot be dropped, swapped or doubled as they lie either', async () => {
    const { segment } = await sample()
    const [zero, first, second, third] = batches(segment).map(batch => batch.length) as [
      number,
      number,
      number,
      number,
    ]
    const all = rawRecords(segment)
    const cut = (from: number, count: number) => all.slice(from, from + count)
    const parts = {
      zero: cut(0, zero),
      first: cut(zero, first),
      second: cut(zero + first, second),
      third: cut(zero + first + second, third),
    }
    const opening = segment.subarray(0, 32)
    for (const order of [
      [parts.zero, parts.second, parts.third],
      [parts.zero, parts.second, parts.first, parts.third],
      [parts.zero, parts.first, parts.first, parts.second, parts.third],
      [parts.zero, parts.first, parts.second, parts.third, parts.third],
    ]) {
      expect(await verdictOn(Buffer.concat([opening, ...order.flat()]))).toMatchObject({ ok: false })
    }
  })

  it('of entries changed and hashed anew fail for want of a signature, and the entry is named', async () => {
    const { segment, vkey } = await sample()
    const [zero, first, second, third] = batches(segment) as [Piece[], Piece[], Piece[], Piece[]]
    const changed = Buffer.from(second[1]!.bytes)
    changed[40]! ^= 1
    const forgery = rehashed(
      [zero, first, [second[0]!, { bytes: changed, isEntry: true }, second[2]!], third],
      vkey,
    )
    expect(await verdictOn(forgery)).toMatchObject({ ok: false, entry: 2 })
    const own = rehashed([zero, first, second, third], vkey, privateKeyOf(Buffer.alloc(32, 2)))
    expect(await verdictOn(own)).toMatchObject({ ok: false, entry: 0 })
    expect(await verdictOn(rehashed([zero, first, second, third], vkey, logSigner))).toMatchObject({
      ok: true,
    })
  })

  it('of a fork, signed with the right key, are found by a checkpoint of the other branch', async () => {
    const { newest, middle, vkey } = await sample()
    let count = 0
    const fork = await makeSample(bytes => {
      count += 1
      return hash('sha256', `fork ${count}`, 'buffer').subarray(0, bytes)
    })
    expect(fork.vkey).toBe(vkey)
    expect(await verdictOn(fork.segment)).toMatchObject({ ok: true, size: 6 })
    expect(await verdictOn(fork.segment, { checkpoint: newest })).toMatchObject({ ok: false })
    expect(await verdictOn(fork.segment, { checkpoint: middle })).toMatchObject({ ok: false })
  })
})

describe('what this version does not know', () => {
  it('is refused rather than misread, though it is hashed and signed', async () => {
    const { segment, vkey } = await sample()
    const parts = batches(segment) as [Piece[], Piece[], Piece[], Piece[]]
    for (const [offset, value] of [
      [0, 2],
      [1, 3],
      [1, 0],
    ] as const) {
      const record = Buffer.from(parts[2][1]!.bytes)
      record[offset] = value
      const changed = [
        parts[0],
        parts[1],
        [parts[2][0]!, { bytes: record, isEntry: true }, parts[2][2]!],
        parts[3],
      ]
      expect(await verdictOn(rehashed(changed, vkey, logSigner))).toMatchObject({ ok: false, entry: 3 })
    }
  })

  it('such as a segment under another name is refused', async () => {
    const { log, folder } = await openLog({ segmentBytes: 1 })
    for (let count = 0; count < 3; count += 1) await log.append([{ trailSlot: 300, body: entryBody() }])
    await log.close()
    await rename(join(folder, segmentName(2)), join(folder, segmentName(3)))
    expect(await verifyLog(folder)).toMatchObject({ ok: false, entry: 2 })
  })
})

describe('another key', () => {
  it('than the pinned one is refused, though its log is whole', async () => {
    const { segment, vkey } = await sample()
    const other = await openLog({ signer: privateKeyOf(Buffer.alloc(32, 2)) })
    expect(await verifyLog(other.folder, { vkey })).toMatchObject({ ok: false, entry: 0 })
    expect(await verdictOn(segment, { checkpoint: other.log.checkpoint() })).toMatchObject({
      ok: false,
      entry: 0,
    })
  })

  it('or none, or a folder without a log, is a verdict and no exception', async () => {
    const folder = await newFolder()
    expect(await verifyLog(folder)).toMatchObject({ ok: false, entry: 0 })
    expect(await verifyLog(join(folder, 'nowhere'))).toMatchObject({ ok: false, entry: 0 })
    await writeFile(join(folder, 'vkey'), 'nothing of the kind')
    expect(await verifyLog(folder)).toMatchObject({ ok: false, entry: 0 })
    await writeFile(join(folder, 'vkey'), (await sample()).vkey)
    expect(await verifyLog(folder)).toMatchObject({ ok: false, entry: 0 })
    await writeFile(join(folder, '7.log'), 'x')
    expect(await verifyLog(folder)).toMatchObject({ ok: false, entry: 0 })
  })
})
