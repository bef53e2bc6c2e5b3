import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { addApplicantErasure } from '../../src/collection/applicant.ts'
import { newId } from '../../src/core/ids.ts'
import { trailEnd } from '../../src/disposal/erasure.ts'
import { resumeErasures } from '../../src/disposal/resumption.ts'
import { withdraw } from '../../src/disposal/withdrawal.ts'
import { customerImport } from '../../src/storage/customer.import.ts'
import { importFile } from '../../src/storage/import.ts'
import { rebuildAddresses } from '../../src/use/address-index.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { type Leaver, newLeaver } from '../leaver.ts'
import { signInAs } from '../portal.ts'
import { backUp, removeBackup, reopen } from '../restored-house.ts'
import { buildWorld, type World } from '../world.ts'

// After a restore the operator is told to run imports again. Whoever left since the backup was made must not come back by
// an old file, though the restored database has never known them.

const day = 86_400_000

/** What becomes of a file with one customer's line when it is imported after the restore of an older database. */
async function importAfter(
  whatHappenedSince: (house: TestHouse, world: World) => Promise<void>,
  about: { evidence: 'older' | 'newer' },
) {
  const before = await openHouse()
  const world = await buildWorld(before)
  const folder = await backUp(before)
  await whatHappenedSince(before, world)
  const { house } = await reopen(folder, before)
  try {
    expect(await recordsOf(house)).toEqual(await recordsOf(before))
    await rebuildAddresses(house.house)
    house.clock.advance(2 * day)
    const agreed = about.evidence === 'older' ? '2025-05-31' : house.clock.now().toISOString().slice(0, 10)
    return await importLine(house, `c-1,Zaira Quondamatteo,zaira@example.org,,service,${agreed},till-form`)
  } finally {
    await house.close()
    await before.app.close()
    await removeBackup(folder)
  }
}

const recordsOf = ({ owner }: TestHouse) => owner.query('select act, slots from erasure order by entry')

async function importLine({ house }: TestHouse, line: string) {
  const file = join(tmpdir(), `custode-returning-${newId()}.csv`)
  const header = 'reference,name,email,phone,purposes,consent_date,consent_source'
  await writeFile(file, `${header}\n${line}\n`)
  const { kept, refused } = await importFile(house, { adapter: customerImport, file, source: 'till' })
  await rm(file)
  return { kept, refused: refused.map(({ code }) => code) }
}

async function joinAndLeave(house: TestHouse, world: World): Promise<void> {
  const leaver = await newLeaver(house, world, { email: 'zaira@example.org' })
  await shredUncovered(house, leaver)
  await withdraw(house.house, leaver.session)
}

/** As a restore does with what was covered by a consent that it has lost. */
async function shredUncovered({ house }: TestHouse, { slots, trail, alias }: Leaver): Promise<void> {
  await house.keeper.shred({
    ...{ act: newId(), actor: 'system', reason: 'consent', slots: [slots.purchases!] },
    subject: { trailSlot: trail, alias },
  })
  await resumeErasures(house)
}

const refused = { kept: 0, refused: ['evidence_before_withdrawal'] }

it('whoever joined and left after the backup is not brought back by an old file', async () => {
  expect(await importAfter(joinAndLeave, { evidence: 'older' })).toEqual(refused)
})

it('nor once their trail is gone too, so that the log no longer says why they were erased', async () => {
  const happened = async (house: TestHouse, world: World) => {
    await joinAndLeave(house, world)
    const now = house.clock.now()
    house.clock.set(trailEnd(now))
    await resumeErasures(house.house)
    house.clock.set(now)
    expect(await house.owner.query(`select 1 from subject where kind = 'former'`)).toEqual([])
  }
  expect(await importAfter(happened, { evidence: 'older' })).toEqual(refused)
})

it('evidence that is newer than their withdrawal is as good as without a restore', async () => {
  expect(await importAfter(joinAndLeave, { evidence: 'newer' })).toEqual({ kept: 1, refused: [] })
})

it('an applicant who was forgotten, or what no consent covered any more, is nobody’s withdrawal', async () => {
  const happened = async (house: TestHouse, world: World) => {
    await signInAs(house, 'applicant@example.org')
    const applicant = await house.owner.one<{ id: string }>(`select id from subject where kind = 'applicant'`)
    await house.house.database.transaction(tx => addApplicantErasure(tx, applicant.id))
    await shredUncovered(house, await newLeaver(house, world))
    await house.work()
    expect(await house.owner.query(`select 1 from subject where kind = 'applicant'`)).toEqual([])
  }
  expect(await importAfter(happened, { evidence: 'older' })).toEqual({ kept: 1, refused: [] })
})
