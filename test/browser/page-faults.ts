import axe, { type AxeResults, type Result, type RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** Of them, those that look at colours: nothing else differs in the dark. */
const colours = ['color-contrast', 'link-in-text-block']
const phone = { width: 360, height: 740 }
const desk = { width: 1280, height: 800 }

/** Runs axe in the page and in each form that stands in a frame of it, where it is put once. */
async function violationsOn(page: Page, options: RunOptions): Promise<Result[]> {
  const found: Result[] = []
  const asked = JSON.stringify({ ...options, iframes: false })
  for (const frame of page.frames()) {
    if (!(await frame.evaluate<boolean>('"axe" in window'))) await frame.evaluate(axe.source)
    found.push(...(await frame.evaluate<AxeResults>(`axe.run(document, ${asked})`)).violations)
  }
  return found
}

/**
 * What is wrong with the page as it stands: violations of WCAG 2.2 AA in light and in dark, a title or a heading that
 * is missing, and anything wider than a phone. Empty when all is well.
 */
export async function faultsOf(page: Page): Promise<string[]> {
  const faults: string[] = []
  if ((await page.getByRole('heading', { level: 1 }).count()) !== 1) faults.push('not exactly one h1')
  if (!/.+ · .*Custode$/.test(await page.title())) faults.push(`title: ${await page.title()}`)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor()
    for (const frame of page.frames().slice(1))
      await frame.locator(`[data-scheme="${colorScheme}"]`).waitFor()
    const runOnly =
      colorScheme === 'light'
        ? { type: 'tag' as const, values: rules }
        : { type: 'rule' as const, values: colours }
    for (const { id, nodes } of await violationsOn(page, { runOnly, resultTypes: ['violations'] })) {
      faults.push(
        ...nodes.map(node => `${colorScheme}: ${id}: ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`),
      )
    }
  }
  await page.setViewportSize(phone)
  for (const frame of page.frames()) {
    const beyond = await frame.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
    if (beyond > 0) faults.push(`${beyond} px wider than a phone`)
  }
  await page.setViewportSize(desk)
  return faults
}
