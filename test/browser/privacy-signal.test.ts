import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { codeFor } from '../portal.ts'
import { faultsOf } from './page-faults.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** A browser that says no, as those that can do it: in a header, and to the page. */
async function visitSayingNo(cookies: Record<string, string> = {}): Promise<Page> {
  const page = await rooms().visit('en', cookies)
  await page.context().setExtraHTTPHeaders({ 'sec-gpc': '1' })
  await page.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }))
  return page
}

describe('a browser that says no to advertising', { timeout: 120_000 }, () => {
  it('joins without being asked for it but in spite of that, and the agreement says so', async () => {
    const page = await visitSayingNo()
    await page.goto('/join')
    const offers = page.getByRole('checkbox', {
      name: 'I agree in spite of what my browser says: Offers that fit you',
    })
    await offers.waitFor()
    expect(await offers.isChecked()).toBe(false)
    await page.getByRole('checkbox', { name: 'I agree: ' }).first().check()
    await page.getByRole('radio', { name: 'I am 16 or older' }).check()
    expect(await faultsOf(page)).toEqual([])
    await button(page, 'Continue').click()
    await page.getByLabel('E-mail').fill('lea@example.org')
    await button(page, 'Send me a code').click()
    await page.getByLabel('Code of 6 digits').fill(await codeFor(rooms().house, 'lea@example.org'))
    await button(page, 'Confirm').click()
    await page.getByLabel('Name', { exact: true }).fill('Lea Conti')
    await button(page, 'Join').click()
    await page.getByRole('navigation').getByRole('link', { name: 'Agreements' }).click()
    await page.getByRole('heading', { name: 'Your browser says no to advertising' }).waitFor()
    await page.getByRole('switch', { name: 'I agree: Offers that fit you' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Agree only if you want it in spite of that').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await button(page, 'I agree all the same').click()
    await page.getByText('Given in spite of what your browser says.').waitFor()
  })

  it('leaves an older agreement at rest, on a page that says why', async () => {
    const { house, world } = rooms()
    const ugo = await world.join({ purposes: ['service', 'offers'] })
    const page = await visitSayingNo(ugo.cookies)
    await page.goto('/agreements')
    await page.getByRole('heading', { name: 'At rest' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await button(page, 'I agree all the same').click()
    await page.getByText('Given in spite of what your browser says.').waitFor()
    expect(await page.getByRole('heading', { name: 'At rest' }).count()).toBe(0)
    expect(await house.owner.query('select 1 from privacy_signal where subject = $1', [ugo.id])).toHaveLength(
      1,
    )
  })
})
