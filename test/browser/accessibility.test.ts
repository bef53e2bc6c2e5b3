import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { inviteEmployee } from '../../src/storage/employment.ts'
import { languages } from '../every-step.ts'
import type { TestHouse } from '../house.ts'
import { codeFor } from '../portal.ts'
import { LeafLog } from '../witness.ts'
import type { CustomerInWorld } from '../world.ts'
import { ask, askAnew } from './asking.ts'
import { faultsOf } from './page-faults.ts'
import { type Language, roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

/** Goes to an address, waits for its heading and for what it asks the server, and looks. */
async function look(page: Page, path: string, title: string, prepare?: () => Promise<void>): Promise<void> {
  await page.goto(path)
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  await page.waitForLoadState('networkidle')
  await prepare?.()
  expect(await faultsOf(page), path).toEqual([])
}

/** As when a witness has signed more than the log holds now. */
async function refuseToWitness(house: TestHouse): Promise<void> {
  const key = 'witness.example/pia+296820a6+BDNkVLc7Ize3k/gWJAxj3FLtMpsmpkfEd4KPuXB7El3X'
  house.house.witnesses = [{ key, url: 'http://127.0.0.1:9' }]
  await house.owner.query(
    `insert into witness_standing (witness, asked_since, heard_at, refusal, refused_since, held)
     values ($1, $2, $2, 'larger', $2, $3)`,
    [key, house.clock.now(), new LeafLog().grow(9).checkpoint()],
  )
}

describe('every page, light and dark and on a phone', { timeout: 300_000 }, () => {
  it('of the portal before joining', async () => {
    const { house, visit } = rooms()
    const page = await visit('it')
    await look(page, '/', 'I tuoi dati appartengono a te', async () => {
      await page.getByText('Chiavi per controllare il nostro registro e le ricevute').click()
      await page.getByText('npx custode receipt verify', { exact: false }).waitFor()
    })
    await look(page, '/join', 'Che cosa significa iscriversi', async () => {
      await page.getByRole('button', { name: 'Continua' }).click()
      await page.getByText('Senza questo consenso', { exact: false }).waitFor()
    })
    await look(page, '/sign-in', 'Accedi', async () => {
      await page.getByRole('button', { name: 'Inviami un codice' }).click()
      await page.getByText('Compila questo campo.').waitFor()
      await page.getByLabel('E-mail').fill('lea@example.org')
      await page.getByRole('button', { name: 'Inviami un codice' }).click()
      await page.getByLabel('Codice di 6 cifre').fill('000000')
      await page.getByRole('button', { name: 'Conferma' }).click()
      await page.getByRole('alert').waitFor()
    })
    await page.getByLabel('Codice di 6 cifre').fill(await codeFor(house, 'lea@example.org'))
    await page.getByRole('button', { name: 'Conferma' }).click()
    await page.getByRole('heading', { level: 1, name: 'Che cosa significa iscriversi' }).waitFor()
    await page.getByRole('checkbox', { name: 'Servirti' }).check()
    await page.getByRole('radio', { name: 'Ho 16 anni o più' }).check()
    await page.getByRole('button', { name: 'Continua' }).click()
    await page.getByRole('heading', { level: 1, name: 'Su di te' }).waitFor()
    await page.getByRole('button', { name: 'Iscriviti' }).click()
    await page.getByText('Compila questo campo.').waitFor()
    expect(await faultsOf(page), 'the last step of joining').toEqual([])
    await look(page, '/destruction', 'A che punto è la distruzione')
    await look(page, '/left', 'Qui non c’è alcuna ricevuta')
    await look(page, '/nowhere', 'Accedi')
  })

  it('of the portal of a customer', async () => {
    const { visit, world } = rooms()
    const page = await visit('en', world.ana.cookies)
    await look(page, '/', 'My data', () => page.locator('summary').first().click())
    await look(page, '/questions', 'Ask us something', async () => {
      await page.getByLabel('Your question').fill('Where is my parcel?')
      await page.getByRole('button', { name: 'Send the question' }).click()
      await page.getByText('Your question is with us.', { exact: false }).waitFor()
    })
    await look(page, '/who-looked', 'Who looked', async () => {
      await page.getByText('What this does not prove').click()
      await page.getByText('Check it yourself, without us').click()
    })
    await look(page, '/agreements', 'Agreements')
    await look(page, '/take-away', 'Take your data away')
    await look(page, '/passkeys', 'Passkeys')
    await look(page, '/leave', 'Leave')
    await look(page, '/nowhere', 'This page does not exist')

    const leaver = await visit('en', (await world.join()).cookies)
    await leaver.goto('/leave')
    await leaver.getByRole('checkbox').check()
    await leaver.getByRole('button', { name: 'Leave and destroy my data' }).click()
    await leaver.getByRole('heading', { level: 1, name: 'You have left' }).waitFor()
    expect(await faultsOf(leaver), 'the receipt').toEqual([])
  })

  it('of the work room', async () => {
    const { visit, world } = rooms()
    await look(await visit('it'), '/work', 'Accedi')
    await look(await visit('it'), '/work/invitation#nonsense', 'Questo invito non è più valido')
    const page = await visit('it', world.ben.cookies)
    await look(page, '/work', 'Compiti')
    await page.getByRole('button', { name: 'Prendi' }).first().click()
    await page.getByRole('heading', { name: 'Perché ti è aperto' }).waitFor()
    await page.getByText(world.ana.name, { exact: true }).waitFor()
    expect(await faultsOf(page), 'a task').toEqual([])
    await look(page, '/work/find', 'Trova un cliente')
    await look(page, '/work?state=mine', 'Compiti')
    await look(page, '/work?state=closed', 'Compiti')
    await look(page, '/work/tasks/00000000-0000-4000-8000-000000000000', 'Questo compito non è tuo')
  })

  it('of the office', async () => {
    const { house, visit, world } = rooms()
    await look(await visit('en'), '/office', 'Sign in')
    const { invitation } = await inviteEmployee(house.house, world.pia.pseudonym, {
      ...{ name: 'Ugo Sala', email: 'ugo@example.org', role: 'employee', language: 'en' },
    })
    await look(await visit('en'), `/work/invitation#${invitation.token}`, 'Welcome to Bottega Aurora')
    const page = await visit('en', world.pia.cookies)
    await look(page, '/office', 'Overview')
    await refuseToWitness(house)
    await look(page, '/office', 'Overview', async () => {
      await page
        .getByRole('heading', { name: /^The witness witness.example\/pia knows a longer log/ })
        .waitFor()
      await page.getByText('Signed by witness.example/pia').waitFor()
    })
    await look(page, '/office/employees', 'Employees', async () => {
      await page.getByRole('button', { name: 'Invite somebody' }).click()
      await page.getByRole('button', { name: 'Make the invitation' }).click()
      await page.getByText('Please fill this in.').first().waitFor()
    })
    await page
      .getByRole('button', { name: /^End employment/ })
      .first()
      .click()
    await page.getByRole('dialog').waitFor()
    expect(await faultsOf(page), 'a dialog').toEqual([])
    await look(page, '/office/destructions', 'Destructions')
    await look(page, '/office/log', 'Log', async () => {
      await page.getByRole('button', { name: 'Verify the whole log' }).click()
      await page.getByText('The log is whole', { exact: false }).waitFor()
      await page.getByRole('button', { name: '30 days' }).click()
      const signIns = page
        .getByRole('table', { name: 'Entries by kind' })
        .getByRole('row', { name: /^signed in/ })
      expect(await signIns.getByRole('cell').textContent()).toMatch(/^[1-9]/)
    })
  })
})

const alike = (word: string) => ({ en: `${word}`, it: `${word} (it)` })
const choiceOf = (...options: string[]) => ({
  options: { options },
  option_labels: Object.fromEntries(options.map(option => [option, alike(option)])),
})

/** A field of each type that has an input of its own, after somebody has joined without any. */
async function askForEverything(): Promise<Record<Language, CustomerInWorld>> {
  const here = rooms()
  const early = { it: await here.world.join(), en: await here.world.join() }
  await askAnew(here, 'postal_address', { asked: 'joining', purposes: ['service'] })
  for (const asked of [
    { code: 'own_size', type: 'integer', options: { least: 30, most: 50 } } as const,
    { code: 'own_story', type: 'text', sensitive: true } as const,
    { code: 'own_news', type: 'boolean' } as const,
    { code: 'own_colour', type: 'choice', ...choiceOf('red', 'blue') } as const,
    { code: 'own_town', type: 'choice', ...choiceOf('ao', 'bo', 'co', 'fe', 'lo', 'to') } as const,
    { code: 'own_hobbies', type: 'choices', ...choiceOf('sea', 'snow') } as const,
    { code: 'own_day', type: 'date' } as const,
    { code: 'own_from', type: 'country' } as const,
  ]) {
    await ask(here, {
      ...{ label: alike(asked.code), help: alike('Help'), asked: 'joining', purposes: ['offers'] },
      ...asked,
    })
  }
  return early
}

const said = {
  it: {
    ...{ join: 'Iscriviti', continue: 'Continua', send: 'Inviami un codice' },
    ...{ code: 'Codice di 6 cifre', confirm: 'Conferma', data: 'I miei dati', save: 'Salva' },
    ...{ agreements: 'Consensi', anew: /^Acconsento anche/, agreed: 'Hai acconsentito', give: 'Rispondi' },
    ...{ remove: 'Rimuovi', street: 'Via o piazza', show: 'Mostra' },
  },
  en: {
    ...{ join: 'Join', continue: 'Continue', send: 'Send me a code' },
    ...{ code: 'Code of 6 digits', confirm: 'Confirm', data: 'My data', save: 'Save' },
    ...{ agreements: 'Agreements', anew: /^Agree to/, agreed: 'You have agreed', give: 'Answer' },
    ...{ remove: 'Remove', street: 'Street', show: 'Show' },
  },
} as const

describe('what the company asks for, light and dark and on a phone', { timeout: 300_000 }, () => {
  let early: Promise<Record<Language, CustomerInWorld>> | undefined

  it.each(languages)('of whoever joins, in %s', async language => {
    early ??= askForEverything()
    await early
    const { house, visit } = rooms()
    const words = said[language]
    const page = await visit(language)
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
    await page.goto('/join')
    await page.getByRole('checkbox').first().waitFor()
    for (const box of await page.getByRole('checkbox').all()) await box.check()
    await page.getByRole('radio').first().check()
    await press(words.continue)
    await page.getByLabel('E-mail').fill(`lea.${language}@example.org`)
    await press(words.send)
    await page.getByLabel(words.code).waitFor()
    await page.getByLabel(words.code).fill(await codeFor(house, `lea.${language}@example.org`))
    await press(words.confirm)
    await page.getByLabel(words.street).fill('Via Po')
    await page.locator('[name="values.own_size"]').fill('12')
    await press(words.join)
    await page.locator('[name="values.own_size"][aria-invalid=true]').waitFor()
    await page.locator('[data-name]').first().click()
    await page.getByRole('listbox').waitFor()
    expect(await faultsOf(page), 'the last step of joining').toEqual([])
  })

  it.each(languages)('of a customer, in %s', async language => {
    const { visit } = rooms()
    const words = said[language]
    const page = await visit(language, (await early!)[language].cookies)
    await look(page, '/', words.data)
    await look(page, '/agreements', words.agreements)
    for (const _ of ['service', 'offers']) {
      await page.getByRole('button', { name: words.anew }).first().click()
      await page.getByRole('status').getByText(words.agreed, { exact: false }).waitFor()
    }
    await page.goto('/')
    const field = (code: string) => (language === 'it' ? `${code} (it)` : code)
    await page.getByRole('button', { name: `${words.give}: ${field('own_story')}` }).click()
    await page.locator('[name="values.own_story"]').fill('Once upon a time')
    await page.getByRole('button', { name: words.save, exact: true }).click()
    await page.getByRole('button', { name: `${words.show}: ${field('own_story')}` }).waitFor()
    for (const code of ['own_news', 'own_hobbies', 'own_day', 'own_town'])
      await page.getByRole('button', { name: `${words.give}: ${field(code)}` }).click()
    for (const save of await page.getByRole('button', { name: words.save, exact: true }).all())
      await save.click()
    await page.locator('.mantine-InputWrapper-error').nth(3).waitFor()
    expect(await faultsOf(page), 'a value to undo, one that is covered, and forms with faults').toEqual([])
    await page.getByRole('button', { name: `${words.remove}: ${field('own_story')}` }).click()
    await page.getByRole('dialog').waitFor()
    expect(await faultsOf(page), 'the question before a value is removed').toEqual([])

    await page.goto('/agreements')
    await page.getByRole('switch').click()
    await page.getByRole('dialog').getByText(field('own_story'), { exact: true }).waitFor()
    expect(await faultsOf(page), 'what taking an agreement back destroys').toEqual([])
  })
})
