import type { Page } from 'playwright-core'

/** What has the focus, by role and name as assistive technology tells it: `button "Join"`. */
export const focused = async (page: Page): Promise<string> => {
  const [first = ''] = (await page.locator(':focus').ariaSnapshot()).split('\n')
  // A name with a colon in it comes in quotes.
  return first.replace(/^- '?/, '')
}

/** Goes on with Tab until what has the focus is of that role and begins with that name; or back, with Shift and Tab. */
export async function reach(page: Page, role: string, name: string, key = 'Tab'): Promise<void> {
  const seen: string[] = []
  for (let step = 0; step < 40; step++) {
    await page.keyboard.press(key)
    const now = await focused(page)
    if (now.startsWith(`${role} "${name}`)) return
    seen.push(now)
  }
  throw new Error(`${key} never came to “${name}”, only to ${seen.join(' | ')}`)
}
