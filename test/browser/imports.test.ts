import { mkdir, readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { languages } from '../every-step.ts'
import { newEmployee } from '../people.ts'
import { faultsOf } from './page-faults.ts'
import { type Language, roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

const said = {
  it: {
    ...{ lookUndo: 'Guarda che cosa farebbe ritirarla', propose: 'Proponi di ritirarla' },
    ...{ own: 'L’hai proposta tu', approve: 'Ritira l’acquisizione' },
    ...{ running: 'L’acquisizione viene ritirata.', undone: 'cancellati 2, rimasti 0' },
    ...{ title: 'Acquisizioni', add: 'Acquisisci un file', none: 'Non è stato ancora acquisito nulla' },
    ...{
      send: 'Carica',
      need: 'Scegli prima un file.',
      columns: 'Le sue colonne',
      phone: 'Conserva «Cellulare» come',
    },
    ...{
      preview: 'Mostra le prime righe',
      first: 'Le prime righe, come sarebbero conservate',
      rehearse: 'Prova',
    },
    ...{ begin: 'Acquisisci righe: 2', done: 'Il file è stato acquisito.', csv: 'Scarica come CSV' },
    ...{
      invalid: 'Non è un numero di telefono',
      evidence: 'Nessuna prova del consenso',
      again: 'Prendi un altro file',
    },
    ...{
      leads: 'Guarda chi riguarda',
      ask: 'Invita a iscriversi',
      letter: 'ti chiede se vuoi essere suo cliente',
    },
    ...{ sendLetters: 'Invia le lettere', asked: 'Indirizzi invitati: 1.' },
    ...{ phoneField: 'Numero di telefono', gone: 'Questo file non è più qui' },
  },
  en: {
    ...{ lookUndo: 'See what taking it back would do', propose: 'Propose to take it back' },
    ...{ own: 'You proposed this', approve: 'Take it back' },
    ...{ running: 'It is being taken back.', undone: 'erased 2, stayed 0' },
    ...{ title: 'Imports', add: 'Bring a file in', none: 'Nothing was brought in yet' },
    ...{ send: 'Upload', need: 'Choose a file first.', columns: 'Its columns', phone: 'Keep “Cellulare” as' },
    ...{
      preview: 'Show the first lines',
      first: 'The first lines, as they would be kept',
      rehearse: 'Try it out',
    },
    ...{ begin: 'Bring in lines: 2', done: 'The file was brought in.', csv: 'Download as CSV' },
    ...{
      invalid: 'This is not a phone number',
      evidence: 'No evidence of an agreement',
      again: 'Take another file',
    },
    ...{
      leads: 'See whom that concerns',
      ask: 'Ask them to join',
      letter: 'asks whether you want to be its customer',
    },
    ...{ sendLetters: 'Send the letters', asked: 'Addresses asked: 1.' },
    ...{ phoneField: 'Telephone number', gone: 'This file is no longer here' },
  },
} as const

const fileOf = (mark: string) =>
  [
    'Numero cliente,Nome,Cognome,Email,Cellulare,Note interne,Purposes,Consent date,Consent source',
    `${mark}1,Ada,Corvo,${mark}.ada@example.org,+39 333 1234567,x,service,2025-05-31,fair`,
    `${mark}2,Bea,Corvo,${mark}.bea@example.org,=HYPERLINK,x,service,2025-05-31,fair`,
    `${mark}3,Cleo,Corvo,${mark}.cleo@example.org,,x,,,`,
    `${mark}4,Dora,Corvo,${mark}.dora@example.org,,x,service offers,2025-05-31,fair`,
  ].join('\n')

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** Pictures to look at, where a folder for them is named. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.CUSTODE_TEST_PICTURES
  if (folder === undefined) return
  await mkdir(folder, { recursive: true })
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [360, 1200]) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height: 800 })
      await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${width}.png`, fullPage: true })
    }
  await page.setViewportSize({ width: 1280, height: 800 })
}

async function chosen(page: Page, mark: string): Promise<void> {
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'contacts.csv', mimeType: 'text/csv', buffer: Buffer.from(fileOf(mark)) })
}

async function look(page: Page, name: string): Promise<void> {
  await picture(page, name)
  expect(await faultsOf(page), name).toEqual([])
}

describe('a file of contacts', { timeout: 240_000 }, () => {
  it.each(languages)(
    'is brought in by Pia from upload to report, and taken back by two, in %s',
    async (language: Language) => {
      const { world, visit, house } = rooms()
      const words = said[language]
      const page = await visit(language, world.pia.cookies)
      await page.goto('/office/imports')
      await page.getByRole('heading', { level: 1, name: words.title }).waitFor()
      if (language === 'it') {
        await page.getByText(words.none).waitFor()
        await look(page, `empty-${language}`)
      }
      await button(page, words.add).click()
      await page.getByRole('heading', { level: 1, name: words.add }).waitFor()
      await button(page, words.send).click()
      await page.getByText(words.need).waitFor()
      await look(page, `file-${language}`)

      await chosen(page, language)
      await button(page, words.send).click()
      await page.getByRole('heading', { name: words.columns }).waitFor()
      // Who leaves and comes back finds the file again.
      await page.reload()
      await page.getByRole('heading', { name: words.columns }).waitFor()
      await look(page, `columns-${language}`)

      await button(page, words.preview).click()
      await page.getByText(words.first).waitFor()
      await page.getByText('@e•••e.org').first().waitFor()
      expect(await page.content()).not.toContain(`${language}.ada@example.org`)
      await button(page, words.rehearse).click()
      await button(page, words.begin).waitFor()
      await page.getByRole('row', { name: words.invalid }).waitFor()
      await look(page, `rehearsed-${language}`)

      await button(page, words.leads).click()
      await button(page, words.ask).click()
      await page.getByRole('dialog').getByText(words.letter).waitFor()
      await look(page, `leads-${language}`)
      await button(page, words.sendLetters).click()
      await page.getByRole('status').getByText(words.asked).waitFor()
      await house.work()
      expect(house.post.list()[0]).toMatchObject({ to: `${language}.cleo@example.org` })

      await button(page, words.begin).click()
      await page.getByRole('heading', { level: 1, name: words.title }).waitFor()
      // Before it is there, the first of the list is an older one.
      await page
        .getByRole('table')
        .getByRole('link')
        .nth(language === 'it' ? 0 : 1)
        .waitFor()
      await look(page, `list-${language}`)
      await page.getByRole('table').getByRole('link').first().click()
      await page.getByText(words.evidence, { exact: false }).waitFor()
      await look(page, `report-${language}`)
      const [saved] = await Promise.all([page.waitForEvent('download'), button(page, words.csv).click()])
      const csv = await readFile(await saved.path(), 'utf8')
      expect(csv.split('\r\n')).toHaveLength(4)
      expect(csv).toContain(`"3","${words.phoneField}","${words.invalid}`)

      await button(page, words.lookUndo).click()
      await button(page, words.propose).click()
      await page.getByText(words.own, { exact: false }).waitFor()
      expect(await button(page, words.approve).count()).toBe(0)
      await look(page, `proposed-${language}`)
      const second = await visit(language, (await newEmployee(house, 'officer', 'office')).cookies)
      await second.goto(page.url())
      await button(second, words.approve).click()
      await look(second, `undo-${language}`)
      await second.getByRole('dialog').getByRole('button', { name: words.approve, exact: true }).click()
      await second.getByRole('status').getByText(words.running).first().waitFor()
      await house.work()
      await second.getByText(words.undone, { exact: false }).waitFor()
      await look(second, `undone-${language}`)

      await page.goto('/office/imports/new')
      await chosen(page, `${language}-later`)
      await button(page, words.send).click()
      await page.getByRole('heading', { name: words.columns }).waitFor()
      house.clock.advance(61 * 60_000)
      await page.reload()
      await page.getByText(words.gone).waitFor()
      await look(page, `gone-${language}`)
      await button(page, words.again).click()
      await button(page, words.send).waitFor()
    },
  )
})
