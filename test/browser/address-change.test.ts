import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { ask } from './asking.ts'
import { faultsOf } from './page-faults.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()
beforeAll(() =>
  ask(rooms(), {
    ...{ code: 'own_work_mail', type: 'email', label: { en: 'Work e-mail', it: 'E-mail di lavoro' } },
  }),
)

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const told = (page: Page, text: string) =>
  page.getByRole('status').getByText(text, { exact: false }).waitFor()
/** The newest letter to an address. */
async function letterTo(email: string): Promise<string> {
  const { house } = rooms()
  await house.work()
  return house.post.list().find(mail => mail.to === email)!.text
}
const codeIn = (letter: string) => /\b\d{6}\b/.exec(letter)![0]

describe('the address to sign in with', { timeout: 120_000 }, () => {
  it('is changed on a page of its own, by the code that went to the new one', async () => {
    const { world, visit } = rooms()
    const ida = await world.join({ name: 'Ida Neri' })
    const page = await visit('it', ida.cookies)
    await page.goto('/')
    await page.getByRole('link', { name: 'Cambia l’indirizzo' }).click()
    await page.getByRole('heading', { level: 1, name: 'Un altro indirizzo per accedere' }).waitFor()
    expect(await faultsOf(page), 'asking').toEqual([])
    await page.getByLabel('Nuovo indirizzo e-mail').fill(ida.email)
    await button(page, 'Mandagli il codice').click()
    await page.getByText('È l’indirizzo che hai già.').waitFor()
    await page.getByLabel('Nuovo indirizzo e-mail').fill('ida.nuova@example.com')
    await button(page, 'Mandagli il codice').click()
    await page.getByText('Abbiamo mandato un codice a ida.nuova@example.com', { exact: false }).waitFor()
    expect(await faultsOf(page), 'entering the code').toEqual([])
    await page.locator('input[name=code]').fill(codeIn(await letterTo('ida.nuova@example.com')))
    await button(page, 'Cambialo').click()
    await told(page, 'Da ora accedi con ida.nuova@example.com.')
    await page.locator('.exhibit').getByText('ida.nuova@example.com').waitFor()
    expect(await faultsOf(page), 'my data after it').toEqual([])
  })

  it('is taken back by whoever reads the one before, on a page that does nothing by itself', async () => {
    const { world, visit } = rooms()
    const ida = await world.join({ name: 'Ida Verdi' })
    const thief = await visit('en', ida.cookies)
    await thief.goto('/sign-in-address')
    await thief.getByLabel('New e-mail address').fill('thief@example.net')
    await button(thief, 'Send the code to it').click()
    await thief.getByText('We have sent a code to thief@example.net', { exact: false }).waitFor()
    await thief.locator('input[name=code]').fill(codeIn(await letterTo('thief@example.net')))
    await button(thief, 'Change it').click()
    await told(thief, 'From now on you sign in with thief@example.net.')

    const link = /https?:\/\/\S+\/address#\S+/.exec(await letterTo(ida.email))![0]
    const own = await visit('en')
    await own.goto(link)
    await own.getByRole('heading', { level: 1, name: 'Take the change back' }).waitFor()
    expect(new URL(own.url()).hash).toBe('')
    expect(await faultsOf(own), 'taking back').toEqual([])
    await thief.reload()
    await thief.locator('.exhibit').getByText('thief@example.net').waitFor()
    await button(own, 'It was not me: take it back').click()
    await own.getByText('your address lets you in again', { exact: false }).waitFor()
    expect(await faultsOf(own), 'taken back').toEqual([])
    await thief.reload()
    await thief.getByText('thief@example.net').waitFor({ state: 'detached' })
    const late = await visit('en')
    await late.goto(link)
    await button(late, 'It was not me: take it back').click()
    await late.getByRole('heading', { level: 1, name: 'This link is not good' }).waitFor()
  })
})

it('a further address is proved by a code in the place where it stands', async () => {
  const { house, world, visit } = rooms()
  const ida = await world.join({ name: 'Ida Blu' })
  await house.app.inject({
    ...{ method: 'POST', url: '/api/v1/portal/values', cookies: ida.cookies },
    payload: { values: { own_work_mail: 'ida.lavoro@example.com' } },
  })
  const page = await visit('en', ida.cookies)
  await page.goto('/')
  await button(page, 'Send a code to prove it: Work e-mail').click()
  await page.getByText('We have sent a code to this address.', { exact: false }).waitFor()
  expect(await faultsOf(page), 'a code in its place').toEqual([])
  await page.getByLabel('The code that was sent to it').fill(codeIn(await letterTo('ida.lavoro@example.com')))
  await button(page, 'Prove it').click()
  await told(page, 'Proved: Work e-mail.')
  expect(await button(page, 'Send a code to prove it: Work e-mail').count()).toBe(0)
}, 120_000)
