import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { type Bench, kinds, makeBench } from '../../test/custodians.ts'
import { KeeperRefusal } from '../keeper/client.ts'
import type { Custodian, Kept } from '../keeper/custodian.ts'

const aad = Buffer.from('custode book key of this organisation')
const started: Bench[] = []
afterEach(async () => {
  for (const bench of started.splice(0)) await bench.end()
})

const codeOf = (error: unknown) => (error instanceof KeeperRefusal ? error.code : String(error))
const refusalOf = (act: Promise<unknown>) => act.then(() => 'nothing was refused', codeOf)

async function wrapped(custodian: Custodian, epoch: number) {
  const key = randomBytes(32)
  return { key, blob: await custodian.wrap(epoch, Buffer.from(key), aad) }
}

describe.each(kinds)('the custodian %s', kind => {
  const claim = (name: string, act: (bench: Bench) => Promise<void>) =>
    test(name, async context => {
      const bench = await makeBench(kind)
      if ('reason' in bench) return context.skip(bench.reason)
      started.push(bench)
      await act(bench)
    })

  claim('has no epoch and no checkpoint at first', async ({ custodian }) => {
    expect(await custodian.list()).toEqual([])
    expect(await custodian.readNewest()).toBeNull()
    expect(await refusalOf(custodian.wrap(1, randomBytes(32), aad))).toBe('gone')
    expect(await refusalOf(custodian.unwrap(1, randomBytes(61), aad))).not.toBe('nothing was refused')
  })

  claim('opens what it wrapped, never twice alike, and only with the same purpose', async ({ custodian }) => {
    await custodian.createEpoch(1)
    const { key, blob } = await wrapped(custodian, 1)
    expect(await custodian.unwrap(1, blob, aad)).toEqual(key)
    expect(blob.includes(key)).toBe(false)
    expect(await custodian.wrap(1, Buffer.from(key), aad)).not.toEqual(blob)
    expect(await refusalOf(custodian.unwrap(1, blob, Buffer.from('another')))).toBe('unavailable')
    const broken = Buffer.from(blob)
    broken[broken.length - 5]! ^= 1
    expect(await refusalOf(custodian.unwrap(1, broken, aad))).toMatch(/^(unavailable|gone)$/)
  })

  claim('destroys an epoch and leaves the other one', async ({ custodian, ends }) => {
    await custodian.createEpoch(1)
    const old = await wrapped(custodian, 1)
    await custodian.createEpoch(2)
    const current = await wrapped(custodian, 2)
    expect(await custodian.list()).toEqual([1, 2])
    expect(await custodian.unwrap(1, old.blob, aad)).toEqual(old.key)
    expect(await refusalOf(custodian.unwrap(2, old.blob, aad))).not.toBe('nothing was refused')

    const told = await custodian.destroy(1)
    expect(told).toMatchObject(ends)
    expect(new Date(told.at).toISOString()).toBe(told.at)
    expect(await custodian.list()).toEqual([2])
    expect(await refusalOf(custodian.unwrap(1, old.blob, aad))).toBe('gone')
    expect(await refusalOf(custodian.wrap(1, randomBytes(32), aad))).toBe('gone')
    expect(await custodian.unwrap(2, current.blob, aad)).toEqual(current.key)
  })

  claim('finds nothing wrong in destroying what is gone', async ({ custodian }) => {
    await custodian.createEpoch(1)
    await custodian.createEpoch(2)
    await custodian.destroy(1)
    await custodian.destroy(1)
    await custodian.destroy(7)
    expect(await custodian.list()).toEqual([2])
  })

  claim('destroys the last epoch too', async ({ custodian }) => {
    await custodian.createEpoch(5)
    const { blob } = await wrapped(custodian, 5)
    await custodian.destroy(5)
    expect(await custodian.list()).toEqual([])
    expect(await refusalOf(custodian.unwrap(5, blob, aad))).toBe('gone')
    await custodian.createEpoch(6)
    const next = await wrapped(custodian, 6)
    expect(await custodian.unwrap(6, next.blob, aad)).toEqual(next.key)
  })

  claim('begins an epoch anew that never came into use', async ({ custodian, ends }) => {
    await custodian.createEpoch(1)
    const current = await wrapped(custodian, 1)
    await custodian.createEpoch(2)
    const never = await wrapped(custodian, 2)
    await custodian.createEpoch(2)
    const used = await wrapped(custodian, 2)
    expect(await refusalOf(custodian.unwrap(2, never.blob, aad))).not.toBe('nothing was refused')
    expect(await custodian.unwrap(1, current.blob, aad)).toEqual(current.key)
    expect(await custodian.destroy(1)).toMatchObject(ends)
    expect(await custodian.list()).toEqual([2])
    expect(await custodian.unwrap(2, used.blob, aad)).toEqual(used.key)
  })

  claim('gives up a newer epoch while the older one stays, and makes it again', async ({ custodian }) => {
    await custodian.createEpoch(1)
    const current = await wrapped(custodian, 1)
    await custodian.createEpoch(2)
    const undone = await wrapped(custodian, 2)
    await custodian.destroy(2)
    expect(await custodian.list()).toEqual([1])
    expect(await refusalOf(custodian.unwrap(2, undone.blob, aad))).toBe('gone')
    expect(await custodian.unwrap(1, current.blob, aad)).toEqual(current.key)

    await custodian.createEpoch(2)
    const again = await wrapped(custodian, 2)
    expect(await refusalOf(custodian.unwrap(2, undone.blob, aad))).not.toBe('nothing was refused')
    await custodian.destroy(1)
    expect(await custodian.list()).toEqual([2])
    expect(await custodian.unwrap(2, again.blob, aad)).toEqual(again.key)
  })

  claim('keeps all of it over the death of its process', async bench => {
    await bench.custodian.createEpoch(1)
    const first = await wrapped(bench.custodian, 1)
    await bench.custodian.createEpoch(2)
    await bench.restart()
    expect(await bench.custodian.list()).toEqual([1, 2])
    await bench.custodian.createEpoch(2)
    await bench.restart()
    const second = await wrapped(bench.custodian, 2)
    expect(await bench.custodian.unwrap(1, first.blob, aad)).toEqual(first.key)
    await bench.custodian.destroy(1)
    await bench.restart()
    expect(await bench.custodian.list()).toEqual([2])
    expect(await refusalOf(bench.custodian.unwrap(1, first.blob, aad))).toBe('gone')
    expect(await bench.custodian.unwrap(2, second.blob, aad)).toEqual(second.key)
  })

  claim('keeps the newest checkpoint, over rolls and deaths', async bench => {
    const note = (size: number) =>
      `custode/0190\n${size}\n${'h'.repeat(44)}=\n\n— custode/0190 ${'s'.repeat(92)}\n`
    const kept = (fence: number, size: number): Kept => ({ version: 1, fence, note: note(size) })
    await bench.custodian.writeNewest(kept(1, 9))
    await bench.custodian.createEpoch(1)
    await bench.custodian.writeNewest(kept(1, 10))
    expect(await bench.custodian.readNewest()).toEqual(kept(1, 10))
    await bench.custodian.createEpoch(2)
    await bench.custodian.destroy(1)
    await bench.restart()
    expect(await bench.custodian.readNewest()).toEqual(kept(1, 10))
    await bench.custodian.writeNewest(kept(2, 10))
    await bench.restart()
    expect(await bench.custodian.readNewest()).toEqual(kept(2, 10))
  })
})
