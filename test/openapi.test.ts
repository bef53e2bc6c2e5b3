import { join } from 'node:path'
import openapiTypes, { astToString } from 'openapi-typescript'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from './house.ts'

const root = join(import.meta.dirname, '..')

let house: TestHouse
let document: string
beforeAll(async () => {
  house = await openHouse()
  await house.app.ready()
  document = `${JSON.stringify(house.app.swagger(), null, 2)}\n`
})
afterAll(() => house.close())

// `npm run openapi` writes both files anew.
test('docs/openapi.json is what the routes say', async () => {
  await expect(document).toMatchFileSnapshot(join(root, 'docs/openapi.json'))
})

test('the types of the pages are made from it', async () => {
  const types = astToString(await openapiTypes(document))
  await expect(types).toMatchFileSnapshot(join(root, 'web/api-types.ts'))
})

test('every route answers in a declared shape, and every write says what it takes', () => {
  const { paths } = JSON.parse(document) as { paths: Record<string, Record<string, Operation>> }
  const faults: string[] = []
  for (const [path, operations] of Object.entries(paths))
    for (const [method, operation] of Object.entries(operations)) {
      const good = Object.keys(operation.responses).some(status => /^20[0-9]$/.test(status))
      if (!good) faults.push(`${method} ${path} declares no answer`)
      if (method === 'post' && operation.requestBody === undefined)
        faults.push(`${method} ${path} declares no body`)
    }
  expect(faults).toEqual([])
})

interface Operation {
  responses: Record<string, unknown>
  requestBody?: unknown
}
