import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noteOnly } from '../src/core/outbox.ts'
import { parseVkey, verifyCheckpoint } from '../src/keeper/checkpoint.ts'
import { keepCosignature } from '../src/use/cosigned-checkpoint.ts'
import type { OwnBundle } from '../src/use/own-bundle.ts'
import { openHouse, type TestHouse } from '../test/house.ts'
import { newWitness } from '../test/log-bundle.ts'
import { newCustomer, newPurchase, openCompany, type Person } from '../test/people.ts'
import { verifyBundle } from './custode-verify.mjs'

// The files that a real company gives out, with a real keeper behind it.

const run = promisify(execFile)
const program = join(import.meta.dirname, 'custode-verify.mjs')
const witness = newWitness('one.example', 7)

let test: TestHouse
let ana: Person
let folder: string
/** Before and after: the later one cosigned by a witness, and asked for with the size of the earlier one's checkpoint. */
let [held, bundle] = [{} as OwnBundle, {} as OwnBundle]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-verify-'))
  test = await openHouse()
  await openCompany(test)
  ana = await newCustomer(test, { name: 'Ana Moretti', email: 'ana.moretti@example.org' })
  await newPurchase(test, ana, 'F-1', 'Blue vase')
  held = await get('/portal/log-bundle')
  await noteOnly(test.house, ana.id, { kind: 'session', actor: 'customer', result: 'done' })
  const { size } = verifyCheckpoint(held.checkpoint, parseVkey(held.vkey)!)!
  await cosigned(held.checkpoint, size)
  bundle = await get(`/portal/log-bundle?from=${size}`)
  expect(bundle.witnessed).toMatchObject({
    witnesses: [witness.key],
    checkpoint: witness.sign(held.checkpoint),
  })
})
afterAll(async () => {
  await test.close()
  await rm(folder, { recursive: true, force: true })
})

async function get<T>(url: string): Promise<T> {
  const reply = await test.app.inject({ method: 'GET', url: `/api/v1${url}`, cookies: ana.cookies })
  expect(reply.statusCode).toBe(200)
  return reply.json()
}

/** What the server does when a witness has answered. */
async function cosigned(note: string, size: number): Promise<void> {
  const choice = { key: witness.key, url: 'https://one.example' }
  test.house.witnesses = [choice]
  const cosignature = witness.sign(note).slice(note.length)
  const at = test.clock.now()
  await test.house.database.transaction(tx => keepCosignature(tx, choice, { size, note, cosignature, at }))
}

const known = () => ({ checkpoint: held.checkpoint, head: held.head, witnesses: [witness.key] })

/** A name and a copy of a file in which one thing is another. */
type Mutant = [what: string, file: unknown]

const otherTexts = (text: string): string[] => {
  const at = Math.floor(text.length / 2)
  const turned = (place: number) =>
    `${text.slice(0, place)}${text[place] === 'a' ? 'b' : 'a'}${text.slice(place + 1)}`
  const several = [
    turned(0),
    turned(at),
    turned(text.length - 2),
    text.slice(0, -1),
    `${text}a`,
    ` ${text}`,
    '',
  ]
  return several.filter(one => one !== text)
}

/** Every way of changing one thing below this part of a file, each put into the whole by `put`. */
function* mutants(part: unknown, put: (part: unknown) => unknown, path: string): Generator<Mutant> {
  if (typeof part === 'string') for (const text of otherTexts(part)) yield [`${path} ${text}`, put(text)]
  if (typeof part === 'number')
    for (const one of [part + 1, part - 1, -1, 0.5]) yield [`${path} ${one}`, put(one)]
  for (const one of [null, 7, 'x', {}, []])
    if (JSON.stringify(one) !== JSON.stringify(part)) yield [`${path} is ${JSON.stringify(one)}`, put(one)]
  if (Array.isArray(part)) {
    for (const [at, one] of part.entries()) {
      yield* mutants(one, other => put(part.with(at, other)), `${path}[${at}]`)
      yield [`${path} without [${at}]`, put(part.toSpliced(at, 1))]
      yield [`${path} twice [${at}]`, put(part.toSpliced(at, 0, one))]
      if (at > 0)
        yield [`${path} [${at}] before the other`, put(part.toSpliced(at - 1, 2, one, part[at - 1]))]
    }
  } else if (typeof part === 'object' && part !== null) {
    for (const [name, one] of Object.entries(part)) {
      yield* mutants(one, other => put({ ...part, [name]: other }), `${path}.${name}`)
      const { [name]: _, ...rest } = part as Record<string, unknown>
      yield [`${path} without ${name}`, put(rest)]
    }
    yield [`${path} with more`, put({ ...part, more: 1 })]
  }
}

describe('the file of a real company', () => {
  it('is in order, with what was held before, and so is the export', async () => {
    const length = bundle.entries.length
    expect(await verifyBundle(bundle, known())).toMatchObject({
      ...{ ok: true, about: ana.alias, entries: length, heldSeq: held.entries.length },
      seen: [{ name: 'one.example', given: true }],
    })
    const whole = await get('/portal/export')
    expect(await verifyBundle(whole, { bundle: held })).toMatchObject({ ok: true, headed: true })
    const { head: _, witnessed: __, ...older } = whole as OwnBundle
    expect(await verifyBundle(older)).toMatchObject({ ok: true, headed: false, format: 'custode-export/1' })
  })

  it('is not in order when anything in it is changed, left out, moved, repeated or added', async () => {
    const missed: string[] = []
    let tried = 0
    for (const [what, file] of mutants(bundle, whole => whole, '')) {
      tried += 1
      if ((await verifyBundle(file, known())).ok) missed.push(what)
    }
    expect(missed).toEqual([])
    expect(tried).toBeGreaterThan(500)
  })
})

describe('the command', () => {
  const save = async (name: string, content: unknown): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
    return path
  }
  const verify = (...args: string[]) =>
    run(process.execPath, [program, ...args], { env: { PATH: process.env.PATH, LANG: 'C' } }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    )

  it('ends with 0 and says what is proved and what is not, in the language asked for', async () => {
    const file = await save('bundle.json', bundle)
    const plain = await verify(file)
    expect([plain.code, plain.stderr]).toEqual([0, ''])
    expect(plain.stdout).toContain(`${bundle.entries.length} entries about ${ana.alias}, from `)
    expect(plain.stdout).toContain(`Compare it with the one that the company publishes: ${bundle.vkey}`)
    const [before, note] = [await save('before.json', held), await save('checkpoint', held.checkpoint)]
    const full = [
      file,
      '--head',
      before,
      '--checkpoint',
      note,
      '--key',
      bundle.vkey,
      '--witness',
      witness.key,
    ]
    const told = await verify(...full, '--language', 'it')
    expect(told.code).toBe(0)
    expect(told.stdout).toContain('Che cosa dimostra')
    expect(told.stdout).toContain(`Cominciano con le ${held.entries.length} voci conservate da prima`)
    expect(told.stdout).not.toContain('la chiave viene dal file')
  })

  it('takes a head from a file of its own and from a receipt', async () => {
    const file = await save('bundle.json', bundle)
    const begin = `They begin with the ${held.entries.length} entries`
    expect((await verify(file, '--head', await save('head', held.head))).stdout).toContain(begin)
    const receipt = await save('receipt.json', { custode_receipt: 1, head: held.head })
    expect((await verify(file, '--head', receipt)).stdout).toContain(begin)
  })

  it('ends with 1 and names the entry when something is wrong', async () => {
    const missing = await save('missing.json', { ...bundle, entries: bundle.entries.toSpliced(1, 1) })
    const told = await verify(missing)
    expect([told.code, told.stdout]).toEqual([1, ''])
    const { index } = bundle.entries[2]!
    expect(told.stderr).toContain(
      `Line ${index} of the log (entry 2 of this file): entries before it are missing: 1.`,
    )
    const older = await verify(await save('held.json', held), '--head', await save('bundle.json', bundle))
    expect(older.code).toBe(1)
  })

  it('ends with 2 when there is nothing to check or it is asked wrongly', async () => {
    const broken = await save('broken.json', '{')
    for (const args of [[], [broken], [join(folder, 'none')], [broken, '--no'], [broken, '--language', 'de']])
      expect((await verify(...args)).code).toBe(2)
  })
})
