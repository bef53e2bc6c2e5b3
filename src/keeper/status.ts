import type { Keeper } from './keeper.ts'
import type { KeeperStatus } from './requests.ts'

/** How the keeper stands. Names nobody, and no folder of this machine. */
export function statusOf(keeper: Keeper): KeeperStatus {
  const { custodians, places } = keeper.keybook
  return {
    organisation: keeper.organisation,
    logId: keeper.organisation,
    vkey: keeper.log.vkey,
    receiptKey: keeper.receiptVerifyKey.toString('base64'),
    size: keeper.log.size,
    epoch: keeper.keybook.epoch,
    issued: keeper.slots.issued,
    waiting: keeper.slots.waiting.length,
    shredsPending: keeper.shreds.pending().length,
    grants: keeper.grants.count(keeper.now()),
    custodians: custodians.map(({ id, kind }) => ({ id, kind })),
    places: places.length,
    unreached: unreachedBy(keeper),
    searchable: keeper.people.whole,
    settled: keeper.isSettled,
    recoveries: keeper.recoveries
      .all()
      .map(({ id, until }) => ({ id, until: new Date(until).toISOString() })),
    leftOut: keeper.custody.all(),
  }
}

/** A place is told by its number in the configuration, counted from 1: its folder is nobody's business. */
function unreachedBy(keeper: Keeper): string[] {
  const names = new Set(keeper.unreached)
  const { custodians, places } = keeper.keybook
  return [
    ...custodians.filter(({ id }) => names.has(`the custodian ${id}`)).map(({ id }) => `custodian/${id}`),
    ...places.flatMap(({ name }, at) => (names.has(name) ? [`place/${at + 1}`] : [])),
  ]
}
