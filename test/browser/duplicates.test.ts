import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { findSession } from '../../src/identity/session.ts'
import { searchDuplicates } from '../../src/use/duplicate-search.ts'
import { closeTask, takeTask } from '../../src/use/task.ts'
import { languages } from '../every-step.ts'
import type { CustomerInWorld } from '../world.ts'
import { reach } from './keyboard.ts'
import { faultsOf } from './page-faults.ts'
import { type Language, roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

const said = {
  en: {
    take: 'Take the task about',
    differs: 'different',
    decide: 'Decide',
    no: 'No, two people',
    decided: 'Decided. Both customers are closed to you.',
    title: /^Two customers who may be one person/,
    twice: 'Are you here twice?',
    notMe: 'No, the other is not me',
    thanks: 'You count as two people',
    search: 'Look for duplicates',
    asked: 'The search was begun.',
  },
  it: {
    take: 'Prendi il compito su',
    differs: 'diverso',
    decide: 'Decidi',
    no: 'No, sono due persone',
    decided: 'Deciso. I due clienti ti sono preclusi.',
    title: /^Due clienti che forse sono la stessa persona/,
    twice: 'Sei qui due volte?',
    notMe: 'No, l’altra persona non sono io',
    thanks: 'Siete due persone',
    search: 'Cerca i doppioni',
    asked: 'La ricerca è iniziata.',
  },
}

/** Two records of one person, who are found. */
async function joinTwice(language: Language): Promise<CustomerInWorld[]> {
  const { world, house } = rooms()
  const phone = language === 'en' ? '+393475550777' : '+393475550778'
  const surname = language === 'en' ? 'Marchesini' : 'Tagliabue'
  const one = await world.join({ name: `Livia ${surname}`, phone, email: `livia.${language}@example.org` })
  const other = await world.join({ name: `Lvia ${surname}`, phone, email: `lvia.${language}@example.org` })
  await searchDuplicates(house.house)
  return [one, other]
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

describe('two customers who may be one person', { timeout: 180_000 }, () => {
  it.each(languages)('stand side by side before the employee who decides (%s)', async language => {
    const { visit, world } = rooms()
    const words = said[language]
    const people = await joinTwice(language)
    const page = await visit(language, world.ben.cookies)
    await page.goto('/work')
    const row = page.getByRole('row').filter({ hasText: words.title.source.slice(1) })
    await row.getByRole('button', { name: words.take, exact: false }).click()
    await page.getByRole('heading', { level: 1, name: words.title }).waitFor()
    const table = page.locator('.pair')
    await table.getByText('Lvia', { exact: false }).first().waitFor()
    const text = (await table.textContent()) ?? ''
    for (const { alias } of people) expect(text).toContain(alias)
    expect(text).toContain(words.differs)
    expect(await table.locator('mark').allTextContents()).toContain('i')
    expect(await faultsOf(page)).toEqual([])
    await page.setViewportSize({ width: 1200, height: 900 })
    await picture(page, `pair-${language}-1200`)
    await page.setViewportSize({ width: 360, height: 800 })
    await picture(page, `pair-${language}-360`)
    await page.setViewportSize({ width: 1200, height: 900 })
    expect(await button(page, words.decide).isDisabled()).toBe(true)
    // By the keyboard alone: nothing is chosen beforehand.
    await reach(page, 'radio', words.no)
    await page.keyboard.press('Space')
    await reach(page, 'button', words.decide)
    await page.keyboard.press('Enter')
    await page.getByText(words.decided).waitFor()
  })

  it.each(languages)('are told, and have the last word (%s)', async language => {
    const { visit, world, house } = rooms()
    const words = said[language]
    const { database } = house.house
    const phone = language === 'en' ? '+393475550881' : '+393475550882'
    const surname = language === 'en' ? 'Frangipane' : 'Gherardesca'
    const one = await world.join({ name: `Elsa ${surname}`, phone, email: `elsa.${language}@example.org` })
    await world.join({ name: `Elsa ${surname}`, phone, email: `elsa.2.${language}@example.org` })
    await searchDuplicates(house.house)
    const { task } = await database.one<{ task: string }>(
      'select task from duplicate where subject = $1 or other = $1',
      [one.id],
    )
    const ben = (await findSession(database, house.clock.now(), 'work', world.ben.session.token))!
    await takeTask(house.house, ben, task)
    await closeTask(house.house, ben, task, 'same')
    const page = await visit(language, one.cookies)
    await page.goto('/')
    await page.getByRole('heading', { level: 2, name: words.twice }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await picture(page, `twice-${language}-1280`)
    await page.setViewportSize({ width: 360, height: 800 })
    await picture(page, `twice-${language}-360`)
    await reach(page, 'button', words.notMe)
    await page.keyboard.press('Enter')
    await page.getByText(words.thanks, { exact: false }).waitFor()
    await page.getByRole('heading', { level: 2, name: words.twice }).waitFor({ state: 'detached' })
  })

  it('are counted for the officer, who has them looked for', async () => {
    const { visit, world, house } = rooms()
    for (const language of ['en', 'it'] as const) {
      const page = await visit(language, world.pia.cookies)
      await page.goto('/office')
      await button(page, said[language].search).click()
      await page.getByText(said[language].asked, { exact: false }).waitFor()
      expect(await faultsOf(page)).toEqual([])
      await button(page, said[language].search).scrollIntoViewIfNeeded()
      await picture(page, `office-${language}`)
    }
    await house.work()
  })
})

/** For who wants to look at the pages: a folder named in the environment. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES
  if (folder === undefined) return
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.screenshot({ path: `${folder}/${name}-${scheme}.png`, fullPage: true })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
