import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { verifyBundle } from '../../kit/custode-verify.mjs'
import { noteOnly } from '../../src/core/outbox.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

interface Bundle {
  entries: { index: number; body: string }[]
}

const bundles = '**/api/v1/portal/log-bundle**'
const good = /^Checked by your browser: (\d+) lines, none missing since /
const download = (page: Page) => page.getByRole('button', { name: 'Download the file for checking' })
const kept = (page: Page) => page.evaluate<string>('JSON.stringify({ ...localStorage })')

/** From now on the company shows another bundle than its own. */
async function lie(page: Page, change: (bundle: Bundle) => Bundle): Promise<void> {
  await page.route(bundles, async route => {
    const response = await route.fetch()
    await route.fulfill({ response, json: change((await response.json()) as Bundle) })
  })
}

describe('who looks at who looked', { timeout: 120_000 }, () => {
  it('is told that the browser has checked it, takes the file along, and is told more on the next visit', async () => {
    const { house, world, visit } = rooms()
    const one = await world.join()
    const page = await visit('en', one.cookies)
    await page.goto('/who-looked')
    const before = await page.getByText(good).textContent()
    await page.getByText('This browser has noted where your lines end.', { exact: false }).waitFor()
    await page.getByText('What this does not prove').click()
    await page.getByText('that the company never wrote down', { exact: false }).waitFor()

    await page.getByText('Check it yourself, without us').click()
    const [file] = await Promise.all([page.waitForEvent('download'), download(page).click()])
    const { id, alias } = one
    expect(file.suggestedFilename()).toBe(`custode-${alias}-log.json`)
    const bundle = JSON.parse(await readFile(await file.path(), 'utf8'))
    expect(await verifyBundle(bundle)).toMatchObject({ ok: true, about: alias })
    const program = await (await page.request.get('/custode-verify.mjs')).text()
    expect(program).toBe(await readFile(join(import.meta.dirname, '../../kit/custode-verify.mjs'), 'utf8'))

    await noteOnly(house.house, id, { kind: 'session', actor: 'customer', result: 'done' })
    await page.reload()
    await page.getByText('noted on an earlier visit', { exact: false }).waitFor()
    const after = await page.getByText(good).textContent()
    expect(Number(good.exec(after ?? '')?.[1])).toBeGreaterThan(Number(good.exec(before ?? '')?.[1]))
    for (const personal of [one.name, one.email, id]) expect(await kept(page)).not.toContain(personal)
  })

  it('sees an alarm that names the line when one is missing, changed, or taken off the end since the last visit', async () => {
    const { world, visit } = rooms()
    const one = await world.join()
    const page = await visit('en', one.cookies)
    await page.goto('/who-looked')
    await page.getByText(good).waitFor()
    const held = await kept(page)
    const alarm = page.getByRole('alert')
    const see = async (change: (bundle: Bundle) => Bundle, text: RegExp) => {
      await lie(page, change)
      await page.reload()
      await alarm.getByText('The log does not pass the check').waitFor()
      expect(await alarm.textContent()).toMatch(text)
      await download(page).waitFor()
      expect(await kept(page)).toBe(held)
      await page.unroute(bundles)
    }
    await see(
      all => ({ ...all, entries: all.entries.toSpliced(1, 1) }),
      /Line \d+ .*entries before it are missing: 1\./,
    )
    await see(all => {
      const [first, ...rest] = all.entries
      return { ...all, entries: [{ ...first!, body: first!.body.replace('done', 'none') }, ...rest] }
    }, /Line \d+ .*what it says was changed/)
    await see(
      all => ({ ...all, entries: all.entries.slice(0, -1) }),
      /Line \d+ .*entries are missing up to this one/,
    )

    // The page leaves out a line that the log has.
    await page.route('**/api/v1/portal/entries**', async route => {
      const response = await route.fetch()
      const list = (await response.json()) as { items: unknown[] }
      await route.fulfill({ response, json: { ...list, items: list.items.toSpliced(1, 1) } })
    })
    await page.reload()
    await alarm.getByText('is shown otherwise on this page', { exact: false }).waitFor()
  })

  it('is told when the company has begun another log', async () => {
    const { world, visit } = rooms()
    const one = await world.join()
    const page = await visit('en', one.cookies)
    await page.goto('/who-looked')
    await page.getByText(good).waitFor()
    // What another log, under another key, would have left here.
    await page.evaluate(
      `for (const [key, text] of Object.entries(localStorage)) localStorage.setItem(key, text.replaceAll(/(— \\S+ .{20})./g, '$1x'))`,
    )
    await page.reload()
    await page.getByRole('alert').getByText('the key was replaced', { exact: false }).waitFor()
  })

  it('is told plainly when the browser cannot check, or the company cannot be reached', async () => {
    const { world, visit } = rooms()
    const one = await world.join()
    const page = await visit('en', one.cookies)
    await page.route(bundles, route => route.abort())
    await page.goto('/who-looked')
    const check = page.getByRole('region', { name: 'Check of the log' })
    await check.getByRole('button', { name: 'Try again' }).waitFor()
    await page.unroute(bundles)
    await check.getByRole('button', { name: 'Try again' }).click()
    await page.getByText(good).waitFor()

    await page.addInitScript(
      `crypto.subtle.importKey = () => Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError'))`,
    )
    await page.reload()
    await check.getByText('It does not know Ed25519 signatures', { exact: false }).waitFor()
    await download(page).waitFor()
    expect(await page.getByText(good).count()).toBe(0)
  })
})
