import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Program } from '../../test/program.ts'
import { socketFolder } from '../core/embedded-database.ts'
import { openSampleCompany } from '../supervisor/demo-company.ts'
import { runningAccess } from '../supervisor/embedded.ts'
import { withHouse } from '../supervisor/restored-database.ts'

// The command as it is typed, on an installation that runs and then does not.

let program: Program
let owner: pg.Client
beforeAll(async () => {
  program = await Program.make()
  if (!(await program.start())) throw new Error(program.output)
  const data = join(program.folder, 'data')
  const access = await runningAccess(data, 'custode_server')
  await withHouse(access, join(socketFolder(data), 'keeper', 'keeper.sock'), openSampleCompany)
  owner = new pg.Client(await runningAccess(data, 'custode_owner'))
  await owner.connect()
}, 120_000)
afterAll(() => program.remove())

const count = async (): Promise<number> =>
  (await owner.query('select count(*)::int as count from log_entry')).rows[0].count

it('makes the table anew beside a running Custode, and says how the old one was', async () => {
  while ((await count()) === 0) await wait(100)
  expect(await program.run(['log', 'project', '--check'])).toEqual({
    ...{ code: 0, output: expect.stringMatching(/the table holds what the log does: \d+ entries/) },
  })
  await owner.query(`update log_entry set kind = 'reading' where index = 0`)
  expect(await program.run(['log', 'project', '--check'])).toEqual({
    code: 1,
    output: expect.stringContaining('the table differs from the log, first at entry 0: custode log project'),
  })
  const made = await program.run(['log', 'project'])
  expect(made).toEqual({
    code: 0,
    output: expect.stringMatching(
      /made anew from \d+ entries; before: the table differs from the log, first at entry 0\n/,
    ),
  })
  expect(made.output).toContain('100 %')
  expect((await program.run(['log', 'project'])).output).toContain('it was equal before')
}, 120_000)

it('leaves the old table when it is killed half way', async () => {
  await owner.query(`update log_entry set kind = 'reading' where index = 0`)
  // Somebody reads the old one, so that the new one cannot take its place yet.
  await owner.query('begin')
  await owner.query('select 1 from log_entry')
  const { code } = await program.run(['log', 'project'], async (said, child) => {
    if (!said.includes('100 %')) return
    while ((await waiting()) === 0) await wait(20)
    child.kill('SIGKILL')
  })
  expect(code).toBe(null)
  await owner.query('commit')
  expect((await owner.query('select kind from log_entry where index = 0')).rows).toEqual([
    { kind: 'reading' },
  ])
  expect((await program.run(['log', 'project'])).output).toContain('first at entry 0')
}, 120_000)

const waiting = async (): Promise<number> =>
  (
    await owner.query(
      `select count(*)::int as count from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`,
    )
  ).rows[0].count

it('makes it also while Custode is stopped', async () => {
  await owner.query('drop table log_entry')
  await owner.end()
  await program.end()
  const checked = await program.run(['log', 'project', '--check'])
  expect(checked).toEqual({ code: 1, output: expect.stringContaining('there is no table') })
  expect(await program.run(['log', 'project'])).toEqual({
    code: 0,
    output: expect.stringContaining('before: there is no table'),
  })
  expect((await program.run(['log', 'project', '--check'])).code).toBe(0)
}, 120_000)
