import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { organisationTrail } from '../keeper/client.ts'
import { buildServer } from '../server.ts'
import { jobsOf } from '../worker.ts'
import { changeKinds, entryKinds, requireDeclared } from './entry-kinds.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const append = (kind: string) =>
  house.keeper.append([
    {
      ...{ id: randomUUID(), number: 0, trailSlot: organisationTrail },
      body: { kind, act: randomUUID(), actor: 'system', subject: 'organisation', result: 'done' },
    },
  ])

describe('the kinds of entries', () => {
  const ofKeeper = Object.keys(entryKinds).filter(kind => !Object.hasOwn(changeKinds, kind))

  it.each(ofKeeper)('%s is written by the keeper alone', async kind => {
    await expect(append(kind)).rejects.toMatchObject({ code: 'malformed' })
  })

  it.each(Object.keys(changeKinds))('%s may be noted by the server', async kind => {
    expect(await append(kind)).toHaveLength(1)
  })
})

describe('whatever is registered', () => {
  it('says which kind of entry it leaves, or why none', () => {
    for (const wrong of [undefined, '', 'reading ', 'anything', 'none', 'none: ', 'none: x'])
      expect(() => requireDeclared('GET /somewhere', wrong)).toThrow('GET /somewhere declares no entry kind')
    requireDeclared('GET /somewhere', 'reading')
    requireDeclared('GET /somewhere', 'none: counts, and nothing of anybody')
  })

  it('is every route and every job', async () => {
    expect(Object.keys(jobsOf(house.house)).length).toBeGreaterThan(3)
    const app = await buildServer(house.house)
    const undeclared = async () => app.get('/api/v1/secret', { config: { room: 'public' } }, () => 'x')
    await expect(undeclared()).rejects.toThrow('declares no entry kind')
    await app.close()
  })
})
