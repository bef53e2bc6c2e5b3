import axe, { type AxeResults, type Result, type RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { inviteEmployee } from '../../src/storage/employment.ts'
import type { TestHouse } from '../house.ts'
import { codeFor } from '../portal.ts'
import { LeafLog } from '../witness.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** Of them, those that look at colours: nothing else differs in the dark. */
const colours = ['color-contrast', 'link-in-text-block']
const phone = { width: 360, height: 740 }
const desk = { width: 1280, height: 800 }

/** Runs axe in the page, where it is put once: the pages have no frames, for which alone more would be needed. */
async function violationsOn(page: Page, options: RunOptions): Promise<Result[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source)
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`)
  return violations
}

/**
 * What is wrong with the page as it stands: violations of WCAG 2.2 AA in light and in dark, a title or a heading that
 * is missing, and anything wider than a phone. Empty when all is well.
 */
async function faultsOf(page: Page): Promise<string[]> {
  const faults: string[] = []
  if ((await page.getByRole('heading', { level: 1 }).count()) !== 1) faults.push('not exactly one h1')
  if (!/.+ · .*Custode$/.test(await page.title())) faults.push(`title: ${await page.title()}`)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor()
    const runOnly =
      colorScheme === 'light'
        ? { type: 'tag' as const, values: rules }
        : { type: 'rule' as const, values: colours }
    for (const { id, nodes } of await violationsOn(page, { runOnly, resultTypes: ['violations'] })) {
      faults.push(
        ...nodes.map(node => `${colorScheme}: ${id}: ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`),
      )
    }
  }
  await page.setViewportSize(phone)
  const beyond = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
  if (beyond > 0) faults.push(`${beyond} px wider than a phone`)
  await page.setViewportSize(desk)
  return faults
}

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
    await look(page, '/questions', 'Ask about a delivery', async () => {
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
