import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { sealPerson, trailOf } from '../../test/sealed-person.ts'
import { hashesIn, rootOf } from '../../test/tree-root.ts'
import { verifyHead } from './head.ts'
import { leafHash, verifyConsistency } from './merkle.ts'
import { parseVkey, verifyCheckpoint } from './note.ts'
import { organisationTrail } from './reserved.ts'
import { tilesOf } from './tile.ts'

let keeper: KeeperProcess
beforeAll(async () => {
  keeper = await startKeeper()
  await append(700)
})
afterAll(() => keeper.stop())

/** Changes of the organisation's, in calls of a hundred. */
async function append(count: number): Promise<void> {
  const body = { kind: 'test', act: randomUUID(), actor: 'system', subject: 'organisation', result: 'done' }
  for (let left = count; left > 0; left -= 100) {
    const changes = Array.from({ length: Math.min(left, 100) }, () => ({
      ...{ id: randomUUID(), number: 0, trailSlot: organisationTrail, body },
    }))
    await keeper.client.append(changes)
  }
}

async function newest() {
  const { vkey } = await keeper.client.status()
  const verifier = parseVkey(vkey)!
  return { verifier, ...verifyCheckpoint(await keeper.client.checkpoint(), verifier)! }
}

describe('whoever reads the tiles', () => {
  it('comes to the root that the checkpoint states, and finds every leaf under its hash', async () => {
    const { size, root } = await newest()
    const hashes: Buffer[] = []
    const leaves: Buffer[] = []
    for (const { level, index, width } of tilesOf(size).filter(tile => tile.level === 0)) {
      const tile = await keeper.client.tile({ level, index, width })
      expect(tile).toHaveLength(width * 32)
      hashes.push(...hashesIn(tile))
      const bundle = await keeper.client.tile({ level: 'entries', index, width })
      for (let at = 0; at < bundle.length; at += 34) {
        expect(bundle.readUInt16BE(at)).toBe(32)
        leaves.push(bundle.subarray(at + 2, at + 34))
      }
    }
    expect(hashes).toHaveLength(size)
    expect(rootOf(hashes)).toEqual(root)
    expect(leaves.map(leaf => leafHash(leaf))).toEqual(hashes)
  })

  it('is refused what the log does not fill, and whatever is no tile', async () => {
    const { size } = await newest()
    const last = { level: 0, index: Math.floor(size / 256), width: (size % 256) + 1 }
    for (const wrong of [
      last,
      { level: 3, index: 0, width: 1 },
      { level: 0, index: 10_000, width: 256 },
      { level: 'entries' as const, index: 10_000, width: 1 },
      { level: 0, index: 0, width: 0 },
      { level: -1, index: 0, width: 1 },
      { level: 'x' as 'entries', index: 0, width: 1 },
    ])
      await expect(keeper.client.tile(wrong)).rejects.toMatchObject({ code: 'malformed' })
  })
})

it('a later tree extends an earlier one by the proof that the keeper tells', async () => {
  const earlier = await newest()
  await append(3)
  const later = await newest()
  expect(later.size).toBeGreaterThan(earlier.size)
  const hashes = await keeper.client.consistency(earlier.size, later.size)
  const proof = hashes.map(one => Buffer.from(one, 'base64'))
  expect(verifyConsistency(earlier.size, later.size, earlier.root, later.root, proof)).toBe(true)
  await expect(keeper.client.consistency(0, later.size + 1)).rejects.toMatchObject({ code: 'malformed' })
})

describe('the head of a trail', () => {
  it('is that of its last entry, signed by the key of the log', async () => {
    const ana = await sealPerson(keeper.client)
    expect(await keeper.client.head(ana.trail)).toBeNull()
    const entries = await trailOf(keeper.client, ana)
    const { verifier } = await newest()
    const head = verifyHead((await keeper.client.head(ana.trail))!, verifier)!
    expect(head).toMatchObject({ log: verifier.name, trailSlot: ana.trail })
    expect(head.seq).toBe(entries.length)
  })

  it('goes up with every entry, and is refused for what is no slot', async () => {
    const { verifier } = await newest()
    const before = verifyHead((await keeper.client.head(organisationTrail))!, verifier)!
    await append(5)
    const after = verifyHead((await keeper.client.head(organisationTrail))!, verifier)!
    expect(after.seq - before.seq).toBe(5)
    expect(after.index).toBeGreaterThan(before.index)
    await expect(keeper.client.head(-1)).rejects.toMatchObject({ code: 'malformed' })
  })
})
