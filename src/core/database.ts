import { hash } from 'node:crypto'
import pg from 'pg'
import { Refusal } from './refusal.ts'

/** int8 as a number: ids that count stay far below 2^53, and a larger one must not be rounded in silence. */
function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new Error('an int8 is outside the safe range')
  return value
}

const types = new pg.TypeOverrides()
types.setTypeParser(pg.types.builtins.INT8, safeInteger)
types.setTypeParser(pg.types.builtins.DATE, text => text)
const int8Array = 1016
types.setTypeParser(int8Array, text => text.slice(1, -1).split(',').filter(Boolean).map(safeInteger))

export interface Queryable {
  /** All rows. */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>
  /** The only row; none: refused as `not_found`. */
  one<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row>
  /** The only row, or null. */
  maybe<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row | null>
}

type Runner = Pick<pg.PoolClient, 'query'>

const names = new Map<string, string>()

/** A statement's name: the program's statements are few and fixed, values are always parameters. */
function nameOf(sql: string): string {
  const known = names.get(sql)
  if (known !== undefined) return known
  const name = hash('sha256', sql, 'base64url').slice(0, 22)
  if (names.size < 2000) names.set(sql, name)
  return name
}

abstract class Queries implements Queryable {
  protected abstract runner(): Runner

  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const values = parameters as unknown[]
    const result = await this.runner().query(
      // A statement with a name is parsed and planned once for each connection.
      values.length === 0 ? { text: sql } : { name: nameOf(sql), text: sql, values },
    )
    return result.rows as Row[]
  }

  async one<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row> {
    const row = await this.maybe<Row>(sql, parameters)
    if (row === null) throw new Refusal('not_found', { why: 'a row that must exist does not' })
    return row
  }

  async maybe<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row | null> {
    return (await this.query<Row>(sql, parameters))[0] ?? null
  }
}

/** A transaction under way. Whatever changes something takes one first, so that nothing changes outside. */
export class Tx extends Queries {
  readonly #client: pg.PoolClient

  constructor(client: pg.PoolClient) {
    super()
    this.#client = client
  }

  protected override runner(): Runner {
    return this.#client
  }
}

const mayBeRepeated = new Set(['40001', '40P01'])

async function repeated<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act()
    } catch (error) {
      if (attempt >= 3 || !mayBeRepeated.has(sqlState(error))) throw error
    }
  }
}

/** The SQLSTATE of a database error, or '' for any other. */
export const sqlState = (error: unknown): string =>
  error instanceof pg.DatabaseError ? (error.code ?? '') : ''

/** The constraint that a database error names, or ''. */
export const brokenConstraint = (error: unknown): string =>
  error instanceof pg.DatabaseError ? (error.constraint ?? '') : ''

const goingAway = /^(57P0[123]|08...)$/
// As pg words it: these errors carry no code.
const terminated = /^(Connection terminated|Client has encountered a connection error|timeout exceeded when)/

/** Whether PostgreSQL is not there, is ending or is beginning: not a bug, and it passes. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return goingAway.test(error.code ?? '')
  const { syscall, code, message } = error as NodeJS.ErrnoException
  if (syscall === 'connect' || code === 'EPIPE' || code === 'ECONNRESET') return true
  return error instanceof Error && terminated.test(message)
}

/** A pool of connections in one role. */
export class Database extends Queries {
  readonly pool: pg.Pool

  constructor(options: pg.PoolConfig) {
    super()
    // Kept open while idle: a new connection makes its first statement of each kind ten times slower.
    const idle = { idleTimeoutMillis: 0, keepAlive: true, keepAliveInitialDelayMillis: 60_000 }
    this.pool = new pg.Pool({ max: 10, ...idle, ...options, types })
    // A backend that goes away while idle is the supervisor's matter; the next query connects again.
    this.pool.on('error', () => {})
    this.pool.on('connect', client => client.on('error', () => {}))
  }

  protected override runner(): Runner {
    return this.pool as unknown as Runner
  }

  /**
   * Runs `act` in one transaction; a throw rolls all of it back. Deadlocks and serialisation failures are
   * repeated, three times at most: `act` must therefore do nothing outside the database.
   */
  async transaction<T>(act: (tx: Tx) => Promise<T>): Promise<T> {
    return repeated(() => this.#attempt(act))
  }

  /** A statement by itself is a transaction, and repeated like one. */
  override async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return repeated(() => super.query<Row>(sql, parameters))
  }

  async #attempt<T>(act: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.pool.connect()
    try {
      await client.query('begin')
      const result = await act(new Tx(client))
      await client.query('commit')
      client.release()
      return result
    } catch (error) {
      const broken = await client.query('rollback').then(
        () => false,
        () => true,
      )
      client.release(broken)
      throw error
    }
  }

  async end(): Promise<void> {
    await this.pool.end()
  }
}
