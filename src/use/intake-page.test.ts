import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildServer } from '../server.ts'
import { serveIntakePage } from '../supervisor/intake-page-routes.ts'
import { readManifest, sha256Of } from './intake-manifest.ts'
import { checkIntakePage } from './intake-page-check.ts'

let house: TestHouse
let folder: string
beforeAll(async () => {
  house = await openHouse()
  folder = await mkdtemp(join(tmpdir(), 'custode-intake-'))
  await mkdir(join(folder, 'intake'))
})
afterAll(async () => {
  await house.close()
  await rm(folder, { recursive: true })
})

const manifestOf = (page: string) =>
  [
    'custode intake page 1',
    `file page.html ${Buffer.byteLength(page)} ${sha256Of(page)}`,
    "header content-security-policy default-src 'none'; connect-src ORIGIN/api/v1/intake-key",
    '',
  ].join('\n')

/** A server that serves this page, as after a new start. */
async function serving(page: string, manifest = manifestOf(page)) {
  await writeFile(join(folder, 'intake', 'page.html'), page)
  await writeFile(join(folder, 'intake', 'manifest.txt'), manifest)
  const app = await buildServer(house.house)
  await serveIntakePage(app, house.house, folder)
  return app
}

const entered = () => house.owner.query<{ sha256: string }>('select sha256 from intake_page order by number')

type App = Awaited<ReturnType<typeof serving>>
const served = async (app: App) => {
  const [page, manifest, proof] = await Promise.all([
    app.inject({ url: '/intake/' }),
    app.inject({ url: '/intake/manifest.txt' }),
    app.inject({ url: '/api/v1/intake-proof' }),
  ])
  return {
    origin: house.publicUrl,
    page: page.rawPayload,
    headers: Object.fromEntries(Object.entries(page.headers).map(([name, value]) => [name, String(value)])),
    manifest: manifest.body,
    proof: proof.json() as unknown,
  }
}

describe('the page for sealed forms', () => {
  it('is in the log before it is served, once, and proves it to whoever fetches it', async () => {
    const first = await serving('<p>one')
    const got = await served(first)
    const { vkey } = await house.house.keeper.status()
    expect(checkIntakePage(got, vkey)).toMatchObject({ ok: true, sha256: sha256Of(got.manifest), vkey })
    expect(got.headers['content-security-policy']).toContain(`connect-src ${house.publicUrl}/api`)
    const again = await serving('<p>one')
    await served(again)
    expect(await entered()).toHaveLength(1)
    await again.close()
    await first.close()
  })

  it('is entered anew whenever another is served, also one that was served before', async () => {
    const other = await serving('<p>two')
    expect(checkIntakePage(await served(other))).toMatchObject({ ok: true })
    const back = await serving('<p>one')
    expect(checkIntakePage(await served(back))).toMatchObject({ ok: true })
    const [one, two, three] = await entered()
    expect(one).toEqual(three)
    expect(two).not.toEqual(three)
    await other.close()
    await back.close()
  })

  it('is found out when one byte, one header, the manifest, the entry or the key is another', async () => {
    const app = await serving('<p>three')
    const got = await served(app)
    const what = (changed: Partial<typeof got>, key?: string) => {
      const verdict = checkIntakePage({ ...got, ...changed }, key)
      return verdict.ok ? 'fine' : verdict.what
    }
    expect(what({})).toBe('fine')
    expect(what({ page: Buffer.from('<p>thref') })).toMatch(/not the file/)
    expect(what({ headers: { ...got.headers, 'content-security-policy': "default-src 'self'" } })).toMatch(
      /header/,
    )
    const forged = manifestOf('<p>evil')
    expect(what({ manifest: forged, page: Buffer.from('<p>evil') })).toMatch(/names another manifest/)
    expect(what({ manifest: `${got.manifest}x` })).toMatch(/manifest/)
    const { entry, ...rest } = got.proof as { entry: { body: string } }
    const body = entry.body.replace(sha256Of(got.manifest), sha256Of(forged))
    expect(
      what({ manifest: forged, page: Buffer.from('<p>evil'), proof: { ...rest, entry: { ...entry, body } } }),
    ).toMatch(/log/)
    expect(what({}, 'custode/other+00000000+AAAA')).toMatch(/log/)
    await app.close()
  })

  it('is not served while the log cannot hold it, and is when it can', async () => {
    await house.killKeeper()
    const app = await serving('<p>four')
    expect((await app.inject({ url: '/intake/' })).statusCode).toBe(503)
    await house.reviveKeeper()
    expect((await app.inject({ url: '/intake/' })).statusCode).toBe(200)
    expect(checkIntakePage(await served(app))).toMatchObject({ ok: true })
    await app.close()
  })

  it('is entered in full although a crash came between its row and its proof', async () => {
    const app = await serving('<p>five')
    await house.owner.query(
      'update intake_page set entry = null where number = (select max(number) from intake_page)',
    )
    const after = await serving('<p>five')
    expect(checkIntakePage(await served(after))).toMatchObject({ ok: true })
    await app.close()
    await after.close()
  })

  it('that is not its manifest’s is not served at all', async () => {
    await expect(serving('<p>six', manifestOf('<p>seven'))).rejects.toThrow('not its own')
    expect(readManifest('custode intake page 1\nfile ../x 1 00\n')).toBeNull()
  })
})
