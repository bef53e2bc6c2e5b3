import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { codeFor } from '../portal.ts'
import { focused, reach } from './keyboard.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

/** The page tells where it is by giving the focus to its heading. */
const arrive = (page: Page, title: string) => page.locator('h1:focus', { hasText: title }).waitFor()

describe('with the keyboard alone', { timeout: 180_000 }, () => {
  it('somebody joins, and hears at each step where they are', async () => {
    const { house, visit } = rooms()
    const page = await visit('en')
    await page.goto('/')
    await page.getByRole('heading', { level: 1, name: 'Your data belongs to you' }).waitFor()
    await reach(page, 'button', 'Join')
    await page.keyboard.press('Enter')
    await arrive(page, 'What joining means')

    // Going on without the needed agreement leads back to it, with the reason beside it.
    await page.getByRole('checkbox').first().waitFor()
    await reach(page, 'button', 'Continue')
    await page.keyboard.press('Enter')
    await page.locator('#agree-service:focus').waitFor()
    expect(await page.getByRole('checkbox').first().getAttribute('aria-invalid')).toBe('true')
    await page.keyboard.press('Space')
    await reach(page, 'button', 'Continue')
    await page.keyboard.press('Enter')
    // Nor without an answer to the age.
    await page.locator('#age-yes:focus').waitFor()
    await page.keyboard.press('Space')
    await reach(page, 'button', 'Continue')
    await page.keyboard.press('Enter')
    await arrive(page, 'Prove your e-mail address')

    await reach(page, 'textbox', 'E-mail')
    await page.keyboard.type('not an address')
    await page.keyboard.press('Enter')
    await page.getByText('This is not an e-mail address.').waitFor()
    expect(await focused(page)).toMatch(/^textbox "E-mail"/)
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('kim@example.org')
    await page.keyboard.press('Enter')
    await page.locator('input[name=code]:focus').waitFor()
    await page.keyboard.type(await codeFor(house, 'kim@example.org'))
    await page.keyboard.press('Enter')
    await arrive(page, 'About you')

    await reach(page, 'textbox', 'Name')
    await page.keyboard.type('Kim Lindqvist')
    await reach(page, 'button', 'Join')
    await page.keyboard.press('Enter')
    await arrive(page, 'My data')
    await page.getByText('Kim Lindqvist', { exact: true }).waitFor()
  })

  it('the first Tab offers the way past the navigation', async () => {
    const { visit } = rooms()
    const page = await visit('it')
    await page.goto('/')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('link "Vai al contenuto":')
    await page.keyboard.press('Enter')
    await page.locator('main:focus').waitFor()
  })

  it('changing the language keeps the place', async () => {
    const { visit } = rooms()
    const page = await visit('en')
    await page.goto('/')
    await page.getByRole('heading', { level: 1, name: 'Your data belongs to you' }).waitFor()
    await reach(page, 'button', 'Italiano')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'I tuoi dati appartengono a te' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('it')
    expect(await focused(page)).toMatch(/^button "Italiano"/)
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'I tuoi dati appartengono a te' }).waitFor()
  })
})
