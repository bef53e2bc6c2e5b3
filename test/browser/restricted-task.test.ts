import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { languages } from '../every-step.ts'
import { askAnew } from './asking.ts'
import { faultsOf } from './page-faults.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

beforeAll(async () => {
  await askAnew(rooms(), 'card', { asked: 'portal' })
})

const words = {
  en: {
    pay: 'Paying with what you keep here',
    agree: 'I agree',
    kind: 'A payment',
    text: 'Your question',
    send: 'Send',
    listed: 'Confidential request',
    taken: 'Problem with a payment',
  },
  it: {
    pay: 'Pagare con ciò che conservi qui',
    agree: 'Acconsento',
    kind: 'Di un pagamento',
    text: 'La tua domanda',
    send: 'Invia',
    listed: 'Richiesta riservata',
    taken: 'Problema con un pagamento',
  },
} as const

/** A customer who asks about a payment, and has agreed to keep a way to pay here. */
async function asks(language: 'en' | 'it', page: Page): Promise<void> {
  const said = words[language]
  await page.goto('/questions')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.getByRole('radio').first().waitFor()
  expect(await page.getByRole('radio', { name: said.kind }).count()).toBe(0)
  await page.goto('/agreements')
  await page.getByRole('switch', { name: said.pay }).click()
  await page.getByRole('dialog').getByRole('button', { name: said.agree, exact: true }).click()
  await page.getByRole('status').first().waitFor()
  await page.goto('/questions')
  await page.getByRole('radio', { name: said.kind }).check()
  expect(await faultsOf(page), 'asking').toEqual([])
  await page.locator('textarea:visible').first().fill('Mi avete addebitato due volte?')
  await page.locator('form button[type=submit]').click()
  await page.locator('.question-text').waitFor()
}

describe('a question about a payment', { timeout: 180_000 }, () => {
  it.each(languages)(
    'is offered to who agreed, and tells nothing before it is taken (%s)',
    async language => {
      const { world, visit } = rooms()
      await asks(language, await visit(language, (await world.join()).cookies))
      const page = await visit(language, world.ben.cookies)
      await page.goto('/work')
      await page.getByText(words[language].listed).first().waitFor()
      expect(await page.getByText(words[language].taken).count()).toBe(0)
      expect(await faultsOf(page), 'the list').toEqual([])
      await page
        .getByRole('row', { name: new RegExp(words[language].listed) })
        .getByRole('button')
        .first()
        .click()
      await page.getByRole('heading', { level: 1, name: new RegExp(words[language].taken) }).waitFor()
      await page.getByText('Mi avete addebitato due volte?').waitFor()
      expect(await faultsOf(page), 'the task').toEqual([])
    },
  )
})
