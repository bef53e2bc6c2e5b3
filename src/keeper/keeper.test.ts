import { spawnSync } from 'node:child_process'
import { randomUUID, verify } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyKeeper, type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { sealPeople, sealPerson, takeGrant } from '../../test/sealed-person.ts'
import { keyOf, verifyBundle, verifyKeeper } from './checkpoint.ts'
import { keeperArguments } from './client.ts'

let keeper: KeeperProcess

beforeAll(async () => {
  keeper = await startKeeper()
})

afterAll(() => keeper.stop())

test('what a customer takes away proves itself without the keeper', async () => {
  const { client } = keeper
  const [ana, bea] = await sealPeople(client, 2)
  const grant = await takeGrant(client, [ana!, bea!], { actorSlot: bea!.trail })
  for (let times = 0; times < 3; times++) {
    await client.open({ ...grant, fields: ['email'], items: [ana!.box, bea!.box] })
  }
  const own = await takeGrant(client, [ana!], { kind: 'portal', fields: ['*'] })
  const { entries } = await client.entries({ ...own, trailSlot: ana!.trail })
  const proofs = await client.proof(entries.map(entry => entry.index))
  const { vkey } = await client.status()
  expect(verifyBundle({ entries, proofs }, vkey)).toMatchObject({ ok: true, entries: 6, firstSeq: 1 })
  const [first, , ...rest] = entries
  expect(verifyBundle({ entries: [first!, ...rest], proofs }, vkey)).toMatchObject({ ok: false })
  expect(await verifyKeeper(await copyKeeper(keeper.folder), { vkey })).toMatchObject({
    ok: true,
    compared: [{ name: 'the custodian file', elsewhere: false }],
  })
})

test('a long trail comes in pages, each entry once', { timeout: 60_000 }, async () => {
  const { client } = keeper
  const [ana] = await sealPeople(client, 1)
  const body = { kind: 'consent', actor: 'customer', subject: ana!.alias, result: 'given' }
  const acts = Array.from({ length: 450 }, () => randomUUID())
  await client.append(
    acts.map((act, at) => ({
      id: randomUUID(),
      number: at + 1,
      trailSlot: ana!.trail,
      body: { ...body, act },
    })),
  )
  const own = await takeGrant(client, [ana!], { kind: 'portal', fields: ['*'] })
  const seen: string[] = []
  let after: number | undefined
  for (let page = 1; ; page++) {
    const { entries, more } = await client.entries({
      ...{ ...own, trailSlot: ana!.trail },
      ...(after === undefined ? {} : { after }),
    })
    seen.push(
      ...entries
        .map(entry => JSON.parse(entry.body))
        .filter(one => one.kind === 'consent')
        .map(one => one.act),
    )
    after = entries.at(-1)!.index
    if (!more) break
    expect(page).toBeLessThan(4)
  }
  expect(seen).toEqual(acts)
})

test('a receipt is signed with the organisation’s receipt key, and a checkpoint cannot be had that way', async () => {
  const { client } = keeper
  const ana = await sealPerson(client)
  const act = randomUUID()
  const { index } = await client.shred({
    ...{ act, subject: { trailSlot: ana.trail, alias: ana.alias }, actor: 'customer' },
    ...{ slots: [ana.contact], reason: 'withdrawal' },
  })
  const receipt = {
    ...{ custode_receipt: 1, kind: 'withdrawal', act, slots: [ana.contact] },
    ...{ entry: { index }, destruction: { t1: null } },
  }
  const bytes = Buffer.from(JSON.stringify(receipt))
  const { signature, publicKey } = await client.sign(bytes)
  expect(publicKey.toString('base64')).toBe((await client.status()).receiptKey)
  expect(verify(null, bytes, keyOf(publicKey), signature)).toBe(true)
  expect(verify(null, Buffer.from('{"kind":"other"}'), keyOf(publicKey), signature)).toBe(false)
  expect((await client.status()).vkey).not.toContain(publicKey.toString('base64').slice(0, 20))
  for (const other of [
    {},
    null,
    { kind: 'withdrawal' },
    { ...receipt, act: randomUUID() },
    { ...receipt, slots: [ana.contact, ana.trail] },
    { ...receipt, slots: [] },
    { ...receipt, entry: { index: index - 1 } },
    { ...receipt, destruction: { t1: '2026-01-02T03:04:05.006Z' } },
    { ...receipt, destruction: undefined },
  ])
    await expect(client.sign(Buffer.from(JSON.stringify(other)))).rejects.toMatchObject({ code: 'malformed' })
  await client.roll()
  const destroyed = { ...receipt, destruction: { t1: '2026-01-02T03:04:05.006Z' } }
  await client.sign(Buffer.from(JSON.stringify(destroyed)))
})

test('an organisation keeps its id, its keys and its fingerprints through restarts and rolls', async () => {
  const { client } = keeper
  const [ana] = await sealPeople(client, 1)
  const item = [{ kind: 'email', value: 'ana@example.org' }]
  const { organisation, vkey, receiptKey } = await client.status()
  const token = await client.fingerprint(item)
  const subject = { trailSlot: ana!.trail, alias: ana!.alias }
  await client.shred({
    act: randomUUID(),
    subject,
    actor: 'customer',
    slots: [ana!.contact],
    reason: 'withdrawal',
  })
  await client.roll()
  keeper = await keeper.restart()
  expect(await keeper.client.status()).toMatchObject({ organisation, vkey, receiptKey })
  expect(await keeper.client.fingerprint(item)).toEqual(token)
  const other = await startKeeper()
  expect(await other.client.fingerprint(item)).not.toEqual(token)
  await other.stop()
})

test('nothing personal lies in the keeper’s folder, nor does a key outside the custodian', async () => {
  const { client } = keeper
  const [ana] = await sealPeople(client, 1)
  const grant = await takeGrant(client, [ana!])
  await client.open({ ...grant, fields: ['*'], items: [ana!.box] })
  const key = (
    await readFile(join(keeper.folder, 'custodian', `epoch-${(await client.status()).epoch}`))
  ).subarray(1)
  const files = await readdir(keeper.folder, { recursive: true, withFileTypes: true })
  const names = files.filter(file => file.isFile()).map(file => join(file.parentPath, file.name))
  expect(names.length).toBeGreaterThan(10)
  for (const name of names) {
    const bytes = await readFile(name)
    for (const secret of ['example.org', ana!.alias, ana!.customer, grant.secret]) {
      expect(bytes.includes(secret), `${name} holds a secret`).toBe(false)
    }
    if (!name.includes('/custodian/')) expect(bytes.includes(key), name).toBe(false)
  }
  expect(keeper.said()).toBe('')
})

test('under its flags the keeper reads and writes its own folders and starts nothing', () => {
  const flags = keeperArguments({ folder: keeper.folder, socket: keeper.socket }).filter(flag =>
    flag.startsWith('--a'),
  )
  expect(flags.filter(flag => flag.startsWith('--allow-fs-write')).map(flag => flag.split('=')[1])).toEqual([
    ...[keeper.folder, dirname(keeper.socket)],
  ])
  const attempts = [
    "require('fs').readFileSync('/etc/passwd')",
    `require('fs').writeFileSync(${JSON.stringify(join(import.meta.dirname, 'written'))}, '')`,
    "require('child_process').spawnSync('true')",
    "new (require('worker_threads').Worker)('', { eval: true })",
    'process.dlopen({ exports: {} }, "/lib/any.node")',
  ]
  for (const attempt of attempts) {
    const { stderr, status } = spawnSync(process.execPath, ['--permission', ...flags, '-e', attempt], {
      encoding: 'utf8',
    })
    expect(status, attempt).not.toBe(0)
    expect(stderr, attempt).toMatch(/ERR_ACCESS_DENIED|ERR_DLOPEN_DISABLED/)
  }
})
