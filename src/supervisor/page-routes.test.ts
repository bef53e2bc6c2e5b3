import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, newApp } from '../core/http.ts'
import { servePages } from './page-routes.ts'

let folder: string
let app: App

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-pages-'))
  await mkdir(join(folder, 'assets'))
  for (const room of ['portal', 'work', 'office']) await writeFile(join(folder, `${room}.html`), `<p>${room}`)
  await writeFile(join(folder, 'assets', 'work-1a2b.js'), 'work()')
  app = await newApp({ log: false, https: false, origins: [] })
  await servePages(app, folder)
})

afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true })
})

const get = (url: string) => app.inject({ method: 'GET', url })

test.each([
  ['/', 'portal'],
  ['/consents', 'portal'],
  ['/workshop', 'portal'],
  ['/work', 'work'],
  ['/work/tasks/7', 'work'],
  ['/office/setup', 'office'],
])('%s answers with the page of its room', async (url, room) => {
  const reply = await get(url)
  expect({ status: reply.statusCode, body: reply.body }).toEqual({ status: 200, body: `<p>${room}` })
  expect(reply.headers['cache-control']).toBe('no-store')
  expect(reply.headers['content-security-policy']).toContain("script-src 'self'")
})

test('a file with a hash in its name may be kept for ever', async () => {
  const reply = await get('/assets/work-1a2b.js')
  expect(reply.body).toBe('work()')
  expect(reply.headers['cache-control']).toBe('public, max-age=31536000, immutable')
})

test.each(['/api/v1/nothing', '/api', '/assets/none.js', '/favicon.ico', '/..%2f..%2fpackage.json'])(
  '%s is not found, and no page either',
  async url => {
    expect((await get(url)).statusCode).toBe(404)
  },
)
