import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { KeeperClient } from './client.ts'

let keeper: KeeperProcess

beforeAll(async () => {
  keeper = await startKeeper()
})

afterAll(() => keeper.kill())

test('where nobody listens there is no client', async () => {
  const nobody = join(await mkdtemp(join(tmpdir(), 'nobody-')), 'keeper')
  await expect(KeeperClient.connect(nobody)).rejects.toMatchObject({ code: 'unavailable' })
})

test('many requests share one connection, and each hears its own answer', async () => {
  const values = Array.from({ length: 600 }, (_, at) => `value ${at}`)
  const one = await Promise.all(values.map(value => keeper.client.fingerprint([{ kind: 'code', value }])))
  const all = await keeper.client.fingerprint(values.map(value => ({ kind: 'code', value })))
  expect(one.flat()).toEqual(all)
})

test('when the keeper dies requests fail, and the client is back when the keeper is', {
  timeout: 60_000,
}, async () => {
  const { folder, socket } = keeper
  const client = await KeeperClient.connect(socket)
  const { issued } = await client.status()
  const open = client.lease(1)
  await Promise.allSettled([open, keeper.kill()])
  await expect(client.status()).rejects.toMatchObject({ code: 'unavailable' })
  // Asked all the time, also in the moment of connecting: refused as unavailable or answered, never anything else.
  const heard = new Set<string>()
  let back = false
  const ready = client.ready().then(() => {
    back = true
  })
  const asking = (async () => {
    while (!back) {
      heard.add(
        await client.status().then(
          () => 'answered',
          error => error.code,
        ),
      )
      await new Promise(resolve => setImmediate(resolve))
    }
  })()
  keeper = await startKeeper({ folder, socket })
  await Promise.all([ready, asking])
  expect([...heard].filter(code => code !== 'unavailable' && code !== 'answered')).toEqual([])
  expect((await client.status()).issued).toBeGreaterThanOrEqual(issued)
  await client.close()
})

test('a closed client answers nothing, and whoever waits for it is told', async () => {
  const client = await KeeperClient.connect(keeper.socket)
  const open = client.lease(1).then(
    () => 'answered',
    error => error.code,
  )
  await client.close()
  expect(await open).toBe('unavailable')
  await expect(client.status()).rejects.toMatchObject({ code: 'unavailable' })
  await expect(client.ready()).rejects.toMatchObject({ code: 'unavailable' })
})
