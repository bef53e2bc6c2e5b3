import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { words as english } from '../../web/customer/words.en.ts'
import { words as italian } from '../../web/customer/words.it.ts'
import { languages } from '../every-step.ts'
import { newPurchase } from '../people.ts'
import { codeFor } from '../portal.ts'
import { decidePair } from '../twice.ts'
import type { CustomerInWorld } from '../world.ts'
import { faultsOf } from './page-faults.ts'
import { type Language, roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()
const said = { en: english.portal, it: italian.portal }

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: false })

/** Two records of one person, of whom an employee has decided that they are one. */
async function decidedTwice(language: Language): Promise<[CustomerInWorld, CustomerInWorld]> {
  const { world, house } = rooms()
  const phone = language === 'en' ? '+393475550771' : '+393475550772'
  const surname = language === 'en' ? 'Marchesini' : 'Tagliabue'
  const join = (name: string) =>
    world.join({
      ...{ name: `${name} ${surname}`, phone, language },
      email: `${name.toLowerCase()}.${language}@example.org`,
    })
  const pair: [CustomerInWorld, CustomerInWorld] = [await join('Livia'), await join('Lvia')]
  await newPurchase(house, pair[1], `R-${language}`, 'a kettle')
  await decidePair(house, pair, 'same')
  return pair
}

describe('two records of one person', { timeout: 240_000 }, () => {
  it.each(languages)('become one in both rooms, and two again (%s)', async language => {
    const { visit, house } = rooms()
    const { merging, twice, data, prove } = said[language]
    const [stays, rests] = await decidedTwice(language)

    // In the room of the record that shall go: the word.
    const going = await visit(language, rests.cookies)
    await going.goto('/')
    await heading(going, twice.title).waitFor()
    await button(going, twice.one).click()
    await heading(going, merging.title).waitFor()
    expect(await faultsOf(going)).toEqual([])
    await picture(going, `merge-begin-${language}`)
    await button(going, merging.showWord).click()
    const word = (await going.getByRole('status', { name: merging.word }).textContent()) ?? ''
    expect(word).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}$/)
    expect(await faultsOf(going)).toEqual([])
    await picture(going, `merge-word-${language}`)
    await button(going, merging.close).click()

    // In the room of the record that shall stay: a wrong word, then the right one.
    const page = await visit(language, stays.cookies)
    await page.goto('/')
    await button(page, twice.one).click()
    await page.getByLabel(merging.typed).fill('ABC')
    await button(page, merging.make).click()
    await page.getByLabel(merging.typed).and(page.locator('[aria-invalid=true]')).waitFor()
    await page.getByLabel(merging.typed).fill('ABCD-EFGH-2345')
    await button(page, merging.make).click()
    await page.getByRole('alert').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByLabel(merging.typed).fill(word.toLowerCase())
    await button(page, merging.make).click()
    await heading(page, merging.linkTitle).waitFor()
    await picture(page, `merge-made-${language}`)
    await button(page, merging.close).click()

    // Both are seen here; the other browser is signed out.
    await heading(page, merging.both).waitFor()
    await heading(page, merging.since.slice(0, 20)).waitFor()
    await page.getByText(`R-${language}`, { exact: false }).first().waitFor()
    expect(await faultsOf(page)).toEqual([])
    await picture(page, `merge-one-${language}`)
    await going.goto('/questions')
    await heading(going, prove.signInTitle).first().waitFor()

    // One value of the other counts.
    const name = language === 'en' ? 'Name' : 'Nome'
    await button(page, merging.takeOf.replace('{{what}}', name)).click()
    await page.getByText(merging.counts, { exact: true }).waitFor()

    // And it is undone; each address opens its own record again.
    await button(page, merging.undo).click()
    await heading(page, merging.undoTitle).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await picture(page, `merge-undo-${language}`)
    await button(page, merging.undoNow).click()
    await page.getByText(merging.undone, { exact: false }).waitFor()
    for (const record of [rests, stays]) {
      await page.context().clearCookies()
      await house.work()
      await page.goto('/sign-in')
      await page.getByLabel(prove.email).fill(record.email)
      await button(page, prove.send).click()
      await page.getByLabel(prove.code).waitFor()
      await page.getByLabel(prove.code).fill(await codeFor(house, record.email))
      await button(page, prove.confirm).click()
      await heading(page, data.title).first().waitFor()
      await page.getByText(record.alias, { exact: false }).first().waitFor()
      await page.getByText(record.name, { exact: true }).first().waitFor()
      await heading(page, twice.title).waitFor()
    }
  })
})

/** For who wants to look at the pages: a folder named in the environment. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES
  if (folder === undefined) return
  for (const [scheme, width] of [
    ['light', 1200],
    ['dark', 1200],
    ['light', 360],
    ['dark', 360],
  ] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.setViewportSize({ width, height: width === 360 ? 780 : 900 })
    await page.screenshot({ path: `${folder}/${name}-${width}-${scheme}.png`, fullPage: true })
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1200, height: 900 })
}
