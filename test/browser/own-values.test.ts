import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { codeFor } from '../portal.ts'
import { ask, askAnew } from './asking.ts'
import { focused, reach } from './keyboard.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const told = (page: Page, text: string) =>
  page.getByRole('status').getByText(text, { exact: false }).waitFor()
/** A value with its label, or what is asked, as one thing on the page. */
const exhibit = (page: Page, label: string) => page.locator('.exhibit').filter({ hasText: label })

async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
}

/** What stands beside an input, as it is told to whoever cannot see where. */
async function besides(page: Page, input: Locator): Promise<string> {
  const ids = ((await input.getAttribute('aria-describedby')) ?? '').split(' ').filter(id => id !== '')
  const texts = await Promise.all(ids.map(id => page.locator(`[id="${id}"]`).textContent()))
  return texts.join(' ')
}

/** My values as the server gives them. */
async function heldBy(page: Page): Promise<Record<string, unknown>> {
  const { values } = await (await page.request.get('/api/v1/portal/data')).json()
  return Object.fromEntries(values.map((one: { field: string; value: unknown }) => [one.field, one.value]))
}

/** Proves an address in Italian, up to the last step of joining. */
async function proveAddress(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await button(page, 'Inviami un codice').click()
  await page.getByLabel('Codice di 6 cifre').waitFor()
  await page.getByLabel('Codice di 6 cifre').fill(await codeFor(rooms().house, email))
  await button(page, 'Conferma').click()
}

describe('who joins', { timeout: 120_000 }, () => {
  it('is asked for what the ticked agreements cover, hears what is wrong, and types nothing twice', async () => {
    const here = rooms()
    await askAnew(here, 'postal_address', { asked: 'joining' })
    await ask(here, {
      ...{ code: 'own_shoe_size', type: 'integer', options: { least: 30, most: 50 } },
      ...{ label: { en: 'Shoe size', it: 'Numero di scarpe' }, asked: 'joining', required: true },
      ...{ help: { en: 'So that it fits.', it: 'Perché calzi bene.' }, purposes: ['offers'] },
    })
    const page = await here.visit('it')
    await page.goto('/join')
    await page.getByRole('checkbox', { name: 'Servirti' }).check()
    await page.getByRole('radio', { name: 'Ho 16 anni o più' }).check()
    await button(page, 'Continua').click()
    await proveAddress(page, 'ida@example.org')
    await heading(page, 'Su di te').waitFor()
    await page.getByRole('group', { name: 'Indirizzo postale (facoltativo)' }).waitFor()
    const size = page.getByLabel('Numero di scarpe')
    expect(await size.count()).toBe(0)

    await page.goBack()
    await page.goBack()
    await page.getByRole('checkbox', { name: 'Offerte' }).check()
    await button(page, 'Continua').click()
    await page.getByLabel('Nome', { exact: true }).fill('Ida Neri')
    expect(await besides(page, size)).toContain('Perché calzi bene. Da 30 a 50.')
    await size.fill('quaranta')
    await page.getByRole('combobox', { name: 'Paese' }).fill('ital')
    await page.getByLabel('Via o piazza').fill('Via Po')
    await page.getByLabel('Numero civico').fill('17')
    await page.getByLabel('Località').fill('Torino')
    const code = page.getByLabel('CAP')
    await code.fill('1012')
    await button(page, 'Iscriviti').click()
    await page.getByText('Non è un numero intero.', { exact: false }).waitFor()
    expect(await besides(page, size)).toContain('Non è un numero intero. Scrivi solo le cifre')
    expect(await size.getAttribute('aria-invalid')).toBe('true')
    expect(await focused(page)).toMatch(/^textbox "Numero di scarpe"/)
    expect(await besides(page, code)).toContain('I codici postali di questo paese sono diversi.')
    await size.fill('41')
    await code.fill('10123')

    // Meanwhile the company asks for more: nobody agrees to what they have not read.
    await ask(here, {
      ...{ code: 'own_pet', type: 'line', label: { en: 'Name of your pet', it: 'Nome del tuo animale' } },
    })
    await button(page, 'Iscriviti').click()
    await heading(page, 'Che cosa significa iscriversi').waitFor()
    await told(page, 'L’azienda ha cambiato l’informativa')
    await page.getByText('Nome del tuo animale', { exact: false }).waitFor()
    for (const box of await page.getByRole('checkbox').all()) {
      expect(await box.isChecked()).toBe(false)
      await box.check()
    }
    await page.getByRole('radio', { name: 'Ho 16 anni o più' }).check()
    await button(page, 'Continua').click()
    expect(await page.getByLabel('Nome', { exact: true }).inputValue()).toBe('Ida Neri')
    expect(await size.inputValue()).toBe('41')
    expect(await page.getByRole('combobox', { name: 'Paese' }).inputValue()).toBe('Italia')
    await button(page, 'Iscriviti').click()
    await heading(page, 'I miei dati').waitFor()
    await exhibit(page, 'Numero di scarpe').getByText('41', { exact: true }).waitFor()
    await exhibit(page, 'Indirizzo postale').getByText('10123 TORINO').waitFor()
    expect(await heldBy(page)).toMatchObject({
      own_shoe_size: 41,
      postal_address: { country: 'IT', street: 'Via Po', house_number: '17', postal_code: '10123' },
    })
  })
})

describe('my own data', { timeout: 120_000 }, () => {
  it('is changed with the keyboard alone, and the change undone', async () => {
    const { world, visit } = rooms()
    const { name, cookies } = await world.join({ purposes: ['service'] })
    const page = await visit('en', cookies)
    await page.goto('/')
    await page.getByText(name, { exact: true }).waitFor()
    await reach(page, 'button', 'Edit: Name')
    await page.keyboard.press('Enter')
    await page.locator('input[name="values.name"]:focus').waitFor()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('Somebody Else')
    await page.keyboard.press('Escape')
    await page.getByText(name, { exact: true }).waitFor()
    expect(await focused(page)).toMatch(/^button "Edit: Name"/)

    await page.keyboard.press('Enter')
    await page.locator('input[name="values.name"]:focus').waitFor()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.press('Delete')
    await page.keyboard.press('Enter')
    await page.getByText('Please fill this in.').waitFor()
    await page.keyboard.type('Nina Blu')
    await page.keyboard.press('Enter')
    await told(page, 'Saved: Name.')
    await page.getByText('Nina Blu', { exact: true }).waitFor()
    expect(await focused(page)).toMatch(/^button "Edit: Name"/)
    await reach(page, 'button', 'Undo', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await told(page, 'As it was before: Name.')
    await page.locator('button[aria-label="Edit: Name"]:focus').waitFor()
    expect(await heldBy(page)).toMatchObject({ name })
    // Without a name nobody is a customer, and the address is what they sign in with.
    expect(await button(page, 'Remove: Name').count()).toBe(0)
    await exhibit(page, 'E-mail address').getByRole('link', { name: 'Change the address' }).waitFor()
    expect(await button(page, 'Edit: E-mail address').count()).toBe(0)
  })

  it('is given, taken out again by Undo, and removed after a question that says what that does', async () => {
    const { world, visit } = rooms()
    const page = await visit('en', (await world.join({ purposes: ['service'] })).cookies)
    await page.goto('/')
    const give = button(page, 'Answer: Telephone number')
    const number = page.getByLabel('Telephone number', { exact: true })
    await give.click()
    await number.fill('12')
    await button(page, 'Save').click()
    await page.getByText('This is not a phone number.', { exact: false }).waitFor()
    expect(await besides(page, number)).toContain('This is not a phone number.')
    await number.fill('347 555 0199')
    await button(page, 'Save').click()
    await page.getByText('+393475550199').waitFor()
    await button(page, 'Undo').click()
    await told(page, 'We no longer hold: Telephone number.')
    await give.click()
    await number.fill('347 555 0199')
    await page.keyboard.press('Enter')
    await button(page, 'Remove: Telephone number').click()
    const question = page.getByRole('dialog', { name: 'Remove this: Telephone number?' })
    await question.getByText('We take it out at once', { exact: false }).waitFor()
    await question.getByRole('button', { name: 'Remove it' }).click()
    await told(page, 'Removed: Telephone number.')
    await page.locator('button[aria-label="Answer: Telephone number"]:focus').waitFor()
    expect(Object.keys(await heldBy(page))).not.toContain('phone')
  })

  it('is not sent as nothing where a date is only begun', async () => {
    const here = rooms()
    await ask(here, {
      ...{ code: 'own_day', type: 'date', label: { en: 'A day to remember', it: 'Un giorno da ricordare' } },
    })
    const page = await here.visit('en', (await here.world.join({ purposes: ['service'] })).cookies)
    await page.goto('/')
    await button(page, 'Answer: A day to remember').click()
    await page.locator('input[type=date]:focus').waitFor()
    await page.keyboard.type('3')
    await page.keyboard.press('Enter')
    await page.getByText('This date is not whole, or in no calendar.', { exact: false }).waitFor()
    await page.getByLabel('A day to remember').fill('2020-02-29')
    await page.keyboard.press('Enter')
    await exhibit(page, 'A day to remember').getByText('29 February 2020').waitFor()
  })

  it('stays covered where it is sensitive, until it is shown and whenever the page was left', async () => {
    const here = rooms()
    await ask(here, {
      ...{ code: 'own_allergies', type: 'text', label: { en: 'Allergies', it: 'Allergie' }, sensitive: true },
      ...{ compartment: 'identity' },
    })
    const { name, cookies } = await here.world.join({ purposes: ['service'] })
    const page = await here.visit('en', cookies)
    await page.goto('/')
    await button(page, 'Answer: Allergies').click()
    await page.getByLabel('Allergies', { exact: true }).fill('Nuts\nand cats')
    await button(page, 'Save').click()
    await button(page, 'Show: Allergies').waitFor()
    const value = exhibit(page, 'Allergies').getByText('Nuts')
    expect(await value.count()).toBe(0)
    await button(page, 'Show: Allergies').click()
    await value.waitFor()
    await goTo(page, 'Questions')
    await goTo(page, 'My data')
    await button(page, 'Show: Allergies').waitFor()
    expect(await value.count()).toBe(0)
    await page.getByText(name, { exact: true }).waitFor()
  })

  it('keeps what was typed when another window was quicker, and when the session has ended', async () => {
    const { world, visit, house, url } = rooms()
    const { email, cookies } = await world.join({ purposes: ['service'] })
    const page = await visit('en', cookies)
    await page.goto('/')
    await button(page, 'Edit: Name').click()
    const name = page.getByLabel('Name', { exact: true })
    await name.fill('Mine Here')
    const body = { values: { name: 'Mine Elsewhere' } }
    await page.request.post('/api/v1/portal/values', { data: body, headers: { origin: url } })
    await page.route('**/api/v1/portal/values', route =>
      route.fulfill({ status: 409, contentType: 'application/problem+json', body: '{"code":"conflict"}' }),
    )
    await button(page, 'Save').click()
    await page.getByRole('alert').getByText('Mine Elsewhere').waitFor()
    expect(await name.inputValue()).toBe('Mine Here')
    await page.unroute('**/api/v1/portal/values')

    await page.context().clearCookies()
    await button(page, 'Save').click()
    await told(page, 'what you typed is still here')
    await page.getByRole('link', { name: 'I am a customer: sign in' }).click()
    await page.getByLabel('E-mail').fill(email)
    await button(page, 'Send me a code').click()
    await page.getByLabel('Code of 6 digits').waitFor()
    await page.getByLabel('Code of 6 digits').fill(await codeFor(house, email))
    await button(page, 'Confirm').click()
    await heading(page, 'My data').waitFor()
    expect(await name.inputValue()).toBe('Mine Here')
    await button(page, 'Save').click()
    await told(page, 'Saved: Name.')
    expect(await heldBy(page)).toMatchObject({ name: 'Mine Here' })
  })
})

describe('what is asked anew', { timeout: 120_000 }, () => {
  it('is agreed to under Agreements and then given; taking that back shows what it destroys, and destroys it', async () => {
    const { world, visit } = rooms()
    const page = await visit('en', world.ana.cookies)
    await page.goto('/')
    const closed = page.getByText('You have not agreed to that', { exact: false })
    await closed.getByText('Shoe size', { exact: false }).waitFor()
    expect(await button(page, 'Answer: Shoe size').count()).toBe(0)
    await page.getByRole('link', { name: 'See your agreements' }).click()
    await heading(page, 'Agreements').waitFor()
    const offers = page.locator('.card').filter({ hasText: 'Offers that fit you' })
    await offers.getByText('So that it fits.').waitFor()
    await offers.getByText('If you do not agree, nothing changes for you.').waitFor()
    await offers.getByRole('button', { name: 'Agree to this too' }).click()
    await told(page, 'You have agreed to what is new.')
    await page.getByText('Replaced by a newer one', { exact: false }).waitFor()
    await button(page, 'To my data').click()
    await button(page, 'Answer: Shoe size').click()
    await page.getByLabel('Shoe size').fill('39')
    await page.keyboard.press('Enter')
    await told(page, 'Saved: Shoe size.')

    await goTo(page, 'Who looked')
    await page.getByRole('checkbox', { name: 'Only what others did' }).uncheck()
    await page.getByRole('row').filter({ hasText: 'own data changed' }).getByText('Shoe size').waitFor()

    await goTo(page, 'Agreements')
    const agreement = page.getByRole('switch')
    await agreement.click()
    const question = page.getByRole('dialog', { name: 'Take back: Offers that fit you?' })
    await question.getByText('39', { exact: true }).waitFor()
    await question.getByText('It is destroyed for good', { exact: false }).waitFor()
    await page.keyboard.press('Escape')
    expect(await agreement.isChecked()).toBe(true)
    await agreement.click()
    await button(page, 'Take it back').click()
    await told(page, 'You have taken the agreement back.')
    expect(Object.keys(await heldBy(page))).not.toContain('own_shoe_size')
    await goTo(page, 'My data')
    await closed.getByText('Shoe size', { exact: false }).waitFor()

    // To give it takes as many steps, and brings nothing back.
    await goTo(page, 'Agreements')
    await agreement.click()
    await page.getByRole('dialog').getByText('Shoe size', { exact: false }).waitFor()
    await button(page, 'I agree').click()
    await told(page, 'You have agreed: Offers that fit you.')
    expect(Object.keys(await heldBy(page))).not.toContain('own_shoe_size')
  })
})
