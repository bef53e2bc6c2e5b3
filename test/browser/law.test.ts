import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { purchasesOf, takeInvoiceTask } from '../invoice.ts'
import { newLeaver } from '../leaver.ts'
import { newEmployee } from '../people.ts'
import { faultsOf } from './page-faults.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const at = async (page: Page, path: string, title: string): Promise<void> => {
  await page.goto(path)
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
}

describe('what the law makes the company keep', { timeout: 180_000 }, () => {
  it('is issued by Ben in a task, seen by its customer, told to them on leaving, and still theirs to read', async () => {
    const { world, house } = rooms()
    const ida = await newLeaver(house, world)
    const task = await takeInvoiceTask(house, world, ida)
    const [purchase] = await purchasesOf(house, ida)

    const work = await rooms().visit('it', world.ben.cookies)
    await work.goto(`/work/tasks/${task}`)
    await work.getByRole('heading', { name: 'Emetti la fattura' }).waitFor()
    await button(work, 'Emetti la fattura').click()
    await work.getByText('Scegli prima un acquisto.').waitFor()
    await work.getByRole('combobox', { name: 'Per quale acquisto' }).click()
    await work.getByRole('option', { name: purchase!.invoice, exact: false }).click()
    expect(await faultsOf(work)).toEqual([])
    await button(work, 'Emetti la fattura').click()
    await work.getByText('Il documento è emesso.', { exact: false }).waitFor()
    await work.getByRole('heading', { name: `Fatture · Numero ${purchase!.invoice}` }).waitFor()
    expect(await faultsOf(work)).toEqual([])

    const portal = await rooms().visit('it', ida.cookies)
    await at(portal, '/documents', 'Che cosa la legge ci impone di conservare')
    await portal.getByText('Codice civile, articolo 2220', { exact: false }).waitFor()
    await portal.getByText('Che cosa contiene').click()
    await portal.getByText(ida.name, { exact: true }).waitFor()
    await portal.getByText('22%', { exact: true }).waitFor()
    await portal.getByText(`${world.ben.name}, il`, { exact: false }).waitFor()
    expect(await faultsOf(portal)).toEqual([])

    await portal.goto('/leave')
    const stays = `Fatture · Numero ${purchase!.invoice}, fino al`
    await portal.getByText(stays, { exact: false }).waitFor()
    await portal.locator('#understood').check()
    await portal.locator('form.leaving button[type=submit]').click()
    await portal.waitForURL('**/left')
    await portal.getByText(stays, { exact: false }).waitFor()
    const link = (await portal.locator('.code-line').first().textContent()) ?? ''

    const later = await rooms().visit('en')
    await later.goto(link)
    await later.getByRole('heading', { name: 'What stays, by law' }).waitFor()
    await later.getByText('What it holds').click()
    await later.getByText(ida.name, { exact: true }).waitFor()
    expect(await faultsOf(later)).toEqual([])
  })

  it('is declared by one officer, confirmed by another, and found again by its number', async () => {
    const { world, house } = rooms()
    const page = await rooms().visit('en', world.pia.cookies)
    await at(page, '/office/law', 'What the law makes us keep')
    await page.getByText('10 years from the end of the year of issue').waitFor()
    await button(page, 'Declare another basis').click()
    await button(page, 'Propose').click()
    expect(await page.locator('[aria-invalid=true]').count()).toBeGreaterThan(5)
    await page.getByLabel('Short name').fill('warranty')
    for (const [what, text] of [
      ['Name', 'Warranty'],
      ['Law', 'Consumer Code, article 133'],
      ['Why', 'The law gives two years of warranty.'],
    ] as const)
      for (const language of ['Italian', 'English'])
        await page.getByLabel(`${what}, in ${language}`).fill(`${text} (${language})`)
    await page.getByLabel('Years', { exact: true }).fill('2')
    expect(await faultsOf(page)).toEqual([])
    await button(page, 'Propose').click()
    await page.getByText('another officer must confirm it', { exact: false }).first().waitFor()
    expect(await button(page, 'Confirm').count()).toBe(0)

    const second = await rooms().visit('it', (await newEmployee(house, 'officer', 'office')).cookies)
    await at(second, '/office/law', 'Che cosa la legge ci impone di conservare')
    await button(second, 'Conferma').click()
    expect(await faultsOf(second)).toEqual([])
    await second.getByRole('dialog').getByRole('button', { name: 'Conferma' }).click()
    await second.getByText('Confermata.', { exact: false }).waitFor()

    const ida = await newLeaver(house, world)
    const task = await takeInvoiceTask(house, world, ida)
    const [purchase] = await purchasesOf(house, ida)
    const issued = await house.app.inject({
      ...{ method: 'POST', url: `/api/v1/work/tasks/${task}/documents`, cookies: world.ben.cookies },
      payload: { basis: 'warranty', purchase: purchase!.id, vat_rate: null, reason: null },
    })
    expect(issued.statusCode).toBe(201)
    await second.getByLabel('Numero del documento').last().fill(purchase!.invoice)
    await button(second, 'Cerca').click()
    await button(second, `Fallo guardare: ${purchase!.invoice}`).click()
    await second.getByRole('dialog').getByRole('button', { name: 'Fallo guardare' }).click()
    await second.getByText('un impiegato è incaricato di guardarlo', { exact: false }).waitFor()
    expect(await faultsOf(second)).toEqual([])
  })
})
