import { createSecretKey, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { verifyBundle } from '../../src/keeper/checkpoint.ts'
import type { TrailEntry } from '../../src/keeper/client.ts'
import { commitmentOf, openBody } from '../../src/keeper/entry.ts'
import type { LogRecord } from '../../src/keeper/log-file.ts'
import { scanLog } from '../../src/keeper/log-scan.ts'
import { parseVkey } from '../../src/keeper/note.ts'
import { startKeeper } from '../keeper.ts'
import { keysOf } from '../key-search.ts'
import { filesOf } from '../log.ts'
import { type SealedPerson, sealPeople, takeGrant } from '../sealed-person.ts'

/** Everything in the log, as whoever has its files reads it without a key. */
async function recordsOf(folder: string): Promise<LogRecord[]> {
  const verifier = parseVkey((await readFile(join(folder, 'vkey'), 'utf8')).trim())
  const records: LogRecord[] = []
  const visit = (record: LogRecord) => {
    records.push({
      ...record,
      commitment: Buffer.from(record.commitment),
      sealed: Buffer.from(record.sealed),
    })
  }
  await scanLog(folder, verifier!, { known: [], visit })
  return records
}

/** The salts that any of these keys opens out of the sealed part of an entry. */
function saltsOf({ index, trailSlot, sealed }: LogRecord, keys: Buffer[], logId: string): Buffer[] {
  return keys.flatMap(key => {
    try {
      return [openBody(createSecretKey(key), { index, trailSlot, logId }, sealed).salt]
    } catch {
      return []
    }
  })
}

/** Every run of 32 bytes in these files. */
const windowsOf = (files: Iterable<Buffer>): Buffer[] =>
  [...files].flatMap(bytes =>
    Array.from({ length: Math.max(0, bytes.length - 31) }, (_, at) => bytes.subarray(at, at + 32)),
  )

it('whoever knows what an entry says word for word finds no proof of it once its trail is shredded', {
  timeout: 120_000,
}, async () => {
  const keeper = await startKeeper()
  onTestFinished(() => keeper.kill())
  const { client, folder } = keeper
  const [ana, bea] = (await sealPeople(client, 2)) as [SealedPerson, SealedPerson]
  for (const who of [ana, bea]) {
    const grant = await takeGrant(client, [who])
    await client.open({ ...grant, fields: ['email'], items: [who.box] })
  }
  const trailOf = async (who: SealedPerson): Promise<TrailEntry[]> => {
    const own = await takeGrant(client, [who], { kind: 'portal', actor: 'customer', fields: ['*'] })
    return (await client.entries({ ...own, trailSlot: who.trail })).entries
  }
  const { organisation } = await client.status()
  // What Ana was handed over while she was a customer; a stranger who heard of it knows the bodies and no salt.
  const known = await trailOf(ana)
  const logFolder = join(folder, 'log')
  /** Whether any salt that can be had, or guessed from what lies about, ties a known body to its leaf. */
  const confirmed = async (keys: Buffer[], guesses: Buffer[]) => {
    const records = await recordsOf(logFolder)
    return known.filter(({ index, body }) => {
      const record = records[index]!
      const salts = [...saltsOf(record, keys, organisation), ...guesses]
      const bytes = Buffer.from(body, 'utf8')
      return salts.some(salt => commitmentOf(salt, bytes).equals(record.commitment))
    }).length
  }
  // With today's keys the attack succeeds for every entry: what fails below fails for want of the trail's key.
  expect(await confirmed(await keysOf(folder), [])).toBe(known.length)
  expect(known.length).toBeGreaterThan(2)
  await client.shred({
    ...{ act: randomUUID(), actor: 'system', slots: [ana.trail, ana.contact], reason: 'expiry' },
    subject: { trailSlot: ana.trail, alias: ana.alias },
  })
  await client.roll()
  const keys = await keysOf(folder)
  const segment = windowsOf((await filesOf(logFolder)).values())
  const guesses = [Buffer.alloc(0), Buffer.alloc(32), Buffer.alloc(32, 255), ...keys, ...segment]
  expect(await confirmed(keys, guesses)).toBe(0)
  // Her leaves stay in the tree, and everybody else's proofs hold in it.
  const entries = await trailOf(bea)
  const proofs = await client.proof(entries.map(entry => entry.index))
  const { vkey } = await client.status()
  expect(verifyBundle({ entries, proofs }, vkey)).toMatchObject({ ok: true, firstSeq: 1 })
  const leaves = await recordsOf(logFolder)
  expect(known.map(({ index }) => leaves[index]!.commitment.toString('hex'))).toEqual(
    known.map(({ commitment }) => commitment),
  )
})
