import { randomInt } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { attackWithCustodian } from '../../test/custodian-attack.ts'
import type { KeeperProcess } from '../../test/keeper.ts'
import {
  type Attacked,
  attackKeeper,
  peakOf,
  requireHonestService,
  Speaker,
} from '../../test/keeper-attack.ts'
import { marker, operationNames } from '../../test/keeper-cases.ts'
import { countKeys, keysOf } from '../../test/key-search.ts'
import { encodeFrame, mostFrame } from './protocol.ts'

// The long campaign is `npm run fuzz`. A seed that fails here is given to it with --seed.
const seed = Number(process.env.CUSTODE_FUZZ_SEED ?? randomInt(2 ** 31))
const running: KeeperProcess[] = []

afterAll(async () => {
  for (const keeper of running) await keeper.kill()
})

async function attacked(restoring: boolean): Promise<Attacked> {
  console.log(`fuzz seed ${seed}${restoring ? ', restoring' : ''}`)
  const result = await attackKeeper({ seed, rounds: 6, requests: 200, restoring, keep: 8 * 1024 * 1024 })
  running.push(result.keeper)
  return result
}

test('a keeper is asked for every operation that it has', () => {
  expect(operationNames).toEqual(
    expect.arrayContaining(['open', 'seal', 'sign', 'tokens', 'restoring.changes']),
  )
  expect(operationNames.length).toBeGreaterThanOrEqual(26)
})

for (const restoring of [false, true])
  test(`requests changed at random are answered or refused, and no key is in any answer, log or error${
    restoring ? ', also by a keeper that restores' : ''
  }`, async () => {
    const { keeper, heard, answers, distinct } = await attacked(restoring)
    expect(distinct).toBeGreaterThan(1000)
    for (const code of ['reply', 'malformed']) expect(answers[code]).toBeGreaterThan(100)
    const keys = await keysOf(keeper.folder)
    expect(keys.length).toBeGreaterThan(4096)
    expect(countKeys(heard, keys)).toBe(0)
    expect(countKeys(Buffer.from(keeper.said()), keys)).toBe(0)
    const log = join(keeper.folder, 'log')
    for (const name of await readdir(log)) {
      const bytes = await readFile(join(log, name))
      expect(countKeys(bytes, keys)).toBe(0)
      expect(bytes.includes('person0@example.org')).toBe(false)
    }
  })

test('the search finds a key wherever it stands and however it is spelled', async () => {
  const keys = await keysOf(running[0]!.folder)
  const [first, second, third] = [keys[2]!, keys[300]!, keys.at(-1)!]
  const text = `"a":"${second.toString('base64')}","b":"x${third.toString('hex')}"`
  expect(countKeys(Buffer.concat([Buffer.from('odd'), first, Buffer.from(text)]), keys)).toBe(3)
})

test('JSON nested without end, large and small requests at once: memory stays bounded and the keeper serves', async () => {
  const keeper = running[0]!
  const raw = (json: string) => {
    const empty = encodeFrame(9, 0, '')
    const bytes = Buffer.concat([empty.subarray(0, 14), Buffer.from(json)])
    bytes.writeUInt32BE(bytes.length - 4, 0)
    bytes.writeUInt32BE(Buffer.byteLength(json), 10)
    return bytes
  }
  const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const change = `{"id":"00000000-0000-4000-8000-000000000001","number":0,"trailSlot":3,"body":{"kind":"x","act":"x","actor":"x","subject":"x","result":"x","detail":${nested}}}`
  const many = `[${'[],'.repeat(mostFrame / 12)}[]]`
  const frames = [
    raw(`{"op":"append","args":{"changes":[${change}]}}`),
    raw(`{"op":"seal","args":{"items":[{"values":{"email":${nested}}}]}}`),
    raw(`{"op":"append","args":{"changes":${many}}}`),
    raw(`{"op":"status","args":${many}}`),
  ]
  const everybody = await Promise.all(Array.from({ length: 5 }, () => Speaker.open(keeper.socket)))
  await Promise.all(
    everybody.map((speaker, at) => speaker.shout(Buffer.concat([frames[at % 4]!, frames[(at + 1) % 4]!]))),
  )
  await requireHonestService(keeper)
  expect(keeper.said()).toBe('')
  expect((await peakOf(keeper.pid)) ?? 0).toBeLessThan(1000)
})

test('who begins a frame and never ends it, on every connection, keeps nobody else out for ever', async () => {
  const keeper = running[0]!
  const half = encodeFrame(1, 0, { op: marker }).subarray(0, 20)
  const sockets = Array.from({ length: 63 }, () => connect(keeper.socket).on('error', () => {}))
  for (const socket of sockets) socket.write(half)
  await requireHonestService(keeper)
  for (const socket of sockets) socket.destroy()
  await expect
    .poll(() =>
      Speaker.open(keeper.socket).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true)
})

test('a custodian that answers with nonsense, or not at all, ends no keeper at work and learns nothing to tell', async () => {
  console.log(`fuzz seed ${seed}, a custodian`)
  const { asked, distinct } = await attackWithCustodian({ seed, rounds: 6, patience: 50 })
  expect(distinct).toBeGreaterThan(100)
  expect(asked).toBeGreaterThan(100)
})
