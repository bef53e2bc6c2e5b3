import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { serveIntakePage } from '../supervisor/intake-page-routes.ts'
import { sha256Of } from '../use/intake-manifest.ts'
import { intakeVerify } from './intake-verify.ts'

const page = '<!doctype html><title>Sealed</title>'
const manifest = [
  'custode intake page 1',
  `file page.html ${page.length} ${sha256Of(page)}`,
  "header content-security-policy default-src 'none'; frame-ancestors ORIGIN",
  '',
].join('\n')

let house: TestHouse
let folder: string
let said: string[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-intake-'))
  await mkdir(join(folder, 'intake'))
  await writeFile(join(folder, 'intake', 'page.html'), page)
  await writeFile(join(folder, 'intake', 'manifest.txt'), manifest)
  house = await openHouse({
    listen: true,
    beforeListening: (app, served) => serveIntakePage(app, served, folder),
  })
})
afterAll(async () => {
  await house.close()
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  said = []
  for (const way of ['log', 'error'] as const)
    vi.spyOn(console, way).mockImplementation(line => void said.push(String(line)))
})

test('the page of a running server is verified against the key that the company publishes', async () => {
  const { vkey } = await house.house.keeper.status()
  expect(await intakeVerify([house.publicUrl, '--key', vkey])).toBe(0)
  expect(said.join('\n')).toContain(`sha256 ${sha256Of(page)}`)
  expect(said.join('\n')).toContain('nothing of what the server sends to others')
})

test('under another key it is not believed', async () => {
  expect(await intakeVerify([`${house.publicUrl}/`, '--key', 'custode/other+00000000+AAAA'])).toBe(1)
  expect(said.join('\n')).toMatch(/not the page that the log holds/)
})

test.each([[[]], [['no address']], [['https://a.example', 'https://b.example']], [['ftp://a.example']]])(
  '%j is not understood',
  async argv => {
    expect(await intakeVerify(argv)).toBe(2)
  },
)

test('where nobody answers there is nothing to verify', async () => {
  expect(await intakeVerify(['http://127.0.0.1:9'])).toBe(2)
})
