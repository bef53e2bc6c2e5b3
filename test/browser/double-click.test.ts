import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

/** Counts what the page sends to a path from now on, and lets each answer take its time. */
async function countPosts(page: Page, path: RegExp): Promise<() => number> {
  let sent = 0
  await page.route(path, async route => {
    if (route.request().method() === 'POST') sent++
    const response = await route.fetch()
    await new Promise(resolve => setTimeout(resolve, 200))
    await route.fulfill({ response })
  })
  return () => sent
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
/** Two clicks with nothing between them, faster than any hand and than any rendering. */
const pressTwice = (locator: Locator) =>
  locator.evaluate((pressed: object) => {
    const { click } = pressed as { click(): void }
    click.call(pressed)
    click.call(pressed)
  })

async function ask(page: Page, question: string): Promise<void> {
  await page.goto('/questions')
  await page.getByLabel('Your question').fill(question)
  await pressTwice(button(page, 'Send the question'))
  await page.getByRole('listitem').filter({ hasText: question }).waitFor()
}

describe('two clicks', { timeout: 120_000 }, () => {
  it('on Take take a task once', async () => {
    const { world, visit } = rooms()
    const asking = await visit('en', world.ana.cookies)
    await ask(asking, 'Where is my parcel?')
    const page = await visit('en', world.ben.cookies)
    const posts = await countPosts(page, /\/api\/v1\/work\/tasks\/[^/]+\/grants$/)
    await page.goto('/work')
    await page
      .getByRole('button', { name: /^Take the task/ })
      .first()
      .dblclick()
    await page.getByRole('heading', { name: 'Why this is open to you' }).waitFor()
    expect(posts()).toBe(1)
    const closings = await countPosts(page, /\/closures$/)
    await pressTwice(button(page, 'Close the task'))
    await page.getByText('The task is closed', { exact: false }).waitFor()
    expect(closings()).toBe(1)
  })

  it('on a form send it once, and the next time again', async () => {
    const { world, visit } = rooms()
    const page = await visit('en', world.ana.cookies)
    const posts = await countPosts(page, /\/portal\/questions$/)
    await ask(page, 'Where is my lamp?')
    expect(posts()).toBe(1)
    await ask(page, 'And the bowls?')
    expect(posts()).toBe(2)
  })

  it('on a switch take an agreement back once', async () => {
    const { world, visit } = rooms()
    const page = await visit('en', (await world.join()).cookies)
    const posts = await countPosts(page, /\/consents\/[^/]+\/withdrawals$/)
    await page.goto('/agreements')
    await pressTwice(page.getByRole('switch'))
    await page.getByText('You have taken the agreement back.', { exact: false }).waitFor()
    expect(posts()).toBe(1)
  })
})
