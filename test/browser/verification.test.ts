import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startIdentityProvider } from '../identity-provider.ts'
import { newEmployee } from '../people.ts'
import { ask, askAnew } from './asking.ts'
import { faultsOf } from './page-faults.ts'
import { roomsOfThisFile } from './rooms.ts'

const rooms = roomsOfThisFile()
let provider: Awaited<ReturnType<typeof startIdentityProvider>> | undefined

beforeAll(async () => {
  const here = rooms()
  await askAnew(here, 'birth_date', { asked: 'portal', editor: 'customer' })
  await ask(here, {
    ...{ code: 'own_work_mail', type: 'email', label: { en: 'Work e-mail', it: 'E-mail di lavoro' } },
  })
  provider = await startIdentityProvider(
    { ida: { name: 'Ida Neri', birthdate: '1990-12-03' } },
    `${here.url}/proved`,
  )
  here.house.house.provider = provider.choice
})
afterAll(() => provider?.close())

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const told = (page: Page, text: string) =>
  page.getByRole('status').getByText(text, { exact: false }).waitFor()
const exhibit = (page: Page, label: string): Locator => page.locator('.exhibit').filter({ hasText: label })

async function joinIda(values: Record<string, unknown> = {}) {
  const { house, world } = rooms()
  const ida = await world.join({ name: 'Ida Neri', phone: '+393475550142' })
  if (Object.keys(values).length > 0)
    await house.app.inject({
      ...{ method: 'POST', url: '/api/v1/portal/values', payload: { values }, cookies: ida.cookies },
    })
  return ida
}

describe('my data', { timeout: 180_000 }, () => {
  it('are put in doubt once I have read what follows, and settled by me', async () => {
    const page = await rooms().visit('it', (await joinIda()).cookies)
    await page.goto('/')
    await button(page, 'È in dubbio: Numero di telefono').click()
    await page.getByText('Nulla viene cancellato.', { exact: false }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await button(page, 'Metti in dubbio').click()
    await told(page, 'In dubbio, e chiuso ai compiti: Numero di telefono.')
    const phone = exhibit(page, 'Numero di telefono')
    await phone.getByText('In dubbio dal', { exact: false }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await button(page, 'Questo è giusto: Noi abbiamo, Numero di telefono').click()
    await told(page, 'Chiarito: Numero di telefono.')
    await phone.getByText('In dubbio dal', { exact: false }).waitFor({ state: 'detached' })
  })

  it('have an address proved by a link, whose page does nothing before its button is pressed', async () => {
    const { house, visit } = rooms()
    const ida = await joinIda({ own_work_mail: 'ida.lavoro@example.com' })
    const page = await visit('en', ida.cookies)
    await page.goto('/')
    await button(page, 'Send a link to prove it: Work e-mail').click()
    await told(page, 'We have sent a link to this address.')
    await house.work()
    const mail = house.post.list().find(one => one.to === 'ida.lavoro@example.com')
    const link = /https?:\/\/\S+\/confirm#\S+/.exec(mail!.text)![0]
    const stranger = await visit('en')
    await stranger.goto(link)
    await stranger.getByRole('heading', { level: 1, name: 'Is this your address?' }).waitFor()
    expect(new URL(stranger.url()).hash).toBe('')
    expect(await faultsOf(stranger)).toEqual([])
    await page.reload()
    await exhibit(page, 'Work e-mail').getByText('not verified').waitFor()
    await button(stranger, 'Yes, it is my address').click()
    await stranger.getByText('Thank you: the address is proved.', { exact: false }).waitFor()
    await page.reload()
    await exhibit(page, 'Work e-mail').getByText('proved with a link sent to it', { exact: false }).waitFor()
    const late = await visit('en')
    await late.goto(link)
    await button(late, 'Yes, it is my address').click()
    await late.getByRole('heading', { level: 1, name: 'This link is not good' }).waitFor()
    expect(await faultsOf(late)).toEqual([])
  })

  it('are compared with what an outside provider says, and stand side by side where it says otherwise', async () => {
    const { visit } = rooms()
    const page = await visit('en', (await joinIda({ birth_date: '1990-03-12' })).cookies)
    await page.goto('/')
    const host = new URL(provider!.choice.issuer).host
    await button(page, `Go to ${host}`).click()
    await page.locator('input[name=login]').fill('ida')
    await page.locator('input[name=password]').fill('any')
    await page.getByRole('button').click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('heading', { level: 1, name: 'Back from the provider' }).waitFor()
    await page.getByText('The provider says otherwise: Date of birth.', { exact: false }).waitFor()
    expect(new URL(page.url()).search).toBe('')
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('link', { name: 'To my data' }).click()
    await exhibit(page, 'Name').getByText('proved by an outside provider', { exact: false }).waitFor()
    const birth = exhibit(page, 'Date of birth')
    await birth.getByText('12 March 1990').waitFor()
    await birth.getByText('3 December 1990').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await button(page, 'This is right: Another source says, Date of birth').click()
    await told(page, 'Settled: Date of birth.')
    await birth.getByText('12 March 1990').waitFor({ state: 'detached' })
  })
})

describe('a document', { timeout: 180_000 }, () => {
  it('is asked for by its owner, written down by one employee, and confirmed by another', async () => {
    const { house, world, visit } = rooms()
    const ida = await joinIda({ birth_date: '1990-03-12' })
    const page = await visit('it', ida.cookies)
    await page.goto('/')
    await button(page, 'Chiedilo').click()
    await told(page, 'L’hai chiesto.')

    const first = await visit('it', world.ben.cookies)
    await first.goto('/work')
    await button(first, `Prendi il compito su ${ida.alias}`).click()
    await first.getByRole('heading', { name: 'Il documento' }).waitFor()
    await button(first, 'Annota').click()
    await first.getByText('Due lettere, come IT o FR.').waitFor()
    await first.getByText('Un documento che non porta questo nome', { exact: false }).waitFor()
    expect(await faultsOf(first)).toEqual([])
    await first.getByLabel('Paese che lo ha rilasciato (due lettere)').fill('it')
    await first.getByLabel('Ultimo anno di validità').fill('2090')
    for (const field of ['Nome', 'Data di nascita'])
      await first
        .getByRole('radiogroup', { name: `Che cosa dice? ${field}` })
        .getByLabel('Lo stesso')
        .check()
    await button(first, 'Annota').click()
    await told(first, 'Annotato. I campi ti sono chiusi')

    const second = await visit('it', (await newEmployee(house)).cookies)
    await second.goto('/work')
    await button(second, `Prendi il compito su ${ida.alias}`).click()
    await second.getByRole('heading', { name: 'Vedi lo stesso?' }).waitFor()
    await second.getByText('Passaporto, Italia, valido fino alla fine del 2090').waitFor()
    expect(await faultsOf(second)).toEqual([])
    await button(second, 'Vedo lo stesso').click()
    await told(second, 'I valori sono verificati e il compito è chiuso.')

    await page.reload()
    await exhibit(page, 'Data di nascita')
      .getByText('visto su un documento da due dipendenti', { exact: false })
      .waitFor()
    await page.getByText('La tua identità è provata.').waitFor()
    expect(await faultsOf(page)).toEqual([])
  })
})
