import { ChangeNumbers } from './change-numbers.ts'
import { Custody } from './custody.ts'
import { Floors } from './floors.ts'
import { GrantReplay } from './grant-replay.ts'
import { Intakes } from './intakes.ts'
import type { LogRecord } from './log.ts'
import { Recoveries } from './recovery.ts'
import type { RollIntent } from './roll-recovery.ts'
import { SearchReplay } from './searches.ts'
import { Shreds } from './shreds.ts'
import { Slots } from './slots.ts'
import { WaitingPeriods } from './waiting-periods.ts'

/** What the log says, gathered while it is read at start. */
export class Replayed {
  readonly slots = new Slots()
  readonly floors = new Floors()
  readonly changes: ChangeNumbers
  readonly shreds = new Shreds()
  readonly intakes = new Intakes()
  readonly recoveries = new Recoveries()
  readonly custody = new Custody()
  readonly periods = new WaitingPeriods()
  readonly grants: GrantReplay
  readonly searches: SearchReplay
  intent: RollIntent | null = null
  rolled = 1

  constructor(now: number, restoring: boolean) {
    this.changes = new ChangeNumbers(restoring)
    this.grants = new GrantReplay(now)
    this.searches = new SearchReplay(now)
  }

  take(record: LogRecord): void {
    const { control, index, trailSlot, time } = record
    if (control === null) return
    this.slots.replay(control)
    this.intakes.replay(control)
    this.floors.replay(control)
    this.changes.replay(control, index, trailSlot)
    this.recoveries.replay(control, time)
    this.custody.replay(control)
    this.periods.replay(control)
    this.shreds.replay(control, { index, trailSlot, time, epoch: this.rolled })
    this.grants.replay(control, record)
    this.searches.replay(control, record)
    if (control.roll !== undefined) this.intent = control.roll as RollIntent
    if (control.rolled !== undefined) this.rolled = (control.rolled as RollIntent).epoch
  }
}
