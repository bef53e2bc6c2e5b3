import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { ask, askAnew } from './asking.ts'
import { faultsOf } from './page-faults.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()
const number = '4242 4242 4242 4242'

beforeAll(async () => {
  await ask(rooms(), { code: 'own_wishes', type: 'text', label: { en: 'Wishes', it: 'Desideri' } })
  for (const code of ['card', 'allergies']) await askAnew(rooms(), code, { asked: 'portal' })
})

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const told = (page: Page, text: string) =>
  page.getByRole('status').getByText(text, { exact: false }).waitFor()
const form = (page: Page) => page.frameLocator('iframe.sealed-frame')

/** Somebody new who agreed to these purposes, at their data. */
async function agreedTo(language: 'en' | 'it', titles: string[]): Promise<Page> {
  const here = rooms()
  const page = await here.visit(language, (await here.world.join()).cookies)
  for (const title of titles) {
    await page.goto('/agreements')
    await page.getByRole('switch', { name: title }).click()
    await button(page, language === 'it' ? 'Acconsento' : 'I agree').click()
    await told(page, language === 'it' ? 'Hai dato il consenso' : 'You have agreed')
  }
  await page.goto('/')
  return page
}

/** Whatever of the number was sent, in any spelling of its digits. */
function digitsSentBy(page: Page): () => string {
  const sent: string[] = []
  page.on('request', request => {
    sent.push(`${request.url()} ${request.postData() ?? ''}`)
  })
  return () => sent.join(' ').replace(/[^0-9a-z]/gi, '')
}

describe('a card’s number in a text', { timeout: 120_000 }, () => {
  it('is moved to the form of the card by one button, told, undone, and never sent', async () => {
    const page = await agreedTo('en', ['Paying with what you keep here'])
    const sent = digitsSentBy(page)
    await button(page, 'Answer: Wishes').click()
    const wishes = page.getByLabel('Wishes', { exact: true })
    await wishes.fill(`Charge ${number} please`)
    await button(page, 'Save').click()
    await page.getByText('This looks like the number of a payment card', { exact: false }).waitFor()
    expect(await faultsOf(page), 'a text with a card').toEqual([])
    await button(page, 'Take it out and note the card').click()
    await told(page, 'Visa •••• 4242 stands in the form for “Card” now')
    expect(await wishes.inputValue()).toBe('Charge please')
    await form(page).getByLabel('Last 4 digits').waitFor()
    expect(await form(page).getByLabel('Last 4 digits').inputValue()).toBe('4242')
    expect(await form(page).getByLabel('Kind of card').inputValue()).toBe('visa')

    await button(page, 'Undo').click()
    await told(page, 'The text is as it was.')
    expect(await wishes.inputValue()).toBe(`Charge ${number} please`)
    expect(await page.locator('iframe.sealed-frame').count()).toBe(0)

    await button(page, 'Save').click()
    await button(page, 'Take it out and note the card').click()
    await form(page).getByLabel('Valid until').fill('05/28')
    await form(page).getByRole('button', { name: 'Save', exact: true }).click()
    await told(page, 'Saved: Card.')
    await button(page, 'Save').click()
    await told(page, 'Saved: Wishes.')
    const { values } = await (await page.request.get('/api/v1/portal/data')).json()
    const held = Object.fromEntries(
      values.map((one: { field: string; value: unknown }) => [one.field, one.value]),
    )
    expect(held).toMatchObject({
      own_wishes: 'Charge please',
      card: { brand: 'visa', last4: '4242', expiry: '2028-05' },
    })
    expect(sent()).not.toContain('42424242')
  })

  it('is only taken out where no card is asked or agreed to, and so is a security code', async () => {
    const page = await agreedTo('it', [])
    const sent = digitsSentBy(page)
    await button(page, 'Rispondi: Desideri').click()
    const wishes = page.getByLabel('Desideri', { exact: true })
    await wishes.fill('Il mio CVV è 987, grazie')
    await button(page, 'Salva').click()
    await page.getByText('Qui c’è il codice di sicurezza di una carta', { exact: false }).waitFor()
    expect(await button(page, 'Toglilo e annota la carta').count()).toBe(0)
    await button(page, 'Toglilo').click()
    await told(page, 'Il numero è stato tolto dal testo.')
    expect(await wishes.inputValue()).not.toContain('987')
    expect(await wishes.evaluate(element => element === document.activeElement)).toBe(true)
    await wishes.fill(`carta ${number}`)
    await button(page, 'Salva').click()
    await page.getByText('Sembra il numero di una carta', { exact: false }).waitFor()
    expect(await button(page, 'Toglilo e annota la carta').count()).toBe(0)
    await button(page, 'Toglilo').click()
    await told(page, 'Il numero è stato tolto dal testo.')
    await expect.poll(() => wishes.inputValue()).toBe('carta ')
    expect(sent()).not.toContain('42424242')
    expect(sent()).not.toContain('grazie')
  })

  it('in a question does not leave the page', async () => {
    const page = await agreedTo('en', [])
    await page.goto('/questions')
    const sent = digitsSentBy(page)
    const text = page.locator('textarea[name=text]')
    await text.fill(`Was ${number} charged?`)
    await page.locator('form button[type=submit]').click()
    await page.getByText('This looks like the number of a payment card', { exact: false }).waitFor()
    expect(sent()).not.toContain('42424242')
    await button(page, 'Take it out').click()
    await told(page, 'The number was taken out of the text.')
    expect(await text.inputValue()).toBe('Was charged?')
  })

  it('in a sealed text is taken out inside its own form, and can be put back', async () => {
    const page = await agreedTo('en', ['Taking your health into account'])
    await button(page, 'Answer: Allergies and intolerances').click()
    const text = form(page).getByLabel('Allergies and intolerances', { exact: true })
    await text.fill(`nuts ${number}`)
    await form(page).getByRole('button', { name: 'Save', exact: true }).click()
    await form(page).getByText('This looks like the number', { exact: false }).waitFor()
    await form(page).getByRole('button', { name: 'Take it out', exact: true }).click()
    await form(page).getByText('Taken out of the text', { exact: false }).waitFor()
    expect(await text.inputValue()).toBe('nuts ')
    expect(await faultsOf(page), 'a sealed text without its card').toEqual([])
    await form(page).getByRole('button', { name: 'Undo', exact: true }).click()
    await form(page).getByRole('button', { name: 'Undo', exact: true }).waitFor({ state: 'detached' })
    expect(await text.inputValue()).toBe(`nuts ${number}`)
  })
})
