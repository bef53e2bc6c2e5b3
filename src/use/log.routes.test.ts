import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { hashesIn, rootOf } from '../../test/tree-root.ts'
import { buildWorld } from '../../test/world.ts'
import { parseVkey, verifyCheckpoint } from '../keeper/note.ts'
import { tilePath, tilesOf } from '../keeper/tile.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
  await buildWorld(house)
})
afterAll(() => house.close())

const get = (url: string) => house.app.inject({ method: 'GET', url })

describe('the log over HTTP', () => {
  it('gives anybody the checkpoint, and tiles that lead to its root', async () => {
    const answer = await get('/log/checkpoint')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(answer.headers['cache-control']).toBe('no-store')
    const { vkey } = await house.house.keeper.status()
    const { size, root } = verifyCheckpoint(answer.body, parseVkey(vkey)!)!
    const hashes: Buffer[] = []
    for (const tile of tilesOf(size).filter(one => one.level === 0)) {
      const { statusCode, headers, rawPayload } = await get(`/log/${tilePath(tile)}`)
      expect(statusCode).toBe(200)
      expect(headers['content-type']).toBe('application/octet-stream')
      expect(headers['cache-control']).toContain('immutable')
      hashes.push(...hashesIn(rawPayload))
    }
    expect(rootOf(hashes)).toEqual(root)
  })

  it('gives leaves as bundles that hold no word of an entry', async () => {
    const { rawPayload, statusCode } = await get('/log/tile/entries/000.p/5')
    expect(statusCode).toBe(200)
    expect(rawPayload).toHaveLength(5 * 34)
  })

  it.each([
    '/log/tile/0/x999/999',
    '/log/tile/0/0',
    '/log/tile/0/000.p/256',
    '/log/tile/9/000.p/1',
    '/log/tile/entries/',
    '/log/tile/0/..%2f..%2fcheckpoint',
    '/log/tile/',
    '/log/tile/0/000.p/1/000',
    '/log/segment',
  ])('does not know %s', async url => {
    const { statusCode, body } = await get(url)
    expect(statusCode).toBe(404)
    expect(JSON.parse(body)).toMatchObject({ code: 'not_found' })
  })

  it('refuses whoever asks without end, and serves the others on', async () => {
    let refused = 0
    for (let tries = 0; tries < 620; tries++)
      if ((await get('/log/tile/0/000.p/1')).statusCode === 429) refused += 1
    expect(refused).toBeGreaterThan(0)
    const other = await house.app.inject({ url: '/log/tile/0/000.p/1', remoteAddress: '192.0.2.7' })
    expect(other.statusCode).toBe(200)
  })
})
