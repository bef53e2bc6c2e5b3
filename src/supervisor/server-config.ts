import type pg from 'pg'
import type { Provider } from '../core/provider-choice.ts'
import type { WitnessChoice } from '../core/witness-choice.ts'

/** What the supervisor hands to the server process, over their channel and never on a command line. */
export interface ServerConfig {
  server: pg.PoolConfig
  worker: pg.PoolConfig
  keeperSocket: string
  /** The keeper's log, which the server only reads, and only to check it. */
  logFolder: string
  host: string
  port: number
  publicUrl: string
  demo: boolean
  /** PostgreSQL could write values into its log: customers are not let in. */
  closedToCustomers: boolean
  /** The card module is on. */
  cardNumbers: boolean
  leadsPerDay: number
  smtpUrl: string | null
  mailFrom: string
  witnesses: WitnessChoice[]
  provider: Provider | null
}

/** What the server process answers: that it listens, or in one line why it does not. */
export type ServerMessage = { ready: true } | { failed: string }
