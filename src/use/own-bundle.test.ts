import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newCustomer, newEmployee, newSession, openCompany, type Person } from '../../test/people.ts'
import { change, noteOnly } from '../core/outbox.ts'
import {
  parseVkey,
  verifyBundle,
  verifyCheckpoint,
  verifyConsistency,
  verifyHead,
} from '../keeper/checkpoint.ts'
import type { OwnBundle } from './own-bundle.ts'

let test: TestHouse
let ana: Person

beforeAll(async () => {
  test = await openHouse()
  await openCompany(test)
  ana = await newCustomer(test, { name: 'Ana Moretti', email: 'ana.moretti@example.org' })
})
afterAll(() => test.close())

const get = (url: string, who: Pick<Person, 'cookies'> = ana) =>
  test.app.inject({ method: 'GET', url: `/api/v1${url}`, cookies: who.cookies })
const bundleOf = async (who = ana, query = ''): Promise<OwnBundle> =>
  (await get(`/portal/log-bundle${query}`, who)).json()

function headOf({ head, vkey }: Pick<OwnBundle, 'head' | 'vkey'>) {
  return verifyHead(head, parseVkey(vkey)!)
}
const checkpointOf = ({ checkpoint, vkey }: OwnBundle) => verifyCheckpoint(checkpoint, parseVkey(vkey)!)!

describe('the bundle of one’s own log', () => {
  it('is a file of the whole trail, each entry proven, up to a head that the log has signed', async () => {
    const reply = await get('/portal/log-bundle')
    expect(reply.statusCode).toBe(200)
    expect(reply.headers['content-disposition']).toBe(`attachment; filename="custode-${ana.alias}-log.json"`)
    const bundle: OwnBundle = reply.json()
    const { format, entries, checkpoint, vkey, since, witnessed } = bundle
    expect([format, since, witnessed]).toEqual(['custode-log-bundle/1', null, null])
    const proofs = entries.map(({ index, proof }) => ({ index, hashes: proof }))
    const verdict = verifyBundle({ entries, proofs: { proofs, checkpoint, vkey } })
    expect(verdict).toMatchObject({ ok: true, entries: entries.length, firstSeq: 1 })
    const { index, commitment } = entries.at(-1)!
    expect(headOf(bundle)).toMatchObject({ trailSlot: ana.trail, seq: entries.length, index, commitment })
    expect(JSON.parse(entries.at(-1)!.body)).toMatchObject({ kind: 'reading', fields: ['trail'] })
  })

  it('ends at its head, however fast the trail grows meanwhile', async () => {
    const leo = await newCustomer(test, { name: 'Leo Galli', email: 'leo@example.org' })
    const noted = { kind: 'setup' as const, actor: 'system', result: 'done' }
    const growing = Array.from({ length: 40 }, () => noteOnly(test.house, leo.id, noted))
    const bundles = await Promise.all([bundleOf(leo), bundleOf(leo), bundleOf(leo)])
    await Promise.all(growing)
    for (const bundle of bundles) {
      const { index, commitment } = bundle.entries.at(-1)!
      expect(headOf(bundle)).toMatchObject({ seq: bundle.entries.length, index, commitment })
    }
  })

  it('proves that the log extends the one of an earlier checkpoint, and nothing for one that is longer', async () => {
    const before = checkpointOf(await bundleOf())
    await change(test.house, async (_tx, note) =>
      note(ana.id, { kind: 'setup', actor: 'system', result: 'done' }),
    )
    const bundle = await bundleOf(ana, `?from=${before.size}`)
    const now = checkpointOf(bundle)
    const hashes = bundle.since!.hashes.map(hash => Buffer.from(hash, 'base64'))
    expect(bundle.since!.size).toBe(before.size)
    expect(now.size).toBeGreaterThan(before.size)
    expect(verifyConsistency(before.size, now.size, before.root, now.root, hashes)).toBe(true)
    expect((await bundleOf(ana, '?from=0')).since).toEqual({ size: 0, hashes: [] })
    expect((await bundleOf(ana, `?from=${now.size + 1000}`)).since).toBe(null)
  })

  it('ends with the same kind of head in the export', async () => {
    const whole = (await get('/portal/export')).json()
    expect(headOf(whole)).toMatchObject({ trailSlot: ana.trail, seq: whole.entries.length })
  })

  it('403: for customers alone', async () => {
    const ben = await newEmployee(test)
    expect((await get('/portal/log-bundle', await newSession(test, 'portal', ben))).statusCode).toBe(403)
  })
})
