import type { KeeperClient } from '../keeper/client.ts'
import type { Clock } from './clock.ts'
import type { Database } from './database.ts'
import type { Post } from './mail.ts'
import type { Provider } from './provider-choice.ts'
import type { SlotLease } from './slot-lease.ts'
import type { Stopwatch } from './stopwatch.ts'
import type { WitnessChoice } from './witness-choice.ts'

/** What a server process works with: the database in its own role, the keeper, and where time and post come from. */
export interface House {
  database: Database
  keeper: KeeperClient
  clock: Clock
  /** By which answers wait that must not tell anything by their time. */
  stopwatch: Stopwatch
  slots: SlotLease
  post: Post
  /** The address people type, without a slash at the end: `http://localhost:8080`. */
  publicUrl: string
  /** True for the sample company: one-click sign-in, shown as such on every page. */
  demo: boolean
  /** True while something about this installation would not keep customers' data safe: the portal answers `not_open`. */
  closedToCustomers?: boolean
  /** True where the card module is on: whole card numbers may be asked for, sealed. */
  cardNumbers?: boolean
  /** The most addresses of files that are asked to join within a day; 200 unless told. */
  leadsPerDay?: number
  /** Where the keeper's log lies when it is on this machine: for checking it by reading alone. */
  logFolder?: string
  /** Who is asked to sign the log. */
  witnesses?: readonly WitnessChoice[]
  /** Who else is asked who a customer is, if anybody. */
  provider?: Provider | null
}
