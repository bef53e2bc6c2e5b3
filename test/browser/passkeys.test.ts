import type { CDPSession, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { codeFor } from '../portal.ts'
import { ask } from './asking.ts'
import { faultsOf } from './page-faults.ts'
import { nextCode, roomsOfThisFile } from './rooms.ts'

// The browser's own passkeys, with the authenticator that it emulates for tests (WebAuthn Level 3, section 11).

const rooms = roomsOfThisFile({ open: true, host: 'localhost' })

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true })
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name })
const told = (page: Page, text: string) =>
  page.getByRole('status').getByText(text, { exact: false }).waitFor()

interface Device {
  session: CDPSession
  id: string
}

/** A device whose person shows it their finger at once. */
async function holdDevice(page: Page): Promise<Device> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId: id } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  })
  return { session, id }
}
const credentials = async ({ session, id }: Device) =>
  (await session.send('WebAuthn.getCredentials', { authenticatorId: id })).credentials

describe('a customer', { timeout: 120_000 }, () => {
  it('adds a passkey, signs in with it without an address, and removes it after seeing what that means', async () => {
    const { world, visit } = rooms()
    const { cookies } = await world.join()
    const page = await visit('it', cookies)
    const device = await holdDevice(page)
    await page.goto('/passkeys')
    await page.getByText('Non hai ancora una passkey').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByLabel('Dove è conservata').selectOption('computer')
    await button(page, 'Aggiungi una passkey').click()
    await told(page, 'Passkey aggiunta.')
    await page.locator('.lines').getByText('Su un computer').waitFor()
    const [made] = await credentials(device)
    expect(made).toMatchObject({ isResidentCredential: true, rpId: 'localhost' })
    expect(await faultsOf(page)).toEqual([])

    await button(page, 'Aggiungi una passkey').click()
    await page.getByText('Questo dispositivo ha già una tua passkey').waitFor()

    await button(page, 'Esci').click()
    await page.goto('/sign-in')
    await button(page, 'Accedi con una passkey').click()
    await heading(page, 'I miei dati').waitFor()

    await page.goto('/passkeys')
    await page.getByText('ultimo uso', { exact: false }).waitFor()
    await button(page, /^Rimuovi/).click()
    const dialog = page.getByRole('dialog', { name: 'Rimuovere questa passkey?' })
    await dialog.getByText('È la tua unica passkey', { exact: false }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Annulla' }).click()
    await button(page, /^Rimuovi/).click()
    await button(page, 'Sì, rimuovi').click()
    await told(page, 'Passkey rimossa.')
    await page.getByText('Non hai ancora una passkey').waitFor()

    await button(page, 'Esci').click()
    await page.goto('/sign-in')
    await button(page, 'Accedi con una passkey').click()
    await page.getByText('qui non è più conosciuta', { exact: false }).waitFor()
  })

  it('shows again that it is them, by a code or a passkey, and what they typed and began goes on', async () => {
    const here = rooms()
    await ask(here, {
      ...{ code: 'own_rank', type: 'line', label: { en: 'Rank', it: 'Grado' }, level: 1 },
    })
    await ask(here, {
      ...{ code: 'own_secret', type: 'line', label: { en: 'Secret', it: 'Segreto' }, sensitive: true },
    })
    const customer = await here.world.join()
    const page = await here.visit('en', customer.cookies)
    await holdDevice(page)
    await page.goto('/passkeys')
    await button(page, 'Add a passkey').click()
    await told(page, 'Passkey added.')
    await page.goto('/')
    await button(page, /Secret/).click()
    await page.getByLabel('Secret').fill('under the stone')
    await button(page, 'Save').click()
    await told(page, 'Saved: Secret.')

    here.house.clock.advance(16 * 60_000)
    await page.reload()
    await button(page, /Rank/).click()
    await page.getByLabel('Rank').fill('second to none')
    await button(page, 'Save').click()
    const dialog = page.getByRole('dialog', { name: 'Is it still you?' })
    await dialog.waitFor()
    expect(await faultsOf(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await page.getByLabel('Rank').inputValue()).toBe('second to none')
    await button(page, 'Save').click()
    await dialog.getByRole('button', { name: 'Send me a code' }).click()
    await dialog.getByLabel('Code of 6 digits').fill('000000')
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await dialog.getByRole('alert').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await dialog.getByLabel('Code of 6 digits').fill(await codeFor(here.house, customer.email))
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await told(page, 'Saved: Rank.')
    await page.getByText('second to none', { exact: true }).waitFor()

    here.house.clock.advance(16 * 60_000)
    await page.reload()
    const secret = page.locator('.exhibit').filter({ hasText: 'Secret' })
    await secret.getByRole('button', { name: 'Show: Secret' }).click()
    await dialog.getByRole('button', { name: 'Use a passkey' }).click()
    await secret.getByText('under the stone').waitFor()

    here.house.clock.advance(16 * 60_000)
    await page.goto('/take-away')
    const arriving = page.waitForEvent('download')
    await button(page, 'Download my data').click()
    await dialog.getByRole('button', { name: 'Use a passkey' }).click()
    expect((await arriving).suggestedFilename()).toMatch(/^custode-.*\.json$/)
  })
})

describe.each([
  ['work', 'ben'],
  ['office', 'pia'],
] as const)('whoever works in %s', { timeout: 120_000 }, (room, who) => {
  it('adds a passkey with the code of the moment and signs in with it in place of password and code', async () => {
    const { house, world, visit } = rooms()
    const page = await visit('en', world[who].cookies)
    const device = await holdDevice(page)
    await page.goto(`/${room}/passkeys`)
    await page.getByText('You have no passkey yet').waitFor()
    await page.getByLabel('Code of the moment').fill(nextCode(house, world[who]))
    await button(page, 'Add a passkey').click()
    await told(page, 'Passkey added.')
    expect(await credentials(device)).toHaveLength(1)
    expect(await faultsOf(page)).toEqual([])
    await button(page, 'Sign out').click()
    await heading(page, 'Sign in').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await button(page, 'Sign in with a passkey').click()
    await button(page, 'Sign out').waitFor()
    await page.getByText('last used', { exact: false }).waitFor()
  })
})
