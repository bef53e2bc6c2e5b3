import type pg from 'pg'
import { expect, vi } from 'vitest'
import { type Database, sqlState } from '../../src/core/database.ts'
import { newId } from '../../src/core/ids.ts'

const outcome = (act: Promise<unknown>): Promise<string> => act.then(() => 'none', sqlState)

/**
 * Statements that fail, by the SQLSTATE they fail with. PostgreSQL's message or detail quotes what failed in most of
 * them. The value is a parameter, as in all statements of ours, but where it stands as a literal: no code of ours does.
 */
const failing: [state: string, sql: (value: string) => string][] = [
  [
    '23505',
    () => `insert into subject (id, kind, alias, trail, made_at)
           select gen_random_uuid(), 'applicant', $1, 900000 + n, now() from generate_series(1, 2) n`,
  ],
  [
    '23503',
    () => `insert into box (subject, compartment, row, version, slot, bytes)
           values (gen_random_uuid(), $1, gen_random_uuid(), 1, 900000, '\\x00')`,
  ],
  [
    '23514',
    () => `insert into customer_reference (source, reference, subject, slot)
           values ($1, 'R', gen_random_uuid(), 900000)`,
  ],
  ['23502', () => 'insert into customer_reference (source, reference, slot) values ($1, $1, 900000)'],
  ['22P02', () => 'select 1 from subject where id = $1::text::uuid'],
  ['22P02', () => 'select $1::text::integer'],
  ['22P02', () => 'select $1::text::jsonb'],
  ['22007', () => 'select $1::text::timestamptz'],
  ['22012', () => 'select length($1) / (length($1) - length($1))'],
  ['22021', () => `select $1 || convert_from('\\xff', 'utf8')`],
  ['2201B', () => `select 'x' ~ ('(' || $1)`],
  ['42501', () => 'update subject set alias = $1'],
  ['42601', value => `select '${value}' from from where $1 = ''`],
  ['42703', value => `select "${value}" from subject where alias = $1`],
  ['42P01', value => `select $1 from "${value}"`],
]

const runIn = async (client: pg.PoolClient, sql: string, value: string): Promise<void> => {
  await client.query(sql, sql.includes('$1') ? [value] : [])
}

/** Two sessions of one role that take each other's rows; ends both. */
async function withTwo(
  database: Database,
  value: string,
  begin: string,
  act: (
    one: pg.PoolClient,
    other: pg.PoolClient,
    update: (row: string) => [string, string[]],
  ) => Promise<void>,
): Promise<void> {
  const rows = [newId(), newId()]
  for (const id of rows)
    await database.query(
      `insert into import (id, kind, source, file_hash, started_at) values ($1, 'customers', $2, '\\x00', now())`,
      [id, value],
    )
  const clients = [await database.pool.connect(), await database.pool.connect()] as const
  try {
    for (const client of clients) await client.query(begin)
    const update = (which: string): [string, string[]] => [
      'update import set kept = kept + length($2) where id = $1',
      [rows[Number(which)]!, value],
    ]
    await act(...clients, update)
  } finally {
    for (const client of clients) {
      await client.query('rollback')
      client.release()
    }
  }
}

const deadlock = (database: Database, value: string): Promise<void> =>
  withTwo(database, value, 'begin', async (one, other, update) => {
    await one.query(...update('0'))
    await other.query(...update('1'))
    const both = await Promise.all([
      outcome(one.query(...update('1'))),
      outcome(other.query(...update('0')).then(() => other.query('rollback'))),
    ])
    expect(both).toContain('40P01')
  })

const serialisation = (database: Database, value: string): Promise<void> =>
  withTwo(database, value, 'begin isolation level repeatable read', async (one, other, update) => {
    await other.query('select count(*) from import')
    await one.query(...update('0'))
    await one.query('commit')
    expect(await outcome(other.query(...update('0')))).toBe('40001')
    // Whatever comes after it in that transaction.
    expect(await outcome(other.query(...update('1')))).toBe('25P02')
  })

async function timeouts(database: Database, value: string): Promise<void> {
  const client = await database.pool.connect()
  const sleeping = 'select pg_sleep(20), $1::text'
  try {
    await client.query(`begin; set local statement_timeout = '50ms'`)
    expect(await outcome(client.query(sleeping, [value]))).toBe('57014')
    await client.query('rollback')
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const cancelled = outcome(client.query(sleeping, [value]))
    await vi.waitUntil(async () => {
      const { done } = await database.one<{ done: boolean }>(
        `select coalesce(bool_or(wait_event = 'PgSleep' and pg_cancel_backend(pid)), false) as done
           from pg_stat_activity where pid = $1`,
        [rows[0]!.pid],
      )
      return done
    })
    expect(await cancelled).toBe('57014')
  } finally {
    client.release()
  }
}

/** Makes the server's role run into every class of error that PostgreSQL has for it, with these values in hand. */
export async function provokeErrors(server: Database, values: readonly string[]): Promise<void> {
  const value = values.join(' ')
  const client = await server.pool.connect()
  try {
    for (const [state, sql] of failing)
      expect(await outcome(runIn(client, sql(value), value)), sql('…')).toBe(state)
  } finally {
    client.release()
  }
  await deadlock(server, value)
  await serialisation(server, value)
  await timeouts(server, value)
}
