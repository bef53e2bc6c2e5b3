import { mkdir, open, rm, rmdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { entryBody, filesOf, logSigner, openLog, privateKeyOf, trailKey } from '../../test/log.ts'
import { batches, rehashed } from '../../test/log-forgery.ts'
import { segmentName } from './log-file.ts'
import { leafHash, verifyConsistency, verifyInclusion } from './merkle.ts'
import { parseVkey, verifyCheckpoint } from './note.ts'
import { KeeperRefusal } from './refusal.ts'

const segment = segmentName(0)
const one = (trailSlot = 300) => ({ trailSlot, body: entryBody() })

async function refusalOf(act: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof act === 'function' ? act() : act)
  } catch (error) {
    if (error instanceof KeeperRefusal) return error.code
    throw error
  }
  return 'none'
}

describe('appending', () => {
  it('answers indices in the order of the calls and leaves a signed checkpoint over all of them', async () => {
    const { log } = await openLog()
    const answers = await Promise.all([log.append([one(), one(301)]), log.append([one()]), log.append([])])
    expect(answers).toEqual([[0, 1], [2], []])
    const checkpoint = verifyCheckpoint(log.checkpoint(), parseVkey(log.vkey)!)
    expect(checkpoint).toMatchObject({ origin: 'custode/test', size: 3 })
    expect(log.size).toBe(3)
  })

  it('takes its places before it returns, whatever else is appended before it is durable', async () => {
    const { log } = await openLog()
    const first = log.append([one()])
    expect([log.next, log.size]).toEqual([1, 0])
    const second = log.append([one()])
    expect([await second, await first]).toEqual([[1], [0]])
  })

  it('begins with the checkpoint of nothing', async () => {
    const { log } = await openLog()
    expect(verifyCheckpoint(log.checkpoint(), parseVkey(log.vkey)!)).toMatchObject({ size: 0 })
  })

  it('puts the calls of one moment into one batch, and those that come during its write into the next', async () => {
    const { log, folder } = await openLog()
    const batches = async () => {
      const notes = (await filesOf(folder))
        .get(segment)!
        .toString('utf8')
        .match(/\n\n— custode\/test /g)
      return notes?.length ?? 0
    }
    const before = await batches()
    await Promise.all(Array.from({ length: 200 }, () => log.append([one()])))
    expect((await batches()) - before).toBe(1)
    await log.append([one()])
    expect((await batches()) - before).toBe(2)
  })

  it('writes all entries of a call or none', async () => {
    const { log } = await openLog({
      trailKey: slot => {
        if (slot === 666) throw new KeeperRefusal('gone')
        return trailKey(slot)
      },
    })
    expect(await refusalOf(log.append([one(), one(666)]))).toBe('gone')
    const wrong = { trailSlot: 300, body: entryBody({ detail: { half: 0.5 } }) }
    expect(await refusalOf(log.append([one(), wrong]))).toBe('malformed')
    expect(await refusalOf(log.append([one(), { trailSlot: -1, body: entryBody() }]))).toBe('malformed')
    expect(await refusalOf(log.append([{ ...one(), control: { name: 'Ana Rossi' } }]))).toBe('malformed')
    expect([log.size, log.next]).toEqual([0, 0])
    expect(await log.append([one()])).toEqual([0])
  })

  it('never lets time run backwards', async () => {
    const times = [5000, 1000, 6000]
    const { log } = await openLog({ now: () => times.shift()! })
    for (let count = 0; count < 3; count += 1) await log.append([one()])
    const bodies = await Promise.all([0, 1, 2].map(index => log.bodyOf(index)))
    const seconds = bodies.map(({ body }) => JSON.parse(body).time)
    expect(seconds).toEqual([
      '1970-01-01T00:00:05.000Z',
      '1970-01-01T00:00:05.000Z',
      '1970-01-01T00:00:06.000Z',
    ])
  })
})

describe('what was appended', () => {
  it('is opened again with its salt, and its commitment is the leaf that the checkpoint proves', async () => {
    const { log } = await openLog()
    await log.append([one(), one(301), one()])
    const { root, size } = verifyCheckpoint(log.checkpoint(), parseVkey(log.vkey)!)!
    for (const index of [0, 1, 2]) {
      const { body, commitment } = await log.bodyOf(index)
      expect(JSON.parse(body)).toMatchObject(entryBody())
      expect(verifyInclusion(leafHash(commitment), index, size, log.proof(index), root)).toBe(true)
    }
  })

  it('is proven in older trees too, which the newer ones extend', async () => {
    const { log } = await openLog()
    const roots: Buffer[] = []
    for (let count = 0; count < 9; count += 1) {
      await log.append([one()])
      roots.push(verifyCheckpoint(log.checkpoint(), parseVkey(log.vkey)!)!.root)
    }
    const { commitment } = await log.bodyOf(2)
    expect(verifyInclusion(leafHash(commitment), 2, 5, log.proof(2, 5), roots[4]!)).toBe(true)
    expect(verifyConsistency(5, 9, roots[4]!, roots[8]!, log.consistency(5))).toBe(true)
  })

  it('is refused as unknown before it is durable, and beyond the end', async () => {
    const { log } = await openLog()
    const written = log.append([one()])
    expect(await refusalOf(() => log.proof(0))).toBe('malformed')
    expect(await refusalOf(log.bodyOf(0))).toBe('malformed')
    expect(log.trail(300, undefined, 10)).toEqual([])
    await written
    expect(log.trail(300, undefined, 10)).toEqual([0])
    expect(await refusalOf(log.bodyOf(1))).toBe('malformed')
    expect(await refusalOf(() => log.proof(0, 2))).toBe('malformed')
    expect(await refusalOf(() => log.consistency(0, 2))).toBe('malformed')
  })

  it('forms a chain for each subject: seq counts from 1 and prev names the entry before', async () => {
    const { log } = await openLog()
    await Promise.all([
      log.append([one(300), one(301)]),
      log.append([one(300)]),
      log.append([one(301), one(300)]),
    ])
    for (const [slot, expected] of [
      [300, [0, 2, 4]],
      [301, [1, 3]],
    ] as const) {
      expect(log.trail(slot, undefined, 10)).toEqual(expected)
      let prev: string | null = null
      for (const [position, index] of expected.entries()) {
        const { body, commitment } = await log.bodyOf(index)
        expect(JSON.parse(body)).toMatchObject({ seq: position + 1, prev })
        prev = commitment.toString('hex')
      }
      expect(log.head(slot)).toMatchObject({ seq: expected.length })
    }
    expect(log.trail(300, 0, 1)).toEqual([2])
    expect(log.trail(300, 4, 10)).toEqual([])
    expect(log.head(999)).toBeNull()
  })

  it('is not handed out when the signed commitment is not that of the body', async () => {
    const { log, folder } = await openLog()
    await log.append([one()])
    await log.close()
    const parts = batches((await filesOf(folder)).get(segment)!)
    parts[1]![0]!.bytes[40]! ^= 1
    await writeFile(join(folder, segment), rehashed(parts, log.vkey, logSigner))
    expect(await refusalOf((await openLog({ folder })).log.bodyOf(0))).toBe('bad_box')
  })

  it('is unreadable once its trail is gone, while the log itself stays whole', async () => {
    let gone = false
    const key = (slot: number) => {
      if (gone) throw new KeeperRefusal('gone')
      return trailKey(slot)
    }
    const { log } = await openLog({ trailKey: key })
    await log.append([one()])
    gone = true
    expect(await refusalOf(log.bodyOf(0))).toBe('gone')
    expect(log.proof(0)).toEqual([])
  })
})

describe('opening again', () => {
  it('replays every entry in order and goes on with index, chain and checkpoint', async () => {
    const { log, folder } = await openLog({ now: () => 7000 })
    await log.append([{ ...one(), control: { shred: { act: 'a-1', slots: [300, 301] } } }, one(301)])
    await log.append([one()])
    const checkpoint = log.checkpoint()
    await log.close()
    const again = await openLog({ folder, known: [{ note: checkpoint, by: 'a place' }] })
    expect(
      again.replayed.map(({ index, trailSlot, seq, time, kind, control }) => [
        index,
        trailSlot,
        seq,
        time,
        kind,
        control,
      ]),
    ).toEqual([
      [0, 300, 1, 7000, 'reading', { shred: { act: 'a-1', slots: [300, 301] } }],
      [1, 301, 1, 7000, 'reading', null],
      [2, 300, 2, 7000, 'reading', null],
    ])
    expect(again.log.checkpoint()).toBe(checkpoint)
    expect(await again.log.append([one()])).toEqual([3])
    expect(JSON.parse((await again.log.bodyOf(3)).body)).toMatchObject({
      seq: 3,
      prev: (await again.log.bodyOf(2)).commitment.toString('hex'),
    })
  })

  it('cuts off a batch that was never acknowledged, wherever the crash cut it, and writes on', async () => {
    const { log, folder } = await openLog()
    await log.append([one()])
    const whole = (await filesOf(folder)).get(segment)!.length
    await log.append([one(), one(301)])
    const bytes = (await filesOf(folder)).get(segment)!
    await log.close()
    for (let length = whole; length < bytes.length; length += 7) {
      await writeFile(join(folder, segment), bytes.subarray(0, length))
      const again = await openLog({ folder })
      expect([again.log.size, again.replayed.length]).toEqual([1, 1])
      expect((await filesOf(folder)).get(segment)!.length).toBe(whole)
      expect(await again.log.append([one(302)])).toEqual([1])
      await again.log.close()
      expect((await openLog({ folder })).log.size).toBe(2)
    }
  })

  it('cuts off a batch whose pages were only partly written', async () => {
    const { log, folder } = await openLog()
    await log.append([one()])
    const whole = (await filesOf(folder)).get(segment)!.length
    await log.append(Array.from({ length: 40 }, () => one()))
    await log.close()
    const handle = await open(join(folder, segment), 'r+')
    await handle.write(Buffer.alloc(4096), 0, 4096, 8192)
    await handle.close()
    const again = await openLog({ folder })
    expect(again.log.size).toBe(1)
    expect((await filesOf(folder)).get(segment)!.length).toBe(whole)
  })

  it('does not take an acknowledged batch for a torn one: neither a wiped page before the last nor a length too great', async () => {
    const { log, folder } = await openLog()
    const ends = [(await filesOf(folder)).get(segment)!.length]
    for (let count = 0; count < 3; count += 1) {
      await log.append(Array.from({ length: 40 }, () => one()))
      ends.push((await filesOf(folder)).get(segment)!.length)
    }
    await log.close()
    const bytes = (await filesOf(folder)).get(segment)!
    const wiped = Buffer.from(bytes)
    const page = Math.ceil(ends[1]! / 4096) * 4096
    expect(page + 4096).toBeLessThan(ends[2]!)
    wiped.fill(0, page, page + 4096)
    const long = Buffer.from(bytes)
    long[ends[2]! + 2] = 1
    for (const [damaged, first] of [
      [wiped, 40],
      [long, 80],
    ] as const) {
      await writeFile(join(folder, segment), damaged)
      const refused = await openLog({ folder }).catch(error => error)
      expect([refused.name, Math.floor(refused.entry / 40) * 40]).toEqual(['DamagedLog', first])
      expect((await filesOf(folder)).get(segment)).toEqual(damaged)
    }
  })

  it('refuses to cut off what a checkpoint kept elsewhere knows of, and leaves the file as it is', async () => {
    const { log, folder } = await openLog()
    await log.append([one()])
    await log.append([one()])
    const known = log.checkpoint()
    await log.close()
    const bytes = (await filesOf(folder)).get(segment)!
    await truncate(join(folder, segment), bytes.length - 3)
    await expect(openLog({ folder, known: [{ note: known, by: 'a place' }] })).rejects.toMatchObject({
      name: 'DamagedLog',
      entry: 1,
    })
    expect((await filesOf(folder)).get(segment)!.length).toBe(bytes.length - 3)
  })

  it('refuses a checkpoint of another log or another signer', async () => {
    const first = await openLog()
    const other = await openLog()
    await first.log.append([one()])
    await other.log.append([one()])
    await other.log.append([one()])
    await first.log.close()
    const { folder } = first
    await expect(
      openLog({ folder, known: [{ note: other.log.checkpoint(), by: 'a place' }] }),
    ).rejects.toMatchObject({
      name: 'DamagedLog',
    })
    const signer = privateKeyOf(Buffer.alloc(32, 2))
    await expect(openLog({ folder, signer })).rejects.toMatchObject({ name: 'DamagedLog', entry: 0 })
    const stranger = await openLog({ signer })
    await expect(
      openLog({ folder, known: [{ note: stranger.log.checkpoint(), by: 'a place' }] }),
    ).rejects.toMatchObject({ entry: 0 })
  })

  it('begins anew where the very first write was torn', async () => {
    const { log, folder } = await openLog()
    await log.close()
    const bytes = (await filesOf(folder)).get(segment)!
    for (const length of [0, 10, 32, 40, bytes.length - 1]) {
      await writeFile(join(folder, segment), bytes.subarray(0, length))
      const again = await openLog({ folder })
      expect(await again.log.append([one()])).toEqual([0])
      await again.log.close()
      expect((await openLog({ folder })).log.size).toBe(1)
    }
  })

  it('reads a log of many segments, and finds a missing one', async () => {
    const { log, folder } = await openLog({ segmentBytes: 2000 })
    for (let count = 0; count < 12; count += 1) await log.append([one()])
    await log.close()
    const names = [...(await filesOf(folder)).keys()].filter(name => name.endsWith('.log'))
    expect(names.length).toBeGreaterThan(3)
    const again = await openLog({ folder, segmentBytes: 2000 })
    expect(again.log.size).toBe(12)
    for (let index = 0; index < 12; index += 1) await again.log.bodyOf(index)
    await again.log.close()
    await rm(join(folder, names[1]!))
    const first = Number(names[1]!.slice(0, -4))
    await expect(openLog({ folder })).rejects.toMatchObject({ name: 'DamagedLog', entry: first })
  })
})

describe('a write that fails', () => {
  it('halts: nothing more is acknowledged, and what was acknowledged is still there', async () => {
    const { log, fatal, folder } = await openLog({ segmentBytes: 1 })
    expect(await log.append([one(), one()])).toEqual([0, 1])
    // The name of the next segment is taken, so that it cannot be made.
    await mkdir(join(folder, segmentName(2)))
    const written = [log.append([one()]), log.append([one()])]
    // The write is under way in the next turn: what comes now waits for a batch that will never be written.
    await new Promise(turn => setImmediate(turn))
    written.push(log.append([one()]))
    expect(await Promise.all(written.map(refusalOf))).toEqual(['unavailable', 'unavailable', 'unavailable'])
    expect(fatal).toHaveLength(1)
    expect(await refusalOf(log.append([one()]))).toBe('unavailable')
    expect([log.size, fatal.length]).toEqual([2, 1])
    await log.bodyOf(1)
    await log.close()
    await rmdir(join(folder, segmentName(2)))
    const again = await openLog({ folder })
    expect(again.log.size).toBe(2)
    expect(await again.log.append([one()])).toEqual([2])
  })
})
