import type { CDPSession, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { faultsOf } from './page-faults.ts'
import { roomsOfThisFile } from './rooms.ts'

// Agreements that a passkey signs, with the authenticator that the browser emulates for tests.

const rooms = roomsOfThisFile({ open: true, host: 'localhost' })

async function holdDevice(page: Page): Promise<{ session: CDPSession; authenticatorId: string }> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  })
  return { session, authenticatorId }
}
const told = (page: Page, text: string) =>
  page.getByRole('status').getByText(text, { exact: false }).waitFor()

describe('a customer with a passkey', { timeout: 120_000 }, () => {
  it('signs what they agree to, may let it be, and is told which of the two it was', async () => {
    const { world, visit } = rooms()
    const { cookies } = await world.join({ purposes: ['service'] })
    const page = await visit('en', cookies)
    const { session, authenticatorId } = await holdDevice(page)
    await page.goto('/passkeys')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await told(page, 'Passkey added.')

    await page.goto('/agreements')
    const offers = page.getByRole('switch', { name: 'Offers' })
    await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
    await offers.click()
    const dialog = page.getByRole('dialog', { name: 'Not signed' })
    await dialog.waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shot(page, 'signing')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('alert').getByText('The passkey was not used', { exact: false }).waitFor()
    expect(await offers.isChecked()).toBe(false)

    await offers.click()
    await dialog.getByRole('button', { name: 'Agree without a signature' }).click()
    await told(page, 'You have agreed')
    await page.getByText('without your passkey’s signature', { exact: false }).waitFor()

    await offers.click()
    await told(page, 'You have taken')
    await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
    await offers.click()
    await told(page, 'You have agreed')
    await page.getByText('signed with your passkey', { exact: false }).waitFor()
    expect(await faultsOf(page)).toEqual([])
  })
})

async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env.SHOTS
  if (folder === undefined) return
  for (const scheme of ['light', 'dark'] as const)
    for (const width of [360, 1200]) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.setViewportSize({ width, height: 800 })
      await page.screenshot({ path: `${folder}/${name}-${width}-${scheme}.png` })
    }
}
