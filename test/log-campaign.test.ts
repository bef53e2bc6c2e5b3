import { hash } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { verifyBundle } from '../src/keeper/checkpoint.ts'
import type { TrailEntry } from '../src/keeper/client.ts'
import { segmentName } from '../src/keeper/log-file.ts'
import { verifyLog } from '../src/keeper/verify.ts'
import { entryBody, filesOf, logSigner, newFolder, openLog } from './log.ts'
import { batches, chained, type Piece, pieces, rawRecords, rehashed } from './log-forgery.ts'

/*
 * Whoever can write the log's files, and for the kinds `re-signed` its key as well, changes it in one of the ways below.
 * Each time the verifier, which holds the newest checkpoint, must find it; and a customer, who holds their own entries'
 * earlier head, must find what was done to their trail.
 */
const seed = process.env.CUSTODE_CAMPAIGN_SEED ?? 'custode-log-1'
const perKind = Number(process.env.CUSTODE_CAMPAIGN_ROUNDS ?? 40)

let drawn = 0
/** A number from 0 to below `most`, the same for the same seed. */
const pick = (most: number): number => hash('sha256', `${seed} ${drawn++}`, 'buffer').readUInt32BE() % most

interface Whole {
  segment: Buffer
  vkey: string
  checkpoint: string
}

/** Twelve batches of one to four entries, of three subjects. */
async function wholeLog(): Promise<Whole> {
  const { log, folder } = await openLog()
  for (let batch = 0; batch < 12; batch++) {
    const count = 1 + pick(4)
    await log.append(
      Array.from({ length: count }, () => ({
        trailSlot: 300 + pick(3),
        body: entryBody({ act: `act-${pick(1e9)}` }),
      })),
    )
  }
  return {
    segment: (await filesOf(folder)).get(segmentName(0))!,
    vkey: log.vkey,
    checkpoint: log.checkpoint(),
  }
}

const without = <T>(all: readonly T[], at: number): T[] => all.filter((_, place) => place !== at)

function swapped<T>(all: readonly T[], one: number, other: number): T[] {
  const moved = [...all]
  ;[moved[one], moved[other]] = [moved[other]!, moved[one]!]
  return moved
}

/** Another place than `at`, so that a swap changes something. */
const otherThan = (at: number, most: number): number => (at + 1 + pick(most - 1)) % most

const changed = (bytes: Buffer): Buffer => {
  const other = Buffer.from(bytes)
  other[pick(other.length)]! ^= 1 << pick(8)
  return other
}

/** The entries of all batches, and the place of one of them. */
function oneEntry(parts: readonly Piece[][]): { batch: number; at: number } {
  const batch = 1 + pick(parts.length - 1)
  return { batch, at: pick(parts[batch]!.length - 1) }
}

const replaced = (parts: readonly Piece[][], batch: number, by: Piece[]): Piece[][] =>
  parts.map((one, at) => (at === batch ? by : one))

/** Ways to change a log: the segment as it lies afterwards. `parts[0]` is the checkpoint of nothing. */
const mutations: Record<string, (log: Whole, parts: Piece[][]) => Buffer> = {
  'a bit flipped': ({ segment }) => changed(segment),
  'several bits flipped': ({ segment }) => changed(changed(changed(segment))),
  'cut anywhere': ({ segment }) => segment.subarray(0, pick(segment.length)),
  'cut after a whole batch': ({ vkey }, parts) =>
    chained(parts.slice(0, 1 + pick(parts.length - 1)).flat(), vkey),
  'bytes added at the end': ({ segment }) => Buffer.concat([segment, rawRecords(segment).at(-1)!]),
  'a batch dropped as it lies': ({ segment }, parts) => {
    const records = rawRecords(segment)
    const gone = 1 + pick(parts.length - 1)
    const from = parts.slice(0, gone).flat().length
    return Buffer.concat([
      segment.subarray(0, 32),
      ...records.filter((_, at) => at < from || at >= from + parts[gone]!.length),
    ])
  },
  'a batch dropped, hashes made to fit': ({ vkey }, parts) =>
    chained(without(parts, 1 + pick(parts.length - 1)).flat(), vkey),
  'a batch replayed, hashes made to fit': ({ vkey }, parts) =>
    chained([...parts, parts[1 + pick(parts.length - 1)]!].flat(), vkey),
  'two batches swapped, hashes made to fit': ({ vkey }, parts) => {
    const one = 1 + pick(parts.length - 1)
    return chained(swapped(parts, one, 1 + otherThan(one - 1, parts.length - 1)).flat(), vkey)
  },
  'an entry left out, all re-signed': ({ vkey }, parts) => {
    const { batch, at } = oneEntry(parts)
    return rehashed(replaced(parts, batch, without(parts[batch]!, at)), vkey, logSigner)
  },
  'an entry changed, all re-signed': ({ vkey }, parts) => {
    const { batch, at } = oneEntry(parts)
    const other = Buffer.from(parts[batch]![at]!.bytes)
    // Somewhere in the commitment: the record's other parts are bound by the running hash.
    other[30 + pick(32)]! ^= 1
    const by = parts[batch]!.map((one, place) => (place === at ? { ...one, bytes: other } : one))
    return rehashed(replaced(parts, batch, by), vkey, logSigner)
  },
  'two batches swapped, all re-signed': ({ vkey }, parts) => {
    const one = 1 + pick(parts.length - 1)
    return rehashed(swapped(parts, one, 1 + otherThan(one - 1, parts.length - 1)), vkey, logSigner)
  },
  'a batch replayed, all re-signed': ({ vkey }, parts) => {
    const at = 1 + pick(parts.length - 1)
    return rehashed([...parts.slice(0, at), parts[at]!, ...parts.slice(at)], vkey, logSigner)
  },
  'a batch dropped, all re-signed': ({ vkey }, parts) =>
    rehashed(without(parts, 1 + pick(parts.length - 1)), vkey, logSigner),
  'an older log': ({ vkey }, parts) => rehashed(parts.slice(0, 1 + pick(parts.length - 1)), vkey, logSigner),
}

/** A fork: the log goes on otherwise from some batch on, under its own key, and is as long as the true one. */
async function forked(log: Whole, parts: Piece[][]): Promise<Buffer> {
  const shared = 1 + pick(parts.length - 1)
  const folder = await newFolder()
  await writeFile(join(folder, 'vkey'), `${log.vkey}\n`)
  await writeFile(join(folder, segmentName(0)), rehashed(parts.slice(0, shared), log.vkey, logSigner))
  const { log: other } = await openLog({ folder })
  const missing = pieces(log.segment).filter(piece => piece.isEntry).length - other.size
  for (let at = 0; at < missing + pick(3); at++)
    await other.append([{ trailSlot: 300 + pick(3), body: entryBody({ act: `fork-${at}` }) }])
  await other.close()
  return (await filesOf(folder)).get(segmentName(0))!
}

test(`every one of ${(Object.keys(mutations).length + 1) * perKind} changed logs is found out`, {
  timeout: 300_000,
}, async () => {
  const undetected: string[] = []
  const counted: Record<string, number> = {}
  const kinds = [...Object.entries(mutations), ['a fork, signed with the right key', forked] as const]
  for (const [kind, mutate] of kinds) {
    for (let round = 0; round < perKind; round++) {
      const log = round % 10 === 0 || known === undefined ? await fresh() : known
      const segment = await mutate(log, batches(log.segment))
      if (segment.equals(log.segment)) continue
      const verdict = await verdictOn(segment, log)
      counted[kind] = (counted[kind] ?? 0) + 1
      if (verdict.ok) undetected.push(`${kind}, round ${round} of seed ${seed}`)
    }
  }
  expect(undetected).toEqual([])
  for (const [kind] of kinds) expect(counted[kind], kind).toBeGreaterThan(perKind * 0.8)
})

let known: Whole | undefined
async function fresh(): Promise<Whole> {
  known = await wholeLog()
  expect(await verdictOn(known.segment, known)).toMatchObject({ ok: true })
  return known
}

async function verdictOn(segment: Buffer, { vkey, checkpoint }: Whole) {
  const folder = await newFolder()
  await writeFile(join(folder, 'vkey'), `${vkey}\n`)
  await writeFile(join(folder, segmentName(0)), segment)
  const verdict = await verifyLog(folder, { vkey, checkpoint })
  await rm(folder, { recursive: true })
  return verdict
}

test('whatever is done to one subject’s entries shows in that subject’s chain', async () => {
  const { log } = await openLog()
  for (let at = 0; at < 30; at++)
    await log.append([{ trailSlot: 300 + pick(3), body: entryBody({ act: `act-${at}` }) }])
  const entries: TrailEntry[] = []
  for (const index of log.trail(300, undefined, 100)) {
    const { body, salt, commitment } = await log.bodyOf(index)
    entries.push({ index, body, salt: salt.toString('base64'), commitment: commitment.toString('hex') })
  }
  const proofs = {
    proofs: entries.map(({ index }) => ({
      index,
      hashes: log.proof(index).map(one => one.toString('base64')),
    })),
    ...{ checkpoint: log.checkpoint(), vkey: log.vkey },
  }
  expect(verifyBundle({ entries, proofs }, log.vkey)).toMatchObject({ ok: true, firstSeq: 1 })
  const ways: TrailEntry[][] = []
  for (let at = 0; at < entries.length; at++) {
    if (at > 0 && at < entries.length - 1) ways.push(without(entries, at))
    ways.push([...entries.slice(0, at), entries[at]!, ...entries.slice(at)])
    ways.push(swapped(entries, at, otherThan(at, entries.length)))
  }
  expect(ways.filter(way => verifyBundle({ entries: way, proofs }, log.vkey).ok)).toEqual([])
  expect(ways.length).toBeGreaterThan(20)
})
