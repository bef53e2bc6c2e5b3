import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { codeFor } from '../portal.ts'
import { nextCode, roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** All that the browser keeps of a page besides the page itself: storage, the address and the state of its history. */
const keptByBrowser = (page: Page) =>
  page.evaluate<string>(
    'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, String(location)])',
  )

/** The session ends as it does on the server after its time: the browser no longer has one to show. */
const endSession = (page: Page) => page.context().clearCookies()

async function agree(page: Page): Promise<void> {
  await page.goto('/')
  await button(page, 'Join').click()
  await page.getByRole('checkbox', { name: 'I agree: Serving you' }).check()
  await page.getByRole('radio', { name: 'I am 16 or older' }).check()
  await button(page, 'Continue').click()
}

async function askForCode(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await button(page, 'Send me a code').click()
  await page.getByLabel('Code of 6 digits').waitFor()
}

async function enterCode(page: Page, email: string): Promise<void> {
  await page.getByLabel('Code of 6 digits').fill(await codeFor(rooms().house, email))
  await button(page, 'Confirm').click()
}

describe('who is joining', { timeout: 120_000 }, () => {
  it('comes back to the same step with a reload, and one step back with Back', async () => {
    const page = await rooms().visit('en')
    const email = 'nora@example.org'
    await agree(page)
    await askForCode(page, email)
    await page.reload()
    await page.getByText('We have sent you a code.', { exact: false }).waitFor()

    await page.goBack()
    await button(page, 'Send me a code').waitFor()
    await page.goForward()
    await enterCode(page, email)
    await heading(page, 'About you').waitFor()
    await page.getByLabel('Name', { exact: true }).fill('Nora Rinaldi')
    await page.getByLabel(/^Telephone number/).fill('347 555 0199')

    await page.goBack()
    await page.getByText('Your address is proved.').waitFor()
    await page.goBack()
    await heading(page, 'What joining means').waitFor()
    await page.goForward()
    await button(page, 'Continue').click()
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Nora Rinaldi')

    const kept = await keptByBrowser(page)
    for (const personal of [email, 'Nora', '555']) expect(kept).not.toContain(personal)
    await page.reload()
    await heading(page, 'About you').waitFor()
    await page.getByLabel('Name', { exact: true }).fill('Nora Rinaldi')
    await button(page, 'Join').click()
    await heading(page, 'My data').waitFor()
    await page.getByText(email, { exact: true }).waitFor()
  })

  it('finds the ticks and the address again that were given before', async () => {
    const page = await rooms().visit('en')
    await agree(page)
    await askForCode(page, 'olmo@example.org')
    await page.goBack()
    await button(page, 'Send me a code').waitFor()
    expect(await page.getByLabel('E-mail').inputValue()).toBe('olmo@example.org')
    await page.goBack()
    await heading(page, 'What joining means').waitFor()
    expect(await page.getByRole('checkbox', { name: 'I agree: Serving you' }).isChecked()).toBe(true)
    expect(await page.getByRole('checkbox', { name: 'I agree: Offers that fit you' }).isChecked()).toBe(false)
  })

  it('proves the address again when the session has ended, and need not type the rest again', async () => {
    const page = await rooms().visit('en')
    const email = 'pino@example.org'
    await agree(page)
    await askForCode(page, email)
    await enterCode(page, email)
    await page.getByLabel('Name', { exact: true }).fill('Pino Sarti')
    await endSession(page)
    await button(page, 'Join').click()
    await page.getByText('Please prove your address again', { exact: false }).waitFor()
    await button(page, 'Send me a code').click()
    await page.getByLabel('Code of 6 digits').waitFor()
    await enterCode(page, email)
    await heading(page, 'About you').waitFor()
    await button(page, 'Join').click()
    await page.getByText('Pino Sarti', { exact: true }).waitFor()
  })
})

describe('whose session ends while they write', { timeout: 120_000 }, () => {
  const question = 'Is the blue lamp on its way?'

  it('is led to signing in, and finds the question as it was', async () => {
    const { world, visit } = rooms()
    const page = await visit('en', world.ana.cookies)
    await page.goto('/questions')
    await page.getByLabel('Your question').fill(question)
    await endSession(page)
    await button(page, 'Send the question').click()
    await heading(page, 'Sign in').waitFor()
    await page.getByText('what you typed is still here', { exact: false }).waitFor()
    expect(await keptByBrowser(page)).not.toContain('lamp')
    await askForCode(page, world.ana.email)
    await enterCode(page, world.ana.email)
    await heading(page, 'Ask us something').waitFor()
    expect(await page.getByLabel('Your question').inputValue()).toBe(question)
    await button(page, 'Send the question').click()
    await page.getByText('Your question is with us.', { exact: false }).waitFor()
    expect(await page.getByLabel('Your question').inputValue()).toBe('')
  })

  it('leaves nothing to somebody else who signs in on the same page', async () => {
    const { world, visit } = rooms()
    const one = await world.join()
    const page = await visit('en', one.cookies)
    await page.goto('/')
    await page.getByText(one.name, { exact: true }).waitFor()
    await page.getByRole('navigation').getByRole('link', { name: 'Questions' }).click()
    await page.getByLabel('Your question').fill(question)
    await endSession(page)
    await button(page, 'Send the question').click()
    await heading(page, 'Sign in').waitFor()
    await askForCode(page, world.ana.email)
    await enterCode(page, world.ana.email)
    await heading(page, 'Ask us something').waitFor()
    expect(await page.getByLabel('Your question').inputValue()).toBe('')
    await page.getByRole('navigation').getByRole('link', { name: 'My data' }).click()
    await page.getByText(world.ana.name, { exact: true }).waitFor()
    expect(await page.getByText(one.name, { exact: true }).count()).toBe(0)
  })

  it('in the office finds the invitation as it was', async () => {
    const { house, world, visit } = rooms()
    const page = await visit('en', world.pia.cookies)
    await page.goto('/office/employees')
    await button(page, 'Invite somebody').click()
    await page.getByLabel('Name at work').fill('Tea Conti')
    await page.getByLabel('E-mail').fill('tea@example.org')
    await endSession(page)
    await button(page, 'Make the invitation').click()
    await heading(page, 'Sign in').waitFor()
    await page.getByLabel('E-mail').fill(world.pia.email)
    await page.getByLabel('Password', { exact: true }).fill(world.pia.password)
    await page.getByLabel('Code from your authenticator app').fill(nextCode(house, world.pia))
    await button(page, 'Sign in').click()
    await heading(page, 'Employees').waitFor()
    expect(await page.getByLabel('Name at work').inputValue()).toBe('Tea Conti')
    expect(await page.getByLabel('E-mail').inputValue()).toBe('tea@example.org')
  })
})
