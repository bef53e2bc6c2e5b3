import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import {
  addField,
  changeField,
  type Decided,
  getCatalogueField,
  type NewField,
} from '../../src/collection/catalogue.ts'
import { inviteEmployee } from '../../src/storage/employment.ts'
import { languages } from '../every-step.ts'
import { focused, reach } from './keyboard.ts'
import { faultsOf } from './page-faults.ts'
import { nextCode, roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** What anybody is told over the API. */
async function told(path: string) {
  const answer = await rooms().house.app.inject({ method: 'GET', url: `/api/v1${path}` })
  return answer.json()
}
const fieldNow = async (code: string) =>
  (await told('/fields')).items.find((field: { code: string }) => field.code === code)
const asksFor = async (purpose: string): Promise<string[]> =>
  (await told('/notice')).purposes.find((one: { code: string }) => one.code === purpose).fields

/** Pia at a page of the office. */
async function piaAt(path: string, title: string, language: 'it' | 'en' = 'it'): Promise<Page> {
  const { visit, world } = rooms()
  const page = await visit(language, world.pia.cookies)
  await page.goto(path)
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
  return page
}

const decided: Omit<Decided, 'label'> = {
  ...{ help: null, options: {}, option_labels: {}, sensitive: false, editor: 'customer', level: 0 },
  ...{ reconfirm_days: null, retention: 'agreement', asked: 'portal', required: false },
  purposes: ['service'],
}
const newField = (code: string, en: string, it: string): NewField => ({
  ...decided,
  ...{ code, type: 'line', compartment: 'preferences', label: { en, it } },
})

/** A field that Pia has added already. */
async function added(code: string, en: string, it: string): Promise<void> {
  const { house, world } = rooms()
  await addField(house.house, world.pia.pseudonym, newField(code, en, it))
}

describe('the catalogue of fields', { timeout: 180_000 }, () => {
  it('takes a choice that Pia adds in Italian, and asks it of whoever joins', async () => {
    const page = await piaAt('/office/fields', 'Che cosa chiediamo')
    await button(page, 'Aggiungi un campo').click()
    await page.getByLabel('Nome in italiano').fill('Colore preferito')
    await page.getByLabel('Nome in inglese').fill('Favourite colour')
    expect(await page.getByLabel('Codice', { exact: true }).inputValue()).toBe('own_favourite_colour')
    await page.getByLabel('Tipo').selectOption({ label: 'Una fra più opzioni' })
    await button(page, 'Aggiungi un’opzione').click()
    for (const [italian, english] of [
      ['Rosso', 'Red'],
      ['Blu notte', 'Night blue'],
    ] as const) {
      await page.keyboard.type(italian)
      await page.keyboard.press('Tab')
      await page.keyboard.type(english)
      if (italian === 'Rosso') await page.keyboard.press('Enter')
    }
    await button(page, 'Sposta su: Blu notte').click()
    await page.getByRole('checkbox', { name: 'Offerte' }).check()
    await page.getByRole('radio', { name: 'All’iscrizione' }).check()

    const preview = page.getByRole('region', { name: 'Che cosa succederà' })
    await preview
      .getByText('Da ora a chi si iscrive e acconsente (Offerte) si chiede «Colore preferito»', {
        exact: false,
      })
      .waitFor()
    await preview.getByText('Ai clienti che avevano già acconsentito (Offerte)', { exact: false }).waitFor()
    await preview.getByText('Night blue').waitFor()
    await button(page, 'Aggiungi questo campo').click()
    await page.getByText('«Colore preferito» è salvato.', { exact: false }).waitFor()
    await page.locator('#field-own_favourite_colour:focus').waitFor()

    expect(await asksFor('offers')).toContain('own_favourite_colour')
    expect(await asksFor('service')).not.toContain('own_favourite_colour')
    expect(await fieldNow('own_favourite_colour')).toMatchObject({
      ...{ asked: 'joining', required: false, type: 'choice', version: 1, purposes: ['offers'] },
      options: { options: ['night_blue', 'red'] },
      option_labels: { night_blue: { it: 'Blu notte', en: 'Night blue' }, red: { it: 'Rosso', en: 'Red' } },
    })
  })

  it('keeps what is sealed in the browser to its one purpose, and out of joining', async () => {
    const page = await piaAt('/office/fields/new', 'Add a field', 'en')
    await page.getByRole('radio', { name: 'At joining' }).check()
    await page.getByLabel('Type').selectOption({ label: 'Bank account (IBAN)' })
    await page.getByText('For one purpose alone: Paying.', { exact: false }).waitFor()
    expect(await page.getByRole('radio', { name: 'In the portal only' }).isChecked()).toBe(true)
    expect(await page.getByRole('radio', { name: 'At joining' }).count()).toBe(0)
    await page.getByLabel('Name in Italian').fill('Conto per i rimborsi')
    await page.getByLabel('Name in English').fill('Account for refunds')
    await button(page, 'Add this field').click()
    await page.locator('#field-own_account_for_refunds:focus').waitFor()
    expect(await fieldNow('own_account_for_refunds')).toMatchObject({
      ...{ compartment: 'payment', purposes: ['payment'], asked: 'portal', sensitive: true },
    })
  })

  it('shows how a field of each type will look, in both languages', async () => {
    const page = await piaAt('/office/fields/new', 'Add a field', 'en')
    await page.getByLabel('Name in Italian').fill('Come va?')
    await page.getByLabel('Name in English').fill('How are you?')
    const types = await page
      .getByLabel('Type')
      .locator('option')
      .evaluateAll(all => all.map(one => one.getAttribute('value')))
    expect(types.length).toBeGreaterThan(20)
    for (const type of types) {
      await page.getByLabel('Type').selectOption(type)
      await page.locator('figure', { hasText: 'Come va? (facoltativo)' }).waitFor()
      await page.locator('figure', { hasText: 'How are you? (optional)' }).waitFor()
    }
    await page.getByLabel('Type').selectOption('decimal')
    await page.getByLabel('Least').fill('0,5')
    await page.getByLabel('Most').fill('90')
    await page.locator('figure', { hasText: 'Da 0,5 a 90.' }).waitFor()
    await page.locator('figure', { hasText: 'From 0.5 to 90.' }).waitFor()
  })

  it('shows both versions of a name that was changed, and the older one can be decided again', async () => {
    await added('own_dog', 'Name of the dog', 'Nome del cane')
    const notice = (await told('/notice')).version
    const page = await piaAt('/office/fields/own_dog', 'Nome del cane')
    await page.getByText('Non è ancora cambiato nulla.').waitFor()
    await page.getByLabel('Nome in italiano').fill('Come si chiama il cane')
    await page.getByText('Un nome nuovo è una domanda nuova', { exact: false }).waitFor()
    await button(page, 'Salva questa decisione').click()
    await page.locator('#field-own_dog:focus', { hasText: 'Come si chiama il cane' }).waitFor()

    await page.getByRole('link', { name: '2: Le versioni di Come si chiama il cane' }).click()
    const newest = page.getByRole('main').getByRole('listitem').first()
    await newest.getByText('Decisa da Pia Moretti', { exact: false }).waitFor()
    expect(await newest.getByRole('definition').allTextContents()).toEqual([
      'prima: «Nome del cane» in italiano, «Name of the dog» in inglese',
      'ora: «Come si chiama il cane» in italiano, «Name of the dog» in inglese',
    ])
    await page.getByRole('link', { name: /^Decidi di nuovo così\W+Versione 1$/ }).click()
    await page.getByText('Il modulo contiene la versione 1.', { exact: false }).waitFor()
    expect(await page.getByLabel('Nome in italiano').inputValue()).toBe('Nome del cane')
    await button(page, 'Salva questa decisione').click()
    await page.locator('#field-own_dog:focus', { hasText: 'Nome del cane' }).waitFor()
    expect(await fieldNow('own_dog')).toMatchObject({ version: 3, label: { it: 'Nome del cane' } })
    // Each name is told in a notice of its own.
    expect((await told('/notice')).version).toBe(notice + 2)
  })

  it('refuses a card’s security code beside the name, says why, and loses nothing that was typed', async () => {
    const page = await piaAt('/office/fields/new', 'Add a field', 'en')
    await button(page, 'Add this field').click()
    await page.locator('[name=label_it]:focus').waitFor()
    await page.getByText('Choose at least one purpose', { exact: false }).waitFor()
    await page.getByLabel('Name in Italian').fill('CVV della carta')
    await page.getByLabel('Name in English').fill('Digits on the back')
    await page.getByRole('checkbox', { name: 'Serving you' }).check()
    await button(page, 'Add this field').click()
    await page.getByText('It may be kept nowhere, ever, by anybody', { exact: false }).waitFor()
    expect(await page.locator('[name=label_it]').getAttribute('aria-invalid')).toBe('true')
    expect(await focused(page)).toMatch(/^textbox "Name in Italian"/)
    expect(await page.getByLabel('Name in English').inputValue()).toBe('Digits on the back')
    expect(await page.getByRole('checkbox', { name: 'Serving you' }).isChecked()).toBe(true)

    await button(page, 'Italiano').click()
    await page.getByText('Non può essere conservato da nessuna parte, mai', { exact: false }).waitFor()
    await page.getByLabel('Nome in italiano').fill('Un altro colore')
    await page.getByLabel('Nome in inglese').fill('Another colour')
    await page.getByLabel('Codice', { exact: true }).fill('own_favourite_colour')
    await button(page, 'Aggiungi questo campo').click()
    await page.getByText('Un altro campo ha già questo codice.', { exact: false }).waitFor()
  })

  it('shows what another officer decided meanwhile beside what was typed, and lets Pia choose', async () => {
    const { house, world } = rooms()
    await added('own_tea', 'Favourite tea', 'Tè preferito')
    const { employee: rita } = await inviteEmployee(house.house, world.pia.pseudonym, {
      ...{ name: 'Rita Galli', email: 'rita@example.org', role: 'officer', language: 'it' },
    })
    const page = await piaAt('/office/fields/own_tea', 'Favourite tea', 'en')
    await page.getByLabel('Name in English').fill('Tea you like best')
    await page.getByLabel('Help in Italian').fill('Una sola riga.')
    await page.getByLabel('Help in English').fill('One line.')
    await changeField(house.house, rita.pseudonym, 'own_tea', 1, {
      ...{ ...decided, label: { en: 'Tea', it: 'Tè' }, reconfirm_days: 365 },
    })
    await button(page, 'Save this decision').click()
    await page.locator('h2:focus', { hasText: 'Somebody else has decided meanwhile' }).waitFor()
    await page.getByText('Rita Galli saved version 2', { exact: false }).waitFor()
    const mine = page.getByRole('radio', { name: /^Name, Typed by you: .*Tea you like best/ })
    const theirs = page.getByRole('radio', { name: /^Name, Decided by Rita Galli: .*“Tea” in English/ })
    expect(await mine.isChecked()).toBe(true)
    await theirs.check()
    // Where she had changed nothing, what Rita decided is chosen already.
    expect(
      await page.getByRole('radio', { name: /^Confirmed anew, Decided by Rita Galli/ }).isChecked(),
    ).toBe(true)
    expect(await faultsOf(page), 'the conflict').toEqual([])
    await button(page, 'Go on with this choice').click()
    await page.locator('h2:focus', { hasText: 'What will happen' }).waitFor()
    expect(await page.getByLabel('Help in English').inputValue()).toBe('One line.')
    await button(page, 'Save this decision').click()
    await page.locator('#field-own_tea:focus').waitFor()
    expect(await fieldNow('own_tea')).toMatchObject({
      ...{ version: 3, label: { en: 'Tea', it: 'Tè' }, reconfirm_days: 365 },
      help: { it: 'Una sola riga.', en: 'One line.' },
    })
  })

  it('keeps what was typed for whoever goes back, and for whoever must sign in again', async () => {
    const { house, world } = rooms()
    const page = await piaAt('/office/fields', 'What we ask', 'en')
    await button(page, 'Add a field').click()
    await page.getByLabel('Name in English').fill('Garden')
    await page.goBack()
    await heading(page, 'What we ask').waitFor()
    await page.goForward()
    await page.getByText('What you typed before is still here.').waitFor()
    expect(await page.getByLabel('Code', { exact: true }).inputValue()).toBe('own_garden')
    await page.getByLabel('Name in Italian').fill('Giardino')
    await page.getByRole('checkbox', { name: 'Offers' }).check()

    await page.context().clearCookies()
    await button(page, 'Add this field').click()
    await heading(page, 'Sign in').waitFor()
    await page.getByLabel('E-mail').fill(world.pia.email)
    await page.getByLabel('Password', { exact: true }).fill(world.pia.password)
    await page.getByLabel('Code from your authenticator app').fill(nextCode(house, world.pia))
    await button(page, 'Sign in').click()
    await heading(page, 'Add a field').waitFor()
    expect(await page.getByLabel('Name in Italian').inputValue()).toBe('Giardino')
    await button(page, 'Begin anew').click()
    expect(await page.getByLabel('Name in Italian').inputValue()).toBe('')
    expect(await page.getByRole('checkbox', { name: 'Offers' }).isChecked()).toBe(false)
  })

  it('can be decided with the keyboard alone', async () => {
    await added('own_boat', 'Boat', 'Barca')
    const page = await piaAt('/office/fields?show=asked', 'What we ask', 'en')
    await page.getByRole('link', { name: 'Boat', exact: true }).waitFor()
    await reach(page, 'button', 'All (')
    await reach(page, 'link', 'Boat')
    await page.keyboard.press('Enter')
    await page.locator('h1:focus', { hasText: 'Boat' }).waitFor()
    await reach(page, 'textbox', 'Help in Italian')
    await page.keyboard.type('Se ne hai una.')
    await reach(page, 'textbox', 'Help in English')
    await page.keyboard.type('If you have one.')
    await reach(page, 'radio', 'In the portal only')
    await page.keyboard.press('ArrowUp')
    await reach(page, 'checkbox', 'Must be answered')
    await page.keyboard.press('Space')
    await page.getByText('From now on whoever joins is asked for “Boat” and must answer.').waitFor()
    await reach(page, 'button', 'Save this decision')
    await page.keyboard.press('Enter')
    await page.locator('#field-own_boat:focus').waitFor()
    expect(await fieldNow('own_boat')).toMatchObject({
      ...{ asked: 'joining', required: true, help: { en: 'If you have one.' } },
    })
  })

  it('says what stays as it is of what the program needs, and offers nothing to decide about its records', async () => {
    const page = await piaAt('/office/fields/email', 'Indirizzo e-mail')
    await heading(page, 'Che cosa resta com’è').waitFor()
    expect(await page.getByRole('radio', { name: 'Non si chiede' }).count()).toBe(0)
    expect(await page.getByRole('radio', { name: 'Il cliente', exact: true }).count()).toBe(0)
    await page.goto('/office/fields')
    await page.getByRole('row', { name: /^Acquisti/ }).waitFor()
    expect(await page.getByRole('link', { name: 'Acquisti', exact: true }).count()).toBe(0)
    await page.goto('/office/fields/purchase')
    await page.getByText('non c’è nulla da decidere', { exact: false }).waitFor()
    expect(await page.getByRole('textbox').count()).toBe(0)
  })
})

describe('its pages, light and dark and on a phone', { timeout: 180_000 }, () => {
  it.each(languages)('are for everybody (%s)', async language => {
    const { house, world } = rooms()
    const [code, italian] = [`own_${language}`, language === 'it']
    await addField(house.house, world.pia.pseudonym, {
      ...newField(code, 'Size', 'Taglia'),
      ...{ type: 'choices', options: { options: ['s', 'm'] }, asked: 'no' },
      option_labels: { s: { en: 'Small', it: 'Piccola' }, m: { en: 'Middle', it: 'Media' } },
    })
    const { version, ...now } = await getCatalogueField(house.house.database, code)
    await changeField(house.house, world.pia.pseudonym, code, version, {
      ...{ ...decided, asked: 'no', label: { en: 'Size of shirt', it: 'Taglia' } },
      ...{ options: now.options, option_labels: now.option_labels, sensitive: true },
    })
    const page = await piaAt('/office/fields', italian ? 'Che cosa chiediamo' : 'What we ask', language)
    await page.getByRole('table').waitFor()
    expect(await faultsOf(page), 'the list').toEqual([])
    await page.goto(`/office/fields/${code}/versions`)
    await page.getByText('Pia Moretti', { exact: false }).nth(2).waitFor()
    expect(await faultsOf(page), 'the versions').toEqual([])
    await page.goto(`/office/fields/${code}?again=1`)
    await page.getByLabel(italian ? 'Nome in inglese' : 'Name in English').fill('')
    await button(page, italian ? 'Togli: Media' : 'Remove: Middle').click()
    await button(page, italian ? 'Aggiungi un’opzione' : 'Add an option').click()
    await page.keyboard.type('Grande')
    await button(page, italian ? 'Salva questa decisione' : 'Save this decision').click()
    await page.locator('[name=label_en]:focus').waitFor()
    expect(await faultsOf(page), 'the form').toEqual([])
  })
})
