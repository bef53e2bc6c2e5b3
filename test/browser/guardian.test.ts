import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { resumeErasures } from '../../src/disposal/resumption.ts'
import { codeFor } from '../portal.ts'
import { faultsOf } from './page-faults.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const day = 86_400_000

async function clean(page: Page, name: string): Promise<void> {
  expect(await faultsOf(page)).toEqual([])
  const folder = process.env.SHOTS
  if (folder === undefined) return
  for (const scheme of ['light', 'dark'] as const)
    for (const width of [360, 1200]) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.setViewportSize({ width, height: 900 })
      await page.screenshot({ path: `${folder}/${name}-${width}-${scheme}.png`, fullPage: true })
    }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 800 })
}

describe('a child joins with a guardian', { timeout: 180_000 }, () => {
  it('asks for them, they agree and come back, and the child takes over when old enough', async () => {
    const { house, visit } = rooms()
    const kid = await visit('it')
    await kid.goto('/join')
    await kid.getByRole('radio', { name: 'Ho meno di 16 anni' }).check()
    await kid.getByRole('link', { name: 'Con un genitore o tutore puoi iscriverti' }).click()
    await kid.getByLabel('E-mail').fill('kim@example.org')
    await button(kid, 'Inviami un codice').click()
    await kid.getByLabel('Codice di 6 cifre').fill(await codeFor(house, 'kim@example.org'))
    await button(kid, 'Conferma').click()
    await kid.getByLabel('E-mail del genitore o tutore').fill('kim@example.org')
    await button(kid, 'Invia la lettera').click()
    await kid.getByText('È il tuo indirizzo', { exact: false }).waitFor()
    await kid.getByLabel('E-mail del genitore o tutore').fill('parent@example.org')
    await clean(kid, 'ask')
    await button(kid, 'Invia la lettera').click()
    await kid.getByText('La lettera è in viaggio').waitFor()
    await house.work()
    const letter = house.post.list().find(one => one.to === 'parent@example.org')
    const link = /\/guardian#\S+/.exec(letter?.text ?? '')?.[0] ?? ''

    const parent = await visit('en')
    await parent.goto(link)
    await parent.getByRole('heading', { level: 1, name: 'Agree for a child' }).waitFor()
    await parent
      .getByRole('checkbox', { name: /^I agree.*|Serving you/ })
      .first()
      .check()
    await parent.getByLabel('The child’s name').fill('Kim Sala')
    const born = new Date(house.clock.now().getTime() + 2 * day)
    born.setUTCFullYear(born.getUTCFullYear() - 16)
    await parent.getByLabel('The child’s date of birth').fill(born.toISOString().slice(0, 10))
    await button(parent, 'Agree for the child').click()
    await parent.getByText('Please say so, if it is true.').waitFor()
    await clean(parent, 'join')
    await parent.getByRole('checkbox', { name: 'I hold parental responsibility', exact: false }).check()
    await button(parent, 'Agree for the child').click()
    const done = parent.getByRole('status').getByText('The child has joined', { exact: false })
    await done.waitFor()
    const alias = /[A-Z0-9]{2}-[A-Z0-9]{4}/.exec((await done.textContent()) ?? '')?.[0] ?? ''
    await parent.getByText('You act as the guardian', { exact: false }).waitFor()
    await clean(parent, 'acting')
    await parent.goto('/agreements')
    await parent.getByText('by your guardian', { exact: false }).first().waitFor()
    await clean(parent, 'agreements')

    await button(parent, 'Sign out').click()
    await parent.goto('/guardian')
    await parent.getByLabel('The child’s number').fill(alias)
    await clean(parent, 'enter')
    await button(parent, 'Send me a code').click()
    await parent.getByText('If there is such a child', { exact: false }).waitFor()
    await parent.getByLabel('Code of 6 digits').fill(await codeFor(house, 'parent@example.org'))
    await button(parent, 'Sign in').click()
    await parent.getByText('You act as the guardian', { exact: false }).waitFor()

    house.clock.advance(9 * day)
    await resumeErasures(house.house)
    await kid.goto('/sign-in')
    await kid.getByLabel('E-mail').fill('kim@example.org')
    await button(kid, 'Inviami un codice').click()
    await kid.getByLabel('Codice di 6 cifre').fill(await codeFor(house, 'kim@example.org'))
    await button(kid, 'Conferma').click()
    await kid.getByRole('heading', { name: 'Ora decidi tu' }).waitFor()
    await kid.getByRole('link', { name: 'Ai miei consensi' }).click()
    await kid.getByRole('button', { name: /^Acconsento io/ }).waitFor()
    await clean(kid, 'takeover')
    await kid.getByRole('button', { name: /^Acconsento io/ }).click()
    await kid.getByRole('status').getByText('Hai acconsentito tu', { exact: false }).waitFor()
    expect(await faultsOf(kid)).toEqual([])
  })
})
