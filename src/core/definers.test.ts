import { afterAll, beforeAll, expect, test } from 'vitest'
import { newDatabase, type TestDatabase } from '../../test/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await newDatabase()
})
afterAll(() => database.drop())

test('no temporary table of a caller can stand in for a table of a definer function', async () => {
  // Left out, pg_temp is searched before everything else.
  const open = await database.admin.query(
    `select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace
        and not ('search_path=pg_catalog, public, pg_temp' = any (coalesce(proconfig, '{}')))`,
  )
  expect(open).toEqual([])
})
