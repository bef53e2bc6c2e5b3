import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { purchaseImport } from '../../src/crm/purchase.import.ts'
import { customerImport } from '../../src/storage/customer.import.ts'
import { type ImportAdapter, importFile } from '../../src/storage/import.ts'
import { hearingImports } from '../../src/use/imported-claim.ts'
import { newEmployee, newSession } from '../people.ts'
import { faultsOf } from './page-faults.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()

/** Pictures to look at, where a folder for them is named. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env.CUSTODE_TEST_PICTURES
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true })
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [360, 1200]) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.setViewportSize({ width, height: 800 })
        await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${width}.png`, fullPage: true })
      }
    await page.setViewportSize({ width: 1280, height: 800 })
  }
  expect(await faultsOf(page), name).toEqual([])
}

async function bring<Line>(adapter: ImportAdapter<Line>, lines: string[]) {
  const { house } = rooms()
  const folder = await mkdtemp(join(tmpdir(), 'custode-claim-'))
  try {
    const file = join(folder, 'file.csv')
    await writeFile(file, lines.join('\n'))
    const hear = hearingImports(house.house, { source: 'till', actor: 'system' })
    return await importFile(house.house, { adapter, file, source: 'till', hear })
  } finally {
    await rm(folder, { recursive: true })
  }
}

const header = 'reference,name,email,phone,purposes,consent_date,consent_source'
const bought = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID'

describe('what an import brought', { timeout: 240_000 }, () => {
  it('is shown beside the held value with where it came from, and counted for the officers', async () => {
    const { house, world, visit } = rooms()
    house.clock.advance(-10 * 86_400_000)
    const ida = await world.join({ name: 'Ida Neri' })
    house.clock.advance(10 * 86_400_000)
    const { cookies } = await newSession(house, 'portal', ida)
    const yesterday = new Date(house.clock.now().getTime() - 86_400_000).toISOString().slice(0, 10)
    const line = `t-1,Ida Verdi,${ida.email},,service,${yesterday},till-form`
    const { id, disputed } = await bring(customerImport, [header, line])
    expect(disputed).toBe(1)
    for (const [language, says, count] of [
      [
        'it',
        'È arrivato con un’acquisizione, dai registri «till». La sua prova: «till-form»',
        'persone in dubbio',
      ],
      ['en', 'An import brought it, from the books “till”. Its evidence: “till-form”', 'people in doubt'],
    ] as const) {
      const page = await visit(language, cookies)
      await page.goto('/')
      await page.getByText(says, { exact: false }).waitFor()
      await look(page, `claim-${language}`)
      const office = await visit(language, world.pia.cookies)
      await office.goto(`/office/imports/${id}`)
      await office.getByText(count, { exact: true }).waitFor()
      await look(office, `in-doubt-${language}`)
    }
  })

  it('is taken back by two officers where it is purchases, with counts of invoices', async () => {
    const { house, world, visit } = rooms()
    await bring(customerImport, [header, 't-9,Leo Blu,leo.blu@example.org,,service,2025-05-31,till-form'])
    const { id } = await bring(purchaseImport('EUR'), [bought, '7,A,Pen,1,2025-06-01,2.50,t-9'])
    const second = await newEmployee(house, 'officer', 'office')
    const page = await visit('it', world.pia.cookies)
    await page.goto(`/office/imports/${id}`)
    await page.getByRole('button', { name: 'Guarda che cosa farebbe ritirarla' }).click()
    await page.getByText('fatture sarebbero tolte', { exact: true }).waitFor()
    await look(page, 'undo-it')
    await page.getByRole('button', { name: 'Proponi di ritirarla' }).click()
    await page.getByText('L’hai proposta tu', { exact: false }).waitFor()
    const other = await visit('en', second.cookies)
    await other.goto(`/office/imports/${id}`)
    await other.getByText('then invoices to be removed 1, to stay 0', { exact: false }).waitFor()
    await other.getByRole('button', { name: 'Take it back' }).click()
    await other.getByRole('dialog').getByText('Invoices removed: 1.', { exact: false }).waitFor()
    await look(other, 'undo-question-en')
    await other.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click()
    await other.getByText('It is being taken back.').waitFor()
    await house.work()
    await other.reload()
    await other.getByText('invoices removed 1, left 0', { exact: false }).waitFor()
    await look(other, 'undone-en')
    expect(await house.owner.query(`select 1 from purchase where invoice = '7'`)).toEqual([])
  })
})
