import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { entryBody, openLog } from '../../test/log.ts'
import { mostRecords } from './log-records.ts'
import { organisationTrail } from './reserved.ts'

describe('the plain part of entries', () => {
  it('is what was written, over segments, long entries and any page', async () => {
    const { log } = await openLog({ segmentBytes: 20_000 })
    for (let round = 0; round < 40; round++) {
      const control = { numbers: Array.from({ length: round % 20 === 0 ? 80_000 : 1 }, (_, at) => at) }
      await log.append(
        [1, 2, 3].map(slot => ({
          ...{ trailSlot: slot, control },
          body: entryBody({ kind: `k${round}.${slot}` }),
        })),
      )
    }
    expect(log.segments().length).toBeGreaterThan(5)
    const all = await log.records(0, 1000)
    expect(all.map(({ index, trailSlot, seq, kind }) => ({ index, trailSlot, seq, kind }))).toEqual(
      Array.from({ length: 120 }, (_, index) => ({
        ...{ index, trailSlot: (index % 3) + 1, seq: Math.floor(index / 3) + 1 },
        kind: `k${Math.floor(index / 3)}.${(index % 3) + 1}`,
      })),
    )
    const { commitment } = await log.bodyOf(77)
    expect(all[77]?.commitment).toEqual(commitment)
    for (const [from, count] of [
      [0, 1],
      [5, 60],
      [119, 2],
      [120, 5],
      [9999, 5],
    ] as const)
      expect(await log.records(from, count)).toEqual(all.slice(from, from + count))
  })

  it('is not told of an entry that was changed on the disk meanwhile', async () => {
    const { log, folder } = await openLog()
    await log.append([{ trailSlot: 1, body: entryBody() }])
    const path = join(folder, '0000000000000000.log')
    const bytes = await readFile(path)
    // Every byte 0xff: no length and no index fits.
    await writeFile(path, bytes.fill(0xff))
    await expect(log.records(0, 1)).rejects.toThrow('changed after it was opened')
  })
})

describe('over the socket', () => {
  let keeper: KeeperProcess
  beforeAll(async () => {
    keeper = await startKeeper()
  })
  afterAll(() => keeper.stop())

  it('holds numbers, a kind and a hash, and nothing of the body', async () => {
    const { size: before } = await keeper.client.status()
    const secret = 'marker-4711'
    const body = { ...entryBody({ kind: 'test', detail: { secret } }), act: randomUUID() }
    await keeper.client.append([
      {
        id: randomUUID(),
        number: 0,
        trailSlot: organisationTrail,
        body: { ...body, subject: 'organisation' },
      },
    ])
    const { records, size } = await keeper.client.records(before, mostRecords)
    expect(size).toBe(before + 1)
    expect(records).toEqual([
      {
        ...{ index: before, trailSlot: organisationTrail, seq: expect.any(Number), kind: 'test' },
        ...{ time: expect.any(Number), commitment: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ])
    expect(JSON.stringify(records)).not.toContain(secret)
  })

  it('comes in pages of a bounded length', async () => {
    const refused = expect.objectContaining({ code: 'malformed' })
    for (const [from, count] of [
      [-1, 1],
      [0, 0],
      [0, mostRecords + 1],
      [0.5, 1],
    ] as const)
      await expect(keeper.client.records(from, count)).rejects.toEqual(refused)
    const { size } = await keeper.client.status()
    expect(await keeper.client.records(1_000_000, 5)).toEqual({ records: [], size })
  })
})
