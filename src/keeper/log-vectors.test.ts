import { createSecretKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { filesOf, newFolder, openLog, privateKeyOf } from '../../test/log.ts'
import { segmentName } from './log-file.ts'
import { leafHash } from './merkle.ts'
import type { EntryBody } from './requests.ts'
import { verifyLog } from './verify.ts'

interface Vectors {
  seed: string
  name: string
  logId: string
  time: number
  keys: Record<string, string>
  given: {
    batch: number
    trailSlot: number
    salt: string
    nonce: string
    body: EntryBody
    control: Record<string, unknown> | null
  }[]
  vkey: string
  expected: { body: string; commitment: string; leaf: string }[]
  checkpoints: string[]
  segment: string
}

// Whoever changes a byte of this file changes the format: it needs a new version.
const path = join(import.meta.dirname, '../../test/vectors/log.json')
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vectors

function options() {
  const drawn = vectors.given.flatMap(({ salt, nonce }) => [salt, nonce])
  return {
    name: vectors.name,
    logId: vectors.logId,
    signer: privateKeyOf(Buffer.from(vectors.seed, 'hex')),
    now: () => vectors.time,
    trailKey: (slot: number) => createSecretKey(Buffer.from(vectors.keys[slot]!, 'hex')),
    random: () => Buffer.from(drawn.shift()!, 'hex'),
  }
}

it('the log of the test vectors is written again byte for byte', async () => {
  const { log, folder } = await openLog(options())
  const checkpoints = [log.checkpoint()]
  for (const batch of [1, 2]) {
    const entries = vectors.given.filter(one => one.batch === batch)
    await log.append(
      entries.map(({ trailSlot, body, control }) => ({
        trailSlot,
        body,
        ...(control === null ? {} : { control }),
      })),
    )
    checkpoints.push(log.checkpoint())
  }
  expect([log.vkey, checkpoints]).toEqual([vectors.vkey, vectors.checkpoints])
  expect((await filesOf(folder)).get(segmentName(0))!.toString('hex')).toBe(vectors.segment)
})

it('the log of the test vectors is read: bodies, commitments, leaves, checkpoint', async () => {
  const folder = await newFolder()
  await writeFile(join(folder, 'vkey'), `${vectors.vkey}\n`)
  await writeFile(join(folder, segmentName(0)), Buffer.from(vectors.segment, 'hex'))
  const checkpoint = vectors.checkpoints[2]!
  expect(await verifyLog(folder, { checkpoint })).toMatchObject({ ok: true, size: 3, checkpoint })
  const { log } = await openLog({ ...options(), folder })
  for (const [index, { body, commitment, leaf }] of vectors.expected.entries()) {
    const opened = await log.bodyOf(index)
    const found = [
      opened.body,
      opened.commitment.toString('hex'),
      leafHash(opened.commitment).toString('hex'),
    ]
    expect(found).toEqual([body, commitment, leaf])
  }
})
