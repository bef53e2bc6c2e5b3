import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { addField } from '../../src/collection/catalogue.ts'
import { newField } from '../catalogue.ts'
import { faultsOf } from './page-faults.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()
const code = 'own_faith'
const label = { en: 'Faith', it: 'Fede' }

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const fieldNow = async () => {
  const answer = await rooms().house.app.inject({ method: 'GET', url: '/api/v1/fields' })
  return answer.json().items.find((field: { code: string }) => field.code === code)
}

describe('a field that is sealed by its mark', { timeout: 180_000 }, () => {
  it('is marked by an officer, who is told what it costs and what will happen', async () => {
    const { house, world, visit } = rooms()
    await addField(house.house, world.pia.pseudonym, newField(code, { label, asked: 'joining' }))
    const page = await visit('it', world.pia.cookies)
    await page.goto(`/office/fields/${code}`)
    const mark = page.getByRole('checkbox', { name: 'Sigillato nel browser' })
    await mark.check()
    await page.getByText('nessuna ricerca la trova', { exact: false }).waitFor()
    await page
      .getByText('Da ora le risposte si sigillano nel browser del cliente', { exact: false })
      .waitFor()
    expect(await page.getByRole('radio', { name: 'All’iscrizione' }).count()).toBe(0)
    expect(await page.getByRole('radio', { name: 'Il cliente', exact: true }).count()).toBe(0)
    expect(await faultsOf(page), 'the form').toEqual([])
    await button(page, 'Salva questa decisione').click()
    await page.locator(`#field-${code}:focus`).waitFor()
    expect(await fieldNow()).toMatchObject({ sealed: true, asked: 'portal', required: false })
    await page.getByRole('row', { name: /Fede.*sigillato/ }).waitFor()
    expect(await faultsOf(page), 'the list').toEqual([])
  })

  it('is typed into the frame that is nobody’s, and no server holds it in plain on its way', async () => {
    const { house, world, visit } = rooms()
    const marker = `Zoroaster ${randomUUID()}`
    const heard: string[] = []
    const { keeper, database } = house.house
    const [open, query] = [keeper.open.bind(keeper), database.query.bind(database)]
    keeper.open = async request => {
      const opened = await open(request)
      heard.push(JSON.stringify(opened))
      return opened
    }
    database.query = ((sql: string, values: readonly unknown[] = []) => {
      heard.push(sql, ...values.map(one => (Buffer.isBuffer(one) ? one.toString('latin1') : String(one))))
      return query(sql, values)
    }) as typeof database.query
    // Whatever arrives, before anybody reads it: listening to the stream itself would take it away from the server.
    const listen = (request: IncomingMessage) => {
      const push = request.push.bind(request)
      request.push = (part: Buffer | null) => {
        if (part !== null) heard.push(part.toString('latin1'))
        return push(part)
      }
    }
    house.app.server.prependListener('request', listen)
    const page = await visit('en', (await world.join()).cookies)
    await page.goto('/')
    await page.getByRole('button', { name: 'Answer: Faith' }).click()
    const form = page.frameLocator('iframe.sealed-frame')
    await form.getByLabel('Faith', { exact: true }).fill(marker)
    // What is shown once it is held is read by its customer, through the server as every reading is.
    await page.route('**/portal/data', route => route.abort())
    await form.getByRole('button', { name: 'Save', exact: true }).click()
    const row = await waitForRow(async () =>
      house.owner.query(
        `select 1 from box where compartment = 'preferences' and substr(row::text, 15, 1) = '8'`,
      ),
    )
    house.app.server.off('request', listen)
    keeper.open = open
    database.query = query
    expect(row).toBe(1)
    expect(heard.some(text => text.includes('notice_version'))).toBe(true)
    expect(heard.filter(text => text.includes(marker) || text.includes('Zoroaster'))).toEqual([])
  })

  it('is covered until its customer asks to see it, in both languages', async () => {
    const { world, visit } = rooms()
    for (const [language, answer, named] of [
      ['en', 'Answer: Faith', 'Faith'],
      ['it', 'Rispondi: Fede', 'Fede'],
    ] as const) {
      const page = await visit(language, (await world.join()).cookies)
      await page.goto('/')
      await page.getByRole('button', { name: answer }).click()
      const form = page.frameLocator('iframe.sealed-frame')
      await form.getByLabel(named, { exact: true }).fill('Quaker')
      expect(await faultsOf(page), `the form (${language})`).toEqual([])
      await form.getByRole('button', { name: language === 'en' ? 'Save' : 'Salva', exact: true }).click()
      await page.locator('iframe.sealed-frame').waitFor({ state: 'detached' })
      await page.getByText(named, { exact: true }).first().waitFor()
      expect(await page.getByText('Quaker').count()).toBe(0)
      expect(await faultsOf(page), `my data (${language})`).toEqual([])
    }
  })

  it('loses the mark only as a decision that says what follows, and its customer is told', async () => {
    const { world, visit } = rooms()
    const customer = await world.join()
    const office = await visit('en', world.pia.cookies)
    await office.goto(`/office/fields/${code}`)
    await office.getByRole('checkbox', { name: 'Sealed in the browser' }).uncheck()
    await office.getByText('From now on answers pass our server in plain.', { exact: false }).waitFor()
    await button(office, 'Save this decision').click()
    await office.locator(`#field-${code}:focus`).waitFor()
    const page = await visit('en', customer.cookies)
    await page.goto('/agreements')
    await page.getByText('It is no longer sealed in your browser', { exact: false }).waitFor()
    expect(await faultsOf(page), 'the agreements').toEqual([])
  })
})

/** The page waits for an answer that never comes: what was kept shows in the database. */
async function waitForRow(rows: () => Promise<unknown[]>): Promise<number> {
  const until = Date.now() + 20_000
  for (;;) {
    const found = await rows()
    if (found.length > 0 || Date.now() > until) return found.length
    await new Promise(again => setTimeout(again, 100))
  }
}
