import { cp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { copyKeeper } from '../../test/keeper.ts'
import { LeafLog, WitnessProcess } from '../../test/witness.ts'
import { buildWorld, type World } from '../../test/world.ts'
import type { House } from '../core/house.ts'
import { noteOnly } from '../core/outbox.ts'
import { cosignaturesOf, parseWitnessKey, textOf } from '../keeper/cosignature.ts'
import { parseVkey, verifyCheckpoint } from '../keeper/note.ts'
import { witnessStandings } from './witness-standing.ts'
import { askWitnesses, watchWitnesses } from './witnessing.ts'

const hour = 60 * 60_000
let house: TestHouse
let world: World
const ended: WitnessProcess[] = []

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(async () => {
  await Promise.all(ended.map(one => one.end('SIGKILL')))
  await house.close()
})

/** How far the worker's clock is ahead: sessions go by the house's own. */
let ahead = 0
const worker = (): House => ({
  ...house.house,
  clock: { now: () => new Date(house.clock.now().getTime() + ahead) },
})
const grow = () => noteOnly(house.house, null, { kind: 'setup', actor: 'system', result: 'done' })
const ask = () => askWitnesses(worker())
const standing = () => witnessStandings(worker())
const vkey = async () => (await house.house.keeper.status()).vkey
const shown = async () => (await house.app.inject('/log/checkpoint')).body
const sizeOf = (note: string) => Number(note.split('\n')[1])

async function newWitness(name: string, logs?: string[]): Promise<WitnessProcess> {
  const witness = new WitnessProcess(logs ?? [await vkey()], { name })
  ended.push(witness)
  expect(await witness.start(), witness.output).toBe(true)
  return witness
}

/** From now on these alone are asked. */
function choose(...witnesses: Pick<WitnessProcess, 'key' | 'url'>[]): void {
  house.house.witnesses = witnesses.map(({ key, url }) => ({ key, url }))
}

const signersOf = (note: string, ...witnesses: WitnessProcess[]) =>
  cosignaturesOf(
    note,
    witnesses.map(one => parseWitnessKey(one.key)!),
  ).map(one => one.witness)

/** What the company's trail says of witnesses, oldest first. */
async function alarms(): Promise<string[]> {
  const found: string[] = []
  for (let next: string | null = ''; next !== null; ) {
    const url: string = `/api/v1/office/entries?limit=50${next === '' ? '' : `&after=${next}`}`
    const answer = await house.app.inject({ url, cookies: world.pia.cookies })
    const page = answer.json() as { items: { kind: string; result: string }[]; next: string | null }
    for (const { kind, result } of page.items) {
      if (kind === 'witness.refused') found.unshift(result)
      if (kind === 'witness.cosigned') found.unshift('over')
    }
    next = page.next
  }
  return found
}

describe('the log with witnesses', () => {
  let pia: WitnessProcess
  let ugo: WitnessProcess
  beforeAll(async () => {
    pia = await newWitness('witness.example/pia')
    ugo = await newWitness('witness.example/ugo')
    choose(pia, ugo)
  })

  it('is shown to everybody with their signatures under the tree that both have signed', async () => {
    await ask()
    const note = await shown()
    expect(verifyCheckpoint(note, parseVkey(await vkey())!)?.size).toBe(
      (await house.house.keeper.status()).size,
    )
    expect(signersOf(note, pia, ugo)).toEqual(['witness.example/pia', 'witness.example/ugo'])
    expect(await pia.newest(note.split('\n')[0]!)).toContain(textOf(note))
  })

  it('tells its own keys and theirs', async () => {
    const { log, receipt, witnesses } = (await house.app.inject('/log/keys')).json()
    expect(log).toBe(await vkey())
    expect(receipt).toBe((await house.house.keeper.status()).receiptKey)
    expect(witnesses).toEqual([pia, ugo].map(({ key, url }) => ({ key, url })))
  })

  it('is shown as it was signed for five minutes after it has grown, and then as it is', async () => {
    const signed = sizeOf(await shown())
    await grow()
    expect(sizeOf(await shown())).toBe(signed)
    house.clock.advance(5 * 60_000)
    expect(await shown()).toBe(await house.house.keeper.checkpoint())
    await ask()
    expect(sizeOf(await shown())).toBeGreaterThan(signed)
    expect(signersOf(await shown(), pia, ugo)).toHaveLength(2)
  })

  it('keeps both signatures together while one of them is slow', async () => {
    await ask()
    const both = sizeOf(await shown())
    await grow()
    await ugo.end('SIGKILL')
    await ask()
    expect(sizeOf(await shown())).toBe(both)
    expect(await ugo.start()).toBe(true)
    await ask()
    expect(sizeOf(await shown())).toBeGreaterThan(both)
    expect(signersOf(await shown(), pia, ugo)).toHaveLength(2)
  })

  it('is asked for by several servers at once, and none of them takes the other for a fork', async () => {
    await grow()
    await Promise.all([ask(), grow().then(ask), ask(), grow().then(ask), ask()])
    await ask()
    expect((await standing()).map(one => one.state)).toEqual(['cosigned', 'cosigned'])
    expect(await alarms()).toEqual([])
  })

  it('is shown to them soon after it has grown, and otherwise once a minute', async () => {
    const origin = (await shown()).split('\n')[0]!
    const newest = async () => sizeOf((await pia.newest(origin))!)
    const timeOf = async () =>
      cosignaturesOf((await pia.newest(origin))!, [parseWitnessKey(pia.key)!])[0]!.time
    const watch = watchWitnesses(house.house)
    await watch()
    const first = await newest()
    await grow()
    house.clock.advance(5000)
    await watch()
    expect(await newest()).toBe(first)
    house.clock.advance(5000)
    await watch()
    const second = await newest()
    expect(second).toBeGreaterThan(first)
    await pia.end('SIGKILL')
    house.clock.advance(59_000)
    await watch()
    expect(await pia.start()).toBe(true)
    const before = await timeOf()
    house.clock.advance(60_000)
    await watch()
    expect(await timeOf()).toBeGreaterThanOrEqual(before)
    expect(await newest()).toBe(second)
  })

  it('is watched by somebody who was not heard for an hour: officers are shown since when', async () => {
    choose(pia)
    await ask()
    await pia.end('SIGKILL')
    const heard = worker().clock.now()
    ahead += hour - 1000
    await ask()
    expect(await standing()).toMatchObject([{ state: 'cosigned', since: null }])
    ahead += 1000
    expect(await standing()).toMatchObject([
      { name: 'witness.example/pia', state: 'unreachable', since: heard },
    ])
    const overview = await house.app.inject({ url: '/api/v1/office/overview', cookies: world.pia.cookies })
    expect(overview.json().witnesses).toMatchObject([{ name: 'witness.example/pia', url: pia.url }])
    expect(await pia.start()).toBe(true)
    await ask()
    expect(await standing()).toMatchObject([{ state: 'cosigned', since: null, held: null }])
    expect(await alarms()).toEqual([])
  })

  it('is refused by a witness that does not watch it, which is entered once', async () => {
    const other = await newWitness('witness.example/other', [new LeafLog().vkey])
    choose(other)
    for (let times = 0; times < 3; times++) await ask()
    expect(await standing()).toMatchObject([{ state: 'unknown_log', cosigned: null, held: null }])
    expect(await alarms()).toEqual(['unknown_log'])
    choose(pia)
  })
})

describe('whoever answers for a witness', () => {
  let server: Server | undefined
  let real: WitnessProcess
  beforeAll(async () => {
    real = await newWitness('witness.example/real')
    choose(real)
    await ask()
  })
  afterAll(() => {
    server?.close()
  })

  /** Somebody on the way answers so, under the name of the real one. */
  async function answering(
    add: { status: number; body: string; type?: string; location?: string },
    newest: { status: number; body: string } = { status: 404, body: '' },
  ): Promise<void> {
    server?.closeAllConnections()
    server?.close()
    server = createServer((request, response) => {
      request.resume()
      const { status, body, ...headers } = request.method === 'POST' ? add : newest
      response.writeHead(status, headers as Record<string, string>).end(body)
    })
    await new Promise<void>(ready => server?.listen(0, '127.0.0.1', ready))
    choose({ key: real.key, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  }

  const kept = async () => {
    const rows = await house.owner.query<{ count: number }>(
      'select count(*)::int as count from cosigned_checkpoint where witness = $1',
      [real.key],
    )
    return rows[0]!.count
  }

  it.each([
    ['a signature of somebody else', { status: 200, body: `— witness.example/real ${'A'.repeat(104)}\n` }],
    ['nothing', { status: 200, body: '' }],
    ['without end', { status: 200, body: 'x'.repeat(100_000) }],
    ['a size that is none', { status: 409, body: '-1\n' }],
    ['that it is broken', { status: 500, body: 'broken' }],
    ['that somebody else is to be asked', { status: 307, body: '', location: 'http://127.0.0.1:9/' }],
  ])('with %s is not heard', async (_what, answer) => {
    await grow()
    const before = await kept()
    await answering(answer)
    await ask()
    expect(await kept()).toBe(before)
    expect(await standing()).toMatchObject([{ state: 'cosigned' }])
    ahead += hour
    expect(await standing()).toMatchObject([{ state: 'unreachable' }])
    choose(real)
    await ask()
    expect(await standing()).toMatchObject([{ state: 'cosigned' }])
  })

  it('with a conflict raises no alarm when what it shows is how this log begins', async () => {
    const before = await alarms()
    const note = (await real.newest((await shown()).split('\n')[0]!))!
    await grow()
    for (const add of [
      { status: 409, body: `${10 ** 9}\n` },
      { status: 422, body: '' },
    ]) {
      await answering(add, { status: 200, body: note })
      await ask()
    }
    expect(await alarms()).toEqual(before)
    expect(await standing()).toMatchObject([{ state: 'cosigned' }])
  })

  it('with a conflict and nothing to show raises one, without proof, once', async () => {
    const before = await alarms()
    await answering({ status: 409, body: `${10 ** 9}\n` })
    await ask()
    await grow()
    await ask()
    expect(await standing()).toMatchObject([{ state: 'larger', held: null }])
    choose(real)
    await ask()
    expect(await standing()).toMatchObject([{ state: 'cosigned', since: null }])
    expect(await alarms()).toEqual([...before, 'larger', 'over'])
  })
})

describe('a log that was rolled back', () => {
  it('is refused while it is shorter, and when it has grown into another; then the newest one is right again', async () => {
    const witness = await newWitness('witness.example/strict')
    choose(witness)
    const before = await alarms()
    const { folder } = house.keeperProcess
    const put = async (copy: string) => {
      await house.killKeeper()
      await rm(folder, { recursive: true })
      await cp(copy, folder, { recursive: true })
      await house.reviveKeeper()
    }
    const old = await copyKeeper(folder)
    for (let times = 0; times < 30; times++) await grow()
    await ask()
    const signed = sizeOf((await witness.newest((await shown()).split('\n')[0]!))!)
    const newest = await copyKeeper(folder)

    await put(old)
    for (let times = 0; times < 3; times++) await ask()
    const [shorter] = await standing()
    expect(shorter).toMatchObject({ state: 'larger', cosigned: { size: signed } })
    expect(verifyCheckpoint(shorter!.held!, parseVkey(await vkey())!)?.size).toBe(signed)
    expect(signersOf(shorter!.held!, witness)).toEqual(['witness.example/strict'])

    // The real key signs another history of the same length and beyond.
    while ((await house.house.keeper.status()).size < signed) await grow()
    await ask()
    await grow()
    for (let times = 0; times < 3; times++) await ask()
    expect(await standing()).toMatchObject([{ state: 'other', cosigned: { size: signed } }])
    expect(await alarms()).toEqual([...before, 'larger', 'other'])
    expect(witness.output).toContain(`has signed two different trees of ${signed} entries`)

    await put(newest)
    await ask()
    expect(await standing()).toMatchObject([{ state: 'cosigned', held: null }])
    expect(await alarms()).toEqual([...before, 'over'])
    // What the fork has written is gone with it: the witness and the officers' page are who knows of it.
  })
})

describe('what is kept of signatures', () => {
  it('is the newest hundred of each witness, and the server can take nothing away', async () => {
    const add = (size: number) =>
      house.database.query(
        `insert into cosigned_checkpoint (witness, size, note, cosignature, cosigned_at)
         values ('w', $1, 'n', 'c', now())`,
        [size],
      )
    for (let size = 0; size < 130; size++) await add(size)
    const rows = await house.owner.query<{ size: number }>(
      `select size from cosigned_checkpoint where witness = 'w' order by size`,
    )
    expect(rows.map(row => row.size)).toEqual(Array.from({ length: 100 }, (_, at) => at + 30))
    for (const sql of [
      'delete from cosigned_checkpoint',
      `update cosigned_checkpoint set note = ''`,
      'delete from witness_standing',
      'truncate cosigned_checkpoint',
      `update witness_standing set asked_since = now()`,
    ])
      await expect(house.database.query(sql), sql).rejects.toMatchObject({ code: '42501' })
  })
})
