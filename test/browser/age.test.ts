import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { faultsOf } from './page-faults.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

describe('the age of own consent', { timeout: 120_000 }, () => {
  it('is one question that nothing answers beforehand; who is younger is told, and sends nothing', async () => {
    const page = await rooms().visit('it')
    const sent: string[] = []
    page.on('request', request => {
      if (request.method() !== 'GET') sent.push(request.url())
    })
    await page.goto('/join')
    await page.getByRole('checkbox', { name: 'Servirti' }).check()
    await button(page, 'Continua').click()
    await page.getByText('Indica quale delle due.').waitFor()
    expect(await page.getByRole('radio', { name: 'Ho 16 anni o più' }).isChecked()).toBe(false)
    await page.getByRole('radio', { name: 'Ho meno di 16 anni' }).check()
    await page.getByText('Allora non puoi ancora iscriverti qui', { exact: false }).waitFor()
    expect(await button(page, 'Continua').isDisabled()).toBe(true)
    expect(await faultsOf(page)).toEqual([])
    expect(sent).toEqual([])
    await page.getByRole('radio', { name: 'Ho 16 anni o più' }).check()
    await button(page, 'Continua').click()
    await page.getByLabel('E-mail').waitFor()
  })

  it('is decided by an officer, and asked from then on', async () => {
    const { visit, world } = rooms()
    const office = await visit('en', world.pia.cookies)
    await office.goto('/office')
    await office.getByRole('combobox', { name: 'Age of own consent' }).click()
    await office.getByRole('option', { name: '14 years' }).click()
    await button(office, 'Decide').click()
    await office.getByRole('status').getByText('Decided.', { exact: false }).waitFor()
    expect(await faultsOf(office)).toEqual([])
    const page = await visit('en')
    await page.goto('/join')
    await page.getByRole('radio', { name: 'I am 14 or older' }).waitFor()
  })
})
