import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { checkReceipt } from '../../src/disposal/receipt-check.ts'
import { codeFor } from '../portal.ts'
import { type Language, nextCode, roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

/** What people read and press on the way, in both languages. */
const said = {
  en: {
    join: 'Join',
    service: 'I agree: Serving you',
    offers: 'I agree: Offers that fit you',
    continue: 'Continue',
    send: 'Send me a code',
    code: 'Code of 6 digits',
    confirm: 'Confirm',
    name: 'Name',
    phone: /^Telephone number/,
    myData: 'My data',
    proved: 'proved with a code by e-mail',
    questions: 'Questions',
    question: 'Your question',
    ask: 'Send the question',
    waiting: 'waiting',
    signIn: 'Sign in',
    password: 'Password',
    authenticator: 'Code from your authenticator app',
    take: 'Take the task about',
    why: 'Why this is open to you',
    purpose: 'The customer agreed to this purpose: Serving you.',
    close: 'Close the task',
    closed: 'The task is closed and the customer’s fields are closed to you.',
    notYours: 'This task is not yours',
    looked: 'Who looked',
    read: 'read',
    fields: 'Name, Telephone number, Purchases and Questions',
    task: 'Question about a delivery',
    takeAway: 'Take away',
    download: 'Download my data',
    leave: 'Leave',
    understood: 'I understand that my data cannot be brought back.',
    destroy: 'Leave and destroy my data',
    left: 'You have left',
    receipt: 'Download the receipt',
    refused: 'Refused and removed',
    first: 'Your data belongs to you',
  },
  it: {
    join: 'Iscriviti',
    service: 'Acconsento: Servirti',
    offers: 'Acconsento: Offerte su misura per te',
    continue: 'Continua',
    send: 'Inviami un codice',
    code: 'Codice di 6 cifre',
    confirm: 'Conferma',
    name: 'Nome',
    phone: /^Numero di telefono/,
    myData: 'I miei dati',
    proved: 'provato con un codice via e-mail',
    questions: 'Domande',
    question: 'La tua domanda',
    ask: 'Invia la domanda',
    waiting: 'in attesa',
    signIn: 'Accedi',
    password: 'Password',
    authenticator: 'Codice dall’app di autenticazione',
    take: 'Prendi il compito su',
    why: 'Perché ti è aperto',
    purpose: 'Il cliente ha acconsentito a questa finalità: Servirti.',
    close: 'Chiudi il compito',
    closed: 'Il compito è chiuso e i campi del cliente ti sono preclusi.',
    notYours: 'Questo compito non è tuo',
    looked: 'Chi ha guardato',
    read: 'letto',
    fields: 'Nome, Numero di telefono, Acquisti e Domande',
    task: 'Domanda su una consegna',
    takeAway: 'Porta via',
    download: 'Scarica i miei dati',
    leave: 'Andarsene',
    understood: 'Capisco che i miei dati non si potranno recuperare.',
    destroy: 'Me ne vado: distruggete i miei dati',
    left: 'Non sei più cliente qui',
    receipt: 'Scarica la ricevuta',
    refused: 'Rifiutati e rimossi',
    first: 'I tuoi dati appartengono a te',
  },
} as const

type Words = (typeof said)[Language]

const ana = (language: Language) => ({
  name: language === 'it' ? 'Ana Bellini' : 'Ana Fairfax',
  email: `ana.${language}@example.org`,
})

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
// Text as it is laid out: cells and lines stay apart.
// biome-ignore lint/performance/useDomNodeTextContent: textContent would run them together
const textOf = async (locator: Locator) => (await locator.innerText()).replaceAll(/\s+/g, ' ')

async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
}

async function saved(page: Page, press: () => Promise<void>): Promise<unknown> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()])
  return JSON.parse(await readFile(await download.path(), 'utf8'))
}

async function join(page: Page, words: Words, who: { name: string; email: string }): Promise<void> {
  await page.goto('/')
  await button(page, words.join).click()
  const offers = page.getByRole('checkbox', { name: words.offers })
  const service = page.getByRole('checkbox', { name: words.service })
  await service.waitFor()
  expect(await offers.isChecked()).toBe(false)
  expect(await service.isChecked()).toBe(false)
  await service.check()
  await page.getByRole('radio').first().check()
  await button(page, words.continue).click()
  await page.getByLabel('E-mail').fill(who.email)
  await button(page, words.send).click()
  await page.getByLabel(words.code).waitFor()
  await page.getByLabel(words.code).fill(await codeFor(rooms().house, who.email))
  await button(page, words.confirm).click()
  await page.getByLabel(words.name, { exact: true }).fill(who.name)
  await page.getByLabel(words.phone).fill('347 555 0142')
  await button(page, words.join).click()
  await heading(page, words.myData).waitFor()
  await page.getByText(who.name, { exact: true }).waitFor()
}

describe.each(['en', 'it'] as const)('in %s', { timeout: 240_000 }, language => {
  const words = said[language]
  const who = ana(language)
  const question = language === 'it' ? 'Dov’è il mio pacco?' : 'Where is my parcel?'

  it('a customer joins, is served, sees who looked, takes her data away and leaves', async () => {
    const { house, world, url, visit } = rooms()
    const anas = await visit(language)
    await join(anas, words, who)
    expect(await anas.locator('html').getAttribute('lang')).toBe(language)
    const held = await textOf(anas.getByRole('main'))
    expect(held).toContain(who.email)
    expect(held).toContain('+393475550142')
    expect(held).toContain(words.proved)
    const alias = String(await anas.locator('.who').textContent())

    await goTo(anas, words.questions)
    await anas.getByLabel(words.question).fill(question)
    await button(anas, words.ask).click()
    await anas.getByText(words.waiting, { exact: true }).waitFor()

    // Ben sees a task and an alias, and no customer until he takes it.
    const bens = await visit(language)
    await bens.goto('/work')
    await bens.getByLabel('E-mail').fill(world.ben.email)
    await bens.getByLabel(words.password, { exact: true }).fill(world.ben.password)
    await bens.getByLabel(words.authenticator).fill(nextCode(house, world.ben))
    await button(bens, words.signIn).click()
    const take = bens.getByRole('button', { name: `${words.take} ${alias}` })
    await take.waitFor()
    expect(await textOf(bens.getByRole('main'))).not.toContain(who.name)
    await take.click()
    await bens.getByText(who.name, { exact: true }).waitFor()
    await bens.getByRole('heading', { name: words.why }).waitFor()
    const opened = await textOf(bens.getByRole('main'))
    expect(opened).toContain(words.purpose)
    expect(opened).toContain('+393475550142')
    expect(opened).toContain(question)
    expect(opened).not.toContain(who.email)
    const task = bens.url()

    await button(bens, words.close).click()
    await bens.getByText(words.closed).waitFor()
    await bens.goto(task)
    await heading(bens, words.notYours).waitFor()
    expect(await textOf(bens.getByRole('main'))).not.toContain(who.name)

    // Ana reads that Ben read, which fields, and for what.
    await goTo(anas, words.looked)
    const lines = anas.getByRole('row').filter({ hasText: world.ben.name }).filter({ hasText: words.fields })
    await lines.first().waitFor()
    const looks = await Promise.all((await lines.all()).map(textOf))
    expect(looks.some(look => look.includes(` ${words.read} `) && look.includes(words.task))).toBe(true)

    await goTo(anas, words.takeAway)
    const everything = await saved(anas, () => button(anas, words.download).click())
    expect(everything).toMatchObject({ format: 'custode-export/1', data: { alias } })
    expect(JSON.stringify(everything)).toContain(who.name)
    expect(JSON.stringify(everything)).toContain(question)

    // She leaves: nothing happens without the tick, and then everything does.
    await goTo(anas, words.leave)
    await button(anas, words.destroy).click()
    expect(await anas.getByRole('checkbox', { name: words.understood }).isChecked()).toBe(false)
    await heading(anas, words.leave).waitFor()
    await anas.getByRole('checkbox', { name: words.understood }).check()
    await button(anas, words.destroy).click()
    await heading(anas, words.left).waitFor()
    const receipt = await saved(anas, () => button(anas, words.receipt).click())
    expect(checkReceipt(receipt)).toMatchObject({ ok: true })
    expect(JSON.stringify(receipt)).not.toContain(who.name)

    await anas.goto(`/destruction#${(receipt as { link: string }).link}`)
    await anas.getByRole('heading', { name: words.refused }).waitFor()
    await anas.goto('/')
    await heading(anas, words.first).waitFor()
    const refused = await anas.request.get(`${url}/api/v1/portal/data`)
    expect(refused.status()).toBe(401)
    const left = await house.owner.query(
      'select 1 from customer c join subject s using (id) where s.alias = $1',
      [alias],
    )
    expect(left).toEqual([])
  })
})
