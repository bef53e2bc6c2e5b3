import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { signIntakeKey } from '../../src/keeper/intake-note.ts'
import { formatVkey, signerOf } from '../../src/keeper/note.ts'
import { checkConsentReceipt } from '../../src/use/consent-receipt-check.ts'
import { sealPeople } from '../sealed-person.ts'
import { askAnew } from './asking.ts'
import { faultsOf } from './page-faults.ts'
import { type Language, type Rooms, roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

beforeAll(async () => {
  for (const code of ['allergies', 'iban', 'card']) await askAnew(rooms(), code, { asked: 'portal' })
})

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const told = (page: Page, text: string) =>
  page.getByRole('status').getByText(text, { exact: false }).waitFor()
const exhibit = (page: Page, label: string) => page.locator('.exhibit').filter({ hasText: label })
/** The form that stands in a frame of its own. */
const sealedForm = (page: Page) => page.frameLocator('iframe.sealed-frame')
const alarm = (page: Page) => sealedForm(page).getByRole('alert')
const save = (page: Page, name = 'Save') =>
  sealedForm(page).getByRole('button', { name, exact: true }).click()
const allergies = (page: Page) => sealedForm(page).getByLabel('Allergies and intolerances', { exact: true })

const titles = {
  en: { payment: 'Paying with what you keep here', care: 'Taking your health into account' },
  it: { payment: 'Pagare con ciò che conservi qui', care: 'Tenere conto della tua salute' },
} as const

/** Agrees to a purpose by its switch and the question that it asks. */
async function agreeTo(page: Page, title: string, words: { give: string; gave: string }): Promise<void> {
  await page.goto('/agreements')
  await page.getByRole('switch', { name: title }).click()
  await button(page, words.give).click()
  await told(page, words.gave)
}
const agreed = { give: 'I agree', gave: 'You have agreed' }

async function heldBy(page: Page): Promise<Record<string, unknown>> {
  const { values } = await (await page.request.get('/api/v1/portal/data')).json()
  return Object.fromEntries(values.map((one: { field: string; value: unknown }) => [one.field, one.value]))
}

/** What a text looks like in plain, in hex and in base64, wherever in it the text begins. */
function spellings(text: string): string[] {
  const bytes = Buffer.from(text)
  const encoded = [0, 1, 2].map(before => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    // The first and last signs hold bits of what is around it.
    return whole.slice(4, -4)
  })
  return [
    text,
    encodeURIComponent(text),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...encoded,
  ]
}

/** Everything this page sends from now on. */
function sentBy(page: Page): string[] {
  const sent: string[] = []
  page.on('request', request => {
    const body = request.postDataBuffer()
    sent.push(`${request.method()} ${request.url()} ${body?.toString('latin1') ?? ''}`)
  })
  return sent
}
const envelopesIn = (sent: string[]) => sent.filter(one => /^POST \S+\/portal\/envelopes /.test(one))

/** Somebody leaves, and the keys of whoever left are destroyed: the key for sealing goes along. */
async function rollAway({ house }: Rooms): Promise<void> {
  const { keeper } = house.house
  const [left] = await sealPeople(keeper, 1)
  await keeper.shred({
    ...{ act: randomUUID(), actor: 'customer', reason: 'withdrawal', slots: [left!.contact] },
    subject: { trailSlot: left!.trail, alias: left!.alias },
  })
  await keeper.roll()
}

/** A page on which health data may be given, by somebody new. */
async function caredFor(language: Language = 'en'): Promise<Page> {
  const here = rooms()
  const page = await here.visit(language, (await here.world.join()).cookies)
  await agreeTo(page, titles[language].care, agreed)
  await page.goto('/')
  return page
}

describe('what is sealed in the browser', { timeout: 120_000 }, () => {
  it('is agreed to, given and held, and leaves the page in no spelling that anybody could read', async () => {
    const { world, visit } = rooms()
    const page = await visit('en', world.ana.cookies)
    await page.goto('/')
    await page.getByText('Allergies and intolerances', { exact: false }).waitFor()
    expect(await button(page, 'Answer: Allergies and intolerances').count()).toBe(0)
    await page.goto('/agreements')
    await page.getByRole('switch', { name: titles.en.care }).click()
    await page.getByRole('dialog').getByText('sealed in your browser', { exact: false }).waitFor()
    expect(await faultsOf(page), 'the question before agreeing').toEqual([])
    await button(page, 'I agree').click()
    await told(page, `You have agreed: ${titles.en.care}.`)
    await button(page, 'To my data').click()

    const sent = sentBy(page)
    const value = `hazelnuts and ${randomUUID()}`
    await button(page, 'Answer: Allergies and intolerances').click()
    await sealedForm(page).getByText('Sealed in this browser before it is sent', { exact: false }).waitFor()
    expect(await faultsOf(page), 'a form that is sealed').toEqual([])
    await allergies(page).fill(value)
    await save(page)
    await told(page, 'Saved: Allergies and intolerances.')
    await button(page, 'Show: Allergies and intolerances').click()
    await exhibit(page, 'Allergies and intolerances').getByText(value).waitFor()
    expect(envelopesIn(sent)).toHaveLength(1)
    for (const spelling of spellings(value)) expect(sent.join('\n')).not.toContain(spelling)
    expect(await heldBy(page)).toMatchObject({ allergies: value })

    await button(page, 'Remove: Allergies and intolerances').click()
    await button(page, 'Remove it').click()
    await told(page, 'Removed: Allergies and intolerances.')
    expect(await heldBy(page)).not.toHaveProperty('allergies')
    expect(envelopesIn(sent)).toHaveLength(2)
  })

  it('arrives although its key was rolled away while it was on its way', async () => {
    const here = rooms()
    const page = await caredFor()
    const sent = sentBy(page)
    const rolledFirst = { times: 1 }
    await page.route(
      '**/portal/envelopes',
      async route => {
        await rollAway(here)
        await route.continue()
      },
      rolledFirst,
    )
    await button(page, 'Answer: Allergies and intolerances').click()
    await allergies(page).fill('strawberries')
    await save(page)
    await told(page, 'Saved: Allergies and intolerances.')
    expect(envelopesIn(sent)).toHaveLength(2)
    expect(await heldBy(page)).toMatchObject({ allergies: 'strawberries' })
  })

  it('arrives although its limits were changed after the page was loaded', async () => {
    const here = rooms()
    const page = await caredFor()
    await button(page, 'Answer: Allergies and intolerances').click()
    await allergies(page).fill('peaches')
    await askAnew(here, 'allergies', { options: { most: 400 } })
    await save(page)
    await told(page, 'Saved: Allergies and intolerances.')
    expect(await heldBy(page)).toMatchObject({ allergies: 'peaches' })
  })

  it('is not sent without end, to nobody and not for a key that the log does not vouch for', async () => {
    const page = await caredFor()
    const sent = sentBy(page)
    await button(page, 'Answer: Allergies and intolerances').click()
    const input = allergies(page)
    await input.fill('milk')
    const refuse = async (path: string, status: number, code: string) => {
      const body = JSON.stringify({ code })
      await page.route(path, route =>
        route.fulfill({ status, contentType: 'application/problem+json', body }),
      )
      await save(page)
    }
    await refuse('**/portal/envelopes', 409, 'intake_changed')
    await alarm(page).getByText('Please send it again.', { exact: false }).waitFor()
    expect(envelopesIn(sent)).toHaveLength(3)

    await page.unrouteAll()
    await refuse('**/api/v1/intake-key', 503, 'unavailable')
    await alarm(page).getByText('Nothing was sent away', { exact: false }).waitFor()
    expect(await faultsOf(page), 'a form that cannot be sealed now').toEqual([])

    await page.unrouteAll()
    await page.route('**/api/v1/intake-key', async route => {
      const response = await route.fetch()
      const key = await response.json()
      const note = key.note.replace(/^key .*$/m, `key ${randomBytes(32).toString('base64')}`)
      await route.fulfill({ response, json: { ...key, note } })
    })
    await save(page)
    await alarm(page).getByText('not signed by the log that we know here', { exact: false }).waitFor()
    expect(envelopesIn(sent)).toHaveLength(3)
    expect(await input.inputValue()).toBe('milk')
    await page.unrouteAll()
    await save(page)
    await told(page, 'Saved: Allergies and intolerances.')
  })

  it('is sealed to nothing that another key vouches for than the one this browser knows from its log', async () => {
    const page = await caredFor()
    await page.goto('/who-looked')
    await page.getByText('This browser has noted where your lines end', { exact: false }).waitFor()
    await page.goto('/')
    await page.route('**/api/v1/intake-key', async route => {
      const response = await route.fetch()
      const { slot, vkey } = await response.json()
      const log = String(vkey).split('+')[0]!
      const thief = signerOf(log, generateKeyPairSync('ed25519').privateKey)
      const publicKey = randomBytes(32).toString('base64')
      const note = signIntakeKey({ log, slot, publicKey, until: Date.now() + 3_600_000 }, thief)
      await route.fulfill({ response, json: { note, slot, vkey: formatVkey(thief) } })
    })
    const sent = sentBy(page)
    await button(page, 'Answer: Allergies and intolerances').click()
    await allergies(page).fill('milk')
    await save(page)
    await alarm(page).getByText('not signed by the log that we know here', { exact: false }).waitFor()
    expect(envelopesIn(sent)).toEqual([])
  })

  it('is not even typed in a browser that cannot seal', async () => {
    const page = await caredFor()
    await page.addInitScript(() => {
      const subtle = crypto.subtle
      const { generateKey } = subtle
      const without = (algorithm: unknown, ...rest: unknown[]) =>
        algorithm === 'X25519'
          ? Promise.reject(new DOMException('no such algorithm', 'NotSupportedError'))
          : Reflect.apply(generateKey, subtle, [algorithm, ...rest])
      Object.defineProperty(subtle, 'generateKey', { value: without })
    })
    await page.goto('/')
    const sent = sentBy(page)
    await button(page, 'Answer: Allergies and intolerances').click()
    await alarm(page).getByText('This browser cannot seal what you type', { exact: false }).waitFor()
    await allergies(page).fill('milk')
    await save(page)
    await alarm(page).getByText('This browser cannot seal what you type', { exact: false }).waitFor()
    expect(sent.filter(one => /^POST|intake-key/.test(one))).toEqual([])
  })

  it('says in Italian what is wrong beside its field, and of a card keeps what it is known by', async () => {
    const { world, visit } = rooms()
    const page = await visit('it', (await world.join()).cookies)
    await agreeTo(page, titles.it.payment, { give: 'Acconsento', gave: 'Hai dato il consenso' })
    await page.goto('/')
    await button(page, 'Rispondi: Conto bancario (IBAN)').click()
    const iban = sealedForm(page).getByLabel('Conto bancario (IBAN)', { exact: true })
    await iban.fill('IT61 X054 2811 1010 0000 0123 456')
    await save(page, 'Salva')
    const said = sealedForm(page).getByText('Un carattere di questo IBAN è sbagliato', { exact: false })
    await said.waitFor()
    expect(await iban.getAttribute('aria-invalid')).toBe('true')
    const saving = sealedForm(page).getByRole('button', { name: 'Salva', exact: true })
    const before = await saving.boundingBox()
    await iban.fill('it60 x054 2811 1010 0000 0123 456')
    // It is said no longer, and the button stays where the pointer is heading for.
    await said.waitFor({ state: 'hidden' })
    expect(await iban.getAttribute('aria-invalid')).toBeNull()
    expect(await saving.boundingBox()).toEqual(before)
    await save(page, 'Salva')
    await told(page, 'Salvato: Conto bancario (IBAN).')

    const sent = sentBy(page)
    await page.getByRole('button', { name: /^Rispondi: Carta/ }).click()
    await sealedForm(page).getByLabel('Tipo di carta').selectOption('visa')
    const last: Locator = sealedForm(page).getByLabel('Ultime 4 cifre')
    await last.fill('4242 4242 4242 4242')
    await sealedForm(page).getByLabel('Scadenza').fill('05/28')
    await save(page, 'Salva')
    await sealedForm(page).getByText('Sembra il numero di una carta', { exact: false }).waitFor()
    expect(await faultsOf(page), 'a card with a fault').toEqual([])
    expect(envelopesIn(sent)).toEqual([])
    await last.fill('4242')
    await save(page, 'Salva')
    await page.getByRole('button', { name: /^Mostra: Carta/ }).click()
    await page.getByText('Visa •••• 4242, 05/28').waitFor()
    expect(await heldBy(page)).toMatchObject({
      iban: 'IT60X0542811101000000123456',
      card: { brand: 'visa', last4: '4242', expiry: '2028-05' },
    })
  })
})

describe('an agreement', { timeout: 120_000 }, () => {
  it('is taken away as a receipt that proves itself, also once it is taken back', async () => {
    const page = await caredFor()
    await page.goto('/agreements')
    await page.getByText('npx custode receipt verify FILE', { exact: false }).waitFor()
    const receiptBy = async (name: RegExp) => {
      const downloaded = page.waitForEvent('download')
      await page.getByRole('button', { name }).first().click()
      const path = await (await downloaded).path()
      await told(page, 'The receipt has been downloaded.')
      return checkConsentReceipt(JSON.parse(await readFile(path, 'utf8')))
    }
    expect(await receiptBy(/^Receipt: Your health/)).toMatchObject({
      ...{ ok: true, purpose: 'care', fields: ['allergies'], ended: null },
    })
    await page.getByRole('switch', { name: titles.en.care }).click()
    await button(page, 'Take it back').click()
    await told(page, `nothing is used any more for: ${titles.en.care}`)
    await page.getByRole('heading', { name: 'Earlier agreements' }).waitFor()
    expect(await faultsOf(page), 'agreements with their receipts').toEqual([])
    expect(await receiptBy(/^Receipt: Your health/)).toMatchObject({ ok: true, ended: expect.any(String) })
  })

  it('can be taken back also when nothing is asked for it any more', async () => {
    const here = rooms()
    const page = await caredFor()
    await askAnew(here, 'allergies', { asked: 'no' })
    try {
      await page.goto('/agreements')
      await page.getByText('We no longer ask for anything for this purpose.', { exact: false }).waitFor()
      await page.getByRole('switch', { name: 'Your health' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click()
      await told(page, 'You have taken the agreement back.')
    } finally {
      await askAnew(here, 'allergies', { asked: 'portal' })
    }
  })
})

describe('a value whose time is nearly over', { timeout: 120_000 }, () => {
  it('is asked about, and stands anew once it is confirmed', async () => {
    const here = rooms()
    await askAnew(here, 'phone', { reconfirm_days: 60 })
    const { cookies } = await here.world.join({ phone: '+39 340 123 4567' })
    const page = await here.visit('en', cookies)
    let confirmed = false
    await page.route('**/portal/confirmations', async route => {
      confirmed = true
      await route.continue()
    })
    await page.route('**/portal/data', async route => {
      const response = await route.fetch()
      const data = await response.json()
      const phone = data.values.find((one: { field: string }) => one.field === 'phone')
      if (!confirmed) phone.confirm_by = new Date(Date.now() + 3 * 86_400_000).toISOString()
      await route.fulfill({ response, json: data })
    })
    await page.goto('/')
    await page.getByText('Is this still right?').waitFor()
    expect(await faultsOf(page), 'a value to confirm').toEqual([])
    await button(page, 'Change: Telephone number').click()
    await page.keyboard.press('Escape')
    await button(page, 'Yes: Telephone number').click()
    await told(page, 'Thank you for confirming: Telephone number.')
    await page.locator('button[aria-label="Edit: Telephone number"]:focus').waitFor()
    expect(await page.getByText('Is this still right?').count()).toBe(0)
  })
})
