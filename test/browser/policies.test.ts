import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { shippedText } from '../../src/use/policy.ts'
import { newEmployee } from '../people.ts'
import { faultsOf } from './page-faults.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

async function officerAt(cookies: Record<string, string>, language: 'it' | 'en'): Promise<Page> {
  const page = await rooms().visit(language, cookies)
  await page.goto('/office/policies')
  const title = language === 'it' ? 'Chi può vedere che cosa' : 'Who may see what'
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
  return page
}

const noPhone = `${shippedText}
@id("no-telephone")
@en("Nobody reads telephone numbers.")
@it("Nessuno legge i numeri di telefono.")
forbid (principal, action == Action::"read", resource == Field::"phone");
`

describe('the policies of a company', { timeout: 120_000 }, () => {
  it('are told in words, changed by Pia with a preview, and put into force by another officer alone', async () => {
    const { world, house } = rooms()
    const page = await officerAt(world.pia.cookies, 'it')
    await page
      .getByText('Un compito apre i dati che il suo tipo richiede, e nessun altro.', { exact: true })
      .waitFor()
    expect(await faultsOf(page)).toEqual([])

    await page.getByLabel('Le regole').fill(shippedText.replace('principal.role', 'principal.rank'))
    await button(page, 'Che cosa cambierebbe').click()
    await page.getByText('Queste regole non si possono usare').waitFor()
    expect(await button(page, 'Proponi').count()).toBe(0)

    await page.getByLabel('Le regole').fill(noPhone)
    await button(page, 'Che cosa cambierebbe').click()
    await page
      .getByText('Impiegati: non vedrebbero più Numero di telefono in «Domanda su una consegna»', {
        exact: false,
      })
      .waitFor()
    await button(page, 'Proponi').click()
    await page.getByText('L’hai proposta tu', { exact: false }).waitFor()
    expect(await button(page, 'Metti in vigore').count()).toBe(0)
    expect(await faultsOf(page)).toEqual([])

    const second = await officerAt((await newEmployee(house, 'officer', 'office')).cookies, 'en')
    await second.getByText('Employees: would no longer see', { exact: false }).first().waitFor()
    await button(second, 'Put into force').click()
    expect(await faultsOf(second)).toEqual([])
    await second.getByRole('dialog').getByRole('button', { name: 'Put into force' }).click()
    await second.getByText('The new rules are in force.').waitFor()
    await second.getByText('Nobody reads telephone numbers.', { exact: true }).first().waitFor()
    await second.getByText('put into force by', { exact: false }).waitFor()
  })
})
