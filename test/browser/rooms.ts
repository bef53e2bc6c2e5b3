import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { serveIntakePage } from '../../src/supervisor/intake-page-routes.ts'
import { servePages } from '../../src/supervisor/page-routes.ts'
import { codeAt } from '../authenticator.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { buildWorld, type EmployeeInWorld, type World } from '../world.ts'
import { findChromium, launchChromium } from './chromium.ts'
import { builtPagesForTests } from './pages.ts'

export type Language = 'en' | 'it'

/** A real house behind real pages, and a real browser before them. */
export interface Rooms {
  house: TestHouse
  /** Ana, Ben and Pia; null in a company that is not open yet. */
  world: World | null
  url: string
  /** Somebody at a browser of their own, who speaks one language. */
  visit(language: Language, cookies?: Record<string, string>): Promise<Page>
}

/**
 * The rooms for the tests of one file: opened before them, closed after them. Without a browser every test of the
 * file is skipped with the reason.
 */
export function roomsOfThisFile(
  options: { open: boolean; demo?: boolean; host?: 'localhost' } = { open: true },
): () => Rooms & { world: World } {
  let rooms: Rooms | undefined
  let browser: Browser | undefined
  let reason: string | undefined
  const contexts: BrowserContext[] = []

  beforeAll(async () => {
    const found = await findChromium()
    if ('reason' in found) {
      reason = found.reason
      return
    }
    const pages = await builtPagesForTests()
    const house = await openHouse({
      listen: true,
      demo: options.demo ?? false,
      ...(options.host === undefined ? {} : { host: options.host }),
      beforeListening: async (app, served) => {
        await servePages(app, pages)
        await serveIntakePage(app, served, pages)
      },
    })
    house.house.logFolder = join(house.keeperProcess.folder, 'log')
    browser = await launchChromium()
    const started = browser
    const url = house.house.publicUrl
    rooms = {
      ...{ house, url, world: options.open ? await buildWorld(house) : null },
      async visit(language, cookies = {}) {
        const context = await started.newContext({
          locale: language === 'it' ? 'it-IT' : 'en-GB',
          baseURL: url,
        })
        // The machine that tests is often busy with other tests too.
        context.setDefaultTimeout(30_000)
        await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url })))
        contexts.push(context)
        return context.newPage()
      },
    }
  }, 180_000)

  beforeEach(context => {
    if (reason !== undefined) context.skip(reason)
  })

  afterAll(async () => {
    for (const context of contexts) await context.close()
    await browser?.close()
    await rooms?.house.close()
  })

  return () => {
    if (rooms === undefined) throw new Error('the rooms are not open')
    return rooms as Rooms & { world: World }
  }
}

/** The code an employee's authenticator shows next: each may be used once, so the clock moves to the next step. */
export function nextCode(house: TestHouse, who: Pick<EmployeeInWorld, 'totpSecret'>): string {
  house.clock.advance(30_000)
  return codeAt(who.totpSecret, house.clock.now())
}
