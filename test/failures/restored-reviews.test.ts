import { afterAll, beforeAll, expect, test } from 'vitest'
import { findSession, type Session } from '../../src/identity/session.ts'
import { object } from '../../src/use/duplicate-objection.ts'
import { searchDuplicates } from '../../src/use/duplicate-search.ts'
import { closeTask, takeTask } from '../../src/use/task.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { backUp, removeBackup, reopen } from '../restored-house.ts'
import { buildWorld, type CustomerInWorld, type World } from '../world.ts'

// What was decided after the backup, and what somebody said against it, counts after the restore too.

let before: TestHouse
let house: TestHouse
let world: World
let folder: string
const tasks: Record<'contested' | 'different' | 'later', string> = { contested: '', different: '', later: '' }
let unclear: Record<string, number>

let joined = 0
async function joinTwice(surname: string): Promise<[CustomerInWorld, CustomerInWorld]> {
  const phone = `+39347555${String(1000 + ++joined)}`
  const join = () => world.join({ name: `Elsa ${surname}`, phone })
  return [await join(), await join()]
}

const sessionOf = async (room: 'work' | 'portal', token: string): Promise<Session> =>
  (await findSession(before.house.database, before.clock.now(), room, token))!

const taskOf = async (at: TestHouse, { id }: CustomerInWorld): Promise<string> =>
  (await at.owner.one<{ task: string }>('select task from duplicate where subject = $1 or other = $1', [id]))
    .task

async function decide(task: string, outcome: 'same' | 'not_same'): Promise<void> {
  const ben = await sessionOf('work', world.ben.session.token)
  await takeTask(before.house, ben, task)
  await closeTask(before.house, ben, task, outcome)
}

beforeAll(async () => {
  before = await openHouse()
  world = await buildWorld(before)
  const contested = await joinTwice('Frangipane')
  const different = await joinTwice('Gherardesca')
  const later = await joinTwice('Malaspina')
  await searchDuplicates(before.house)
  tasks.contested = await taskOf(before, contested[0])
  tasks.different = await taskOf(before, different[0])
  // As if these two were found after the backup.
  await before.owner.query('delete from duplicate where task = $1', [await taskOf(before, later[0])])
  folder = await backUp(before)
  await searchDuplicates(before.house)
  tasks.later = await taskOf(before, later[0])
  await decide(tasks.contested, 'same')
  await decide(tasks.different, 'not_same')
  await object(before.house, await sessionOf('portal', contested[1].session.token), tasks.contested)
  const reopened = await reopen(folder, before)
  house = reopened.house
  unclear = reopened.restored.counts.unclear
}, 120_000)

afterAll(async () => {
  await house.close()
  await removeBackup(folder)
})

test('a decision counts, and so does the word of who says that they are somebody else', async () => {
  const rows = await house.owner.query<{ task: string; outcome: string; objected: boolean }>(
    `select d.task, c.outcome, o.task is not null as objected
       from duplicate d join task_closure c on c.task = d.task
       left join duplicate_objection o on o.task = d.task`,
  )
  const byTask = Object.fromEntries(rows.map(({ task, ...row }) => [task, row]))
  expect(byTask).toEqual({
    [tasks.contested]: { outcome: 'same', objected: true },
    [tasks.different]: { outcome: 'not_same', objected: false },
  })
  expect(unclear).toEqual({})
})

test('nobody is asked again about whom it was decided, and who was found later is found again', async () => {
  await searchDuplicates(house.house)
  const found = await house.owner.query<{ task: string }>('select task from duplicate')
  expect(found).toHaveLength(3)
  expect(found.map(row => row.task)).toEqual(expect.arrayContaining([tasks.contested, tasks.different]))
  expect(found.map(row => row.task)).not.toContain(tasks.later)
})
