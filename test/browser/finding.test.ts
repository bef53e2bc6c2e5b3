import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { languages } from '../every-step.ts'
import { focused, reach } from './keyboard.ts'
import { faultsOf } from './page-faults.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

const said = {
  en: {
    page: 'Find a customer',
    phone: 'Telephone number',
    search: 'Search',
    found: '1 customer found',
    none: 'Nobody was found',
    open: 'Open a task about',
    check: 'Is it really them?',
    send: 'Send the code',
    code: 'Code that the caller says',
    confirm: 'Confirm',
    wrong: 'This code is not right',
    proven: 'It is the customer.',
    opened: 'What the task opens',
    looked: 'looked for',
    checked: 'Checked by your browser',
    name: 'Name',
    person: 'Name and date of birth',
    letters: 'Write at least three letters of the name.',
  },
  it: {
    page: 'Trova un cliente',
    phone: 'Numero di telefono',
    search: 'Cerca',
    found: '1 cliente trovato',
    none: 'Nessuno è stato trovato',
    open: 'Apri un compito su',
    check: 'È davvero questa persona?',
    send: 'Invia il codice',
    code: 'Codice detto da chi chiama',
    confirm: 'Conferma',
    wrong: 'Il codice non è giusto',
    proven: 'È il cliente.',
    opened: 'Che cosa apre il compito',
    looked: 'ricerca',
    checked: 'Controllate dal tuo browser',
    name: 'Nome',
    person: 'Nome e data di nascita',
    letters: 'Scrivi almeno tre lettere del nome.',
  },
}

describe('whoever calls', { timeout: 180_000 }, () => {
  it.each(languages)(
    'is found by telephone, says a code, and is then served (%s), all by the keyboard',
    async language => {
      const { visit, world, house } = rooms()
      const words = said[language]
      const phone = language === 'en' ? '+393475550331' : '+393475550332'
      const one = await world.join({
        name: 'Livia Marchesini',
        phone,
        email: `livia.${language}@example.org`,
      })
      await house.work()
      const page = await visit(language, world.ben.cookies)
      await page.goto('/work')
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.keyboard.press('Control+K')
      await page.getByRole('heading', { level: 1, name: words.page }).waitFor()
      expect(await focused(page)).toMatch(/^radio/)
      await reach(page, 'textbox', words.phone)
      await page.keyboard.type('347 555 9999')
      await page.keyboard.press('Enter')
      await page.getByText(words.none).waitFor()
      expect(await faultsOf(page)).toEqual([])
      await picture(page, `find-none-${language}`)
      await page.getByRole('textbox', { name: words.phone }).fill(phone.slice(3))
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { level: 2, name: words.found }).waitFor()
      expect(await page.locator('main').textContent()).not.toContain('Marchesini')
      expect(page.url()).not.toContain('555')
      expect(await faultsOf(page)).toEqual([])
      await picture(page, `find-${language}`)
      await reach(page, 'button', words.open)
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { level: 2, name: words.check }).waitFor()
      await page.getByText('L••• M•••').waitFor()
      await reach(page, 'button', words.send)
      await page.keyboard.press('Enter')
      await page.getByRole('textbox', { name: words.code }).waitFor()
      expect(await faultsOf(page)).toEqual([])
      await picture(page, `caller-${language}`)
      await house.work()
      const code = /\b\d{6}\b/.exec(house.post.list().find(mail => mail.to === one.email)?.text ?? '')![0]
      await page.getByRole('textbox', { name: words.code }).fill(code === '111111' ? '222222' : '111111')
      await page.keyboard.press('Enter')
      await page.getByText(words.wrong, { exact: false }).waitFor()
      await page.getByRole('textbox', { name: words.code }).fill(code)
      await page.keyboard.press('Enter')
      await page.getByText(words.proven, { exact: false }).waitFor()
      await page.getByText('Livia Marchesini').first().waitFor()
      expect(await faultsOf(page)).toEqual([])
      await picture(page, `caller-open-${language}`)
      // She reads who looked for her.
      const own = await visit(language, one.cookies)
      await own.goto('/who-looked')
      await own.getByText(words.looked, { exact: true }).first().waitFor()
      await own.getByText(words.checked, { exact: false }).waitFor()
      await picture(own, `log-${language}`)
    },
  )

  it('is not looked for by less than three letters', async () => {
    const { visit, world } = rooms()
    for (const language of ['en', 'it'] as const) {
      const words = said[language]
      const page = await visit(language, world.ben.cookies)
      await page.goto('/work/find')
      await page.getByRole('radio', { name: words.person }).check()
      await page.getByRole('textbox', { name: words.name, exact: true }).fill('An')
      await page.keyboard.press('Enter')
      await page.getByText(words.letters).waitFor()
      expect(await focused(page)).toContain(words.name)
      expect(await faultsOf(page)).toEqual([])
      await picture(page, `find-person-${language}`)
    }
  })
})

/** For who wants to look at the pages: a folder named in the environment. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES
  if (folder === undefined) return
  for (const width of [1200, 360]) {
    await page.setViewportSize({ width, height: 800 })
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.screenshot({ path: `${folder}/${name}-${width}-${scheme}.png`, fullPage: true })
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1200, height: 900 })
}
