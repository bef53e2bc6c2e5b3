import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import pino from 'pino'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { buildServer } from '../../src/server.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { disguisesOf, Searcher } from './disguise.ts'
import { markers } from './robbed-company.ts'
import { provokeErrors } from './sql-errors.ts'

const values = Object.values(markers)
const searcher = new Searcher(values)
let house: TestHouse

beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

test('a text is found in each of its disguises, in the middle of anything', () => {
  for (const [name, bytes] of disguisesOf(markers.name)) {
    const found = searcher.in(Buffer.concat([Buffer.from('\x00x'), bytes, Buffer.from('\xff')]))
    expect(found, name).toContain(`${markers.name} (${name})`)
  }
  const nested = JSON.stringify({ name: markers.name, phone: markers.phone })
  const both = new Set([markers.name, markers.phone])
  for (const padding of ['', ' ', '  '])
    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      const found = searcher.in(Buffer.from(Buffer.from(padding + nested).toString(encoding)))
      expect(new Set(found.map(one => one.split(' (')[0])), encoding).toEqual(both)
    }
  expect(searcher.in(Buffer.from(nested.normalize('NFD')))).toContain(`${markers.name} (utf-8 in NFD)`)
  expect(searcher.in(Buffer.from('nothing of it'))).toEqual([])
})

test('our own PostgreSQL’s log holds no value, whatever error a statement ends with', async ctx => {
  if (process.env.CUSTODE_TEST_DATABASE_URL !== undefined)
    return ctx.skip('the files of an external PostgreSQL cannot be read from here')
  await provokeErrors(house.database, values)
  const log = await readFile(join(inject('cluster').host, '..', 'log'))
  expect(log.toString()).toContain('ready to accept connections')
  expect(searcher.in(log)).toEqual([])
})

test('the server’s log and answer hold no value when a statement fails that quotes one', async () => {
  let said = ''
  const into = new Writable({
    write(chunk, _encoding, done) {
      said += chunk
      done()
    },
  })
  const app = await buildServer(house.house, pino({ level: 'trace' }, into))
  const sent = values.join(' ')
  const statements = ['select $1::text::integer', 'select $1::text::jsonb', `select length($1) / 0`]
  for (const [at, sql] of statements.entries())
    app.post(`/probes/${at}`, () => house.database.query(sql, [sent]))
  for (const at of statements.keys()) {
    const answer = await app.inject({
      ...{ method: 'POST', url: `/probes/${at}?value=${encodeURIComponent(sent)}`, payload: { sent } },
      ...{ headers: { 'x-sent': encodeURIComponent(sent) }, cookies: { sent } },
    })
    expect(answer.statusCode).toBe(500)
    expect(searcher.in(Buffer.from(answer.body))).toEqual([])
  }
  await app.close()
  expect(said.match(/at Database\.query/g)).toHaveLength(statements.length)
  expect(searcher.in(Buffer.from(said))).toEqual([])
})
