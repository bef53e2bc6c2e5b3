import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runningAccess } from '../../src/supervisor/embedded.ts'
import { Program } from '../program.ts'

// PostgreSQL is killed as by the kernel, with everything that it had in memory: the index of addresses is then empty. Until it is
// built anew nobody may be taken for somebody who is not known.

let program: Program
const folder = (name: string) => join(program.folder, 'custode-demo', name)

beforeAll(async () => {
  program = await Program.make()
  expect({ started: await program.start('--demo'), said: program.output }).toMatchObject({ started: true })
}, 120_000)
afterAll(() => program.remove())

const killPostmaster = () =>
  process.kill(
    Number(readFileSync(join(folder('data'), 'db', 'postmaster.pid'), 'utf8').split('\n')[0]),
    'SIGKILL',
  )

async function ask<Row>(sql: string): Promise<Row[]> {
  const client = new pg.Client(await runningAccess(folder('data'), 'postgres', 'custode'))
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const people = 240
const address = (at: number) => `known.${at}@example.org`
const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

async function bringIn(): Promise<{ code: number | null; output: string }> {
  const header = 'reference,name,email,phone,purposes,consent_date,consent_source'
  const lines = Array.from(
    { length: people },
    (_, at) => `p-${at},Ada Corvo,${address(at)},,service,2025-05-31,till-form`,
  )
  await writeFile(join(program.folder, 'people.csv'), [header, ...lines, ''].join('\n'))
  return program.run(['import', 'customers', 'people.csv', '--demo'])
}

/** The status of asking for a code; 0 where the server could not be reached. */
const askForCode = (at: number): Promise<number> =>
  fetch(`${program.url}/api/v1/portal/codes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: `http://localhost:${program.port}` },
    body: JSON.stringify({ email: address(at), language: 'it' }),
  }).then(
    answer => answer.status,
    () => 0,
  )

async function untilUp(): Promise<void> {
  for (;;) {
    const answer = await fetch(`${program.url}/api/v1/company`).catch(() => null)
    if (answer?.status === 200) return
    await pause(100)
  }
}

describe('a PostgreSQL that is killed', { timeout: 120_000 }, () => {
  it('while a file comes in: every line is kept once, by going on', async () => {
    let ended = false
    const importing = (async () => {
      for (let tries = 1; ; tries++) {
        const { code } = await bringIn()
        if (code === 0) return tries
        if (tries === 20) throw new Error('the import never came to its end')
        await untilUp()
      }
    })().finally(() => {
      ended = true
    })
    for (let kills = 0; kills < 3 && !ended; kills++) {
      await pause(900)
      await untilUp()
      killPostmaster()
    }
    await importing
    await untilUp()
    const again = await bringIn()
    expect(again.output).toMatch(new RegExp(`known {4}${people}`))
    const [{ references, customers }] = (await ask(
      `select count(*)::int as references, count(distinct subject)::int as customers
         from customer_reference where reference like 'p-%'`,
    )) as [{ references: number; customers: number }]
    expect({ references, customers }).toEqual({ references: people, customers: people })
  })

  it('while customers sign in: whoever is known is never taken for somebody new', async () => {
    await untilUp()
    const statuses: number[] = []
    // Thirty a minute are let through from one place.
    for (let round = 0; round < 2; round++) {
      const asking = Array.from({ length: 7 }, async (_, at) => {
        await pause(at * 60)
        statuses.push(await askForCode(round * 7 + at))
      })
      await pause(250)
      killPostmaster()
      await Promise.all(asking)
      for (let at = 0; at < 3; at++) {
        statuses.push(await askForCode(200 + round * 3 + at))
        await pause(100)
      }
      await untilUp()
    }
    for (let tries = 0; tries < 30; tries++) {
      const status = await askForCode(199)
      statuses.push(status)
      if (status === 202) break
      await pause(1000)
    }
    expect(statuses.filter(status => ![0, 202, 503].includes(status))).toEqual([])
    expect(statuses).toContain(202)
    expect(statuses.some(status => status === 503 || status === 0)).toBe(true)
    const applicants = await ask(`select 1 from subject where kind = 'applicant'`)
    expect(applicants).toEqual([])
    const letters = await ask<{ kind: string }>(
      `select distinct s.kind from letter l join subject s on s.id = l.subject`,
    )
    expect(letters).toEqual([{ kind: 'customer' }])
  })
})
