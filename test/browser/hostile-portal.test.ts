import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { askAnew } from './asking.ts'
import { roomsOfThisFile } from './rooms.ts'

// A script of somebody else runs in the portal’s own page, from its first moment: what a library that was taken over, or
// a plug-in of the shop, could do. What is typed for a sealed field must never reach it.

const rooms = roomsOfThisFile()

beforeAll(async () => {
  await askAnew(rooms(), 'allergies', { asked: 'portal' })
})

/** Runs in the portal before anything else of it, and writes down whatever it can hear, hook or open. */
function listen(): void {
  if (window !== top) return
  const heard: string[] = []
  Object.assign(window, { heard })
  const write = (what: unknown) => {
    try {
      heard.push(typeof what === 'string' ? what : JSON.stringify(what))
    } catch {
      heard.push(String(what))
    }
  }
  for (const kind of ['keydown', 'keypress', 'keyup', 'input', 'change', 'beforeinput', 'paste', 'message'])
    addEventListener(
      kind,
      event => {
        const { key, data, target } = event as { key?: string; data?: unknown; target?: { value?: string } }
        write([kind, key, data, target?.value])
      },
      true,
    )
  const { fetch: original } = window
  window.fetch = (...given) => {
    const [request, init] = given
    if (request instanceof Request)
      void request
        .clone()
        .text()
        .then(text => write(text))
    write([String(request), init?.body ?? null])
    return original(...given)
  }
  const post = MessagePort.prototype.postMessage
  MessagePort.prototype.postMessage = function (this: MessagePort, ...given: unknown[]) {
    write(given[0])
    return Reflect.apply(post, this, given)
  }
  const handler = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage')!
  Object.defineProperty(MessagePort.prototype, 'onmessage', {
    ...handler,
    set(this: MessagePort, take: (event: MessageEvent) => void) {
      handler.set?.call(this, (event: MessageEvent) => {
        write(event.data)
        take(event)
      })
    },
  })
}

/** Tries to reach into every frame there is, again and again, and to be told by it more than it says. */
function reach(): string[] {
  const found: string[] = []
  for (const frame of document.querySelectorAll('iframe')) {
    const tries: (() => unknown)[] = [
      () => frame.contentDocument?.body.innerHTML,
      () => frame.contentWindow?.document.body.innerHTML,
      () =>
        (frame.contentWindow as unknown as { eval(text: string): unknown }).eval('document.body.innerHTML'),
      () => frame.contentWindow?.getSelection()?.toString(),
    ]
    for (const attempt of tries)
      try {
        const got = attempt()
        if (got != null) found.push(String(got))
      } catch {
        // The browser refuses.
      }
    for (const say of ['open', 'terms', 'refused', 'look', 'value', 'wanted'])
      frame.contentWindow?.postMessage({ say, value: 'x', look: { language: 'en', scheme: 'light' } }, '*')
  }
  return found
}

const marker = () => `hazelnuts ${randomUUID()}`
const heardBy = (page: Page) => page.evaluate(() => (window as unknown as { heard: string[] }).heard)

async function caredFor(): Promise<Page> {
  const here = rooms()
  const page = await here.visit('en', (await here.world.join()).cookies)
  await page.goto('/agreements')
  await page.getByRole('switch', { name: 'Taking your health into account' }).click()
  await page.getByRole('button', { name: 'I agree', exact: true }).click()
  await page.getByRole('status').getByText('You have agreed', { exact: false }).waitFor()
  return page
}

describe('a hostile script in the portal', { timeout: 120_000 }, () => {
  it('neither hears nor opens nor is sent what is typed into a sealed form', async () => {
    const page = await caredFor()
    await page.addInitScript(listen)
    await page.goto('/')
    await page.getByRole('button', { name: 'Answer: Allergies and intolerances' }).click()
    const typed = marker()
    const form = page.frameLocator('iframe.sealed-frame')
    const input = form.getByLabel('Allergies and intolerances', { exact: true })
    await input.pressSequentially(typed)
    expect(await page.evaluate(reach)).toEqual([])
    expect(await input.inputValue()).toBe(typed)
    // Away before it is sent: whatever is shown to the customer afterwards is shown by the portal.
    await page.route('**/portal/envelopes', route => route.abort())
    await form.getByRole('button', { name: 'Save', exact: true }).click()
    await form.getByRole('alert').getByText('It went out sealed', { exact: false }).waitFor()
    const heard = (await heardBy(page)).join('\n')
    // It hears all there is to hear: the envelope itself among it.
    expect(heard).toMatch(/"say":"sealed"/)
    expect(heard).toMatch(/notice_version/)
    for (const part of [typed, ...typed.split(/[ -]/).filter(one => one.length > 3)])
      expect(heard).not.toContain(part)
    expect(heard).not.toMatch(/"keydown","[a-z]"/)
  })

  it('opens no form of its own making either, framed without a sandbox or in a window', async () => {
    const page = await caredFor()
    const bare = await page.evaluate(async () => {
      const frame = document.createElement('iframe')
      frame.src = '/intake/'
      const loaded = new Promise(done => frame.addEventListener('load', done))
      document.body.append(frame)
      await loaded
      try {
        return frame.contentDocument?.body.innerHTML ?? null
      } catch {
        return null
      }
    })
    expect(bare).toBeNull()
    const [opened] = await Promise.all([
      page.waitForEvent('popup'),
      page.evaluate(() => void Object.assign(window, { other: window.open('/intake/') })),
    ])
    await opened.getByText('works only there', { exact: false }).waitFor()
    const reached = await page.evaluate(() => {
      try {
        return (window as unknown as { other: Window }).other.document.body.innerHTML
      } catch {
        return null
      }
    })
    expect(reached).toBeNull()
  })

  it('has nothing judged that nobody sent, and gets no key of its own into the form', async () => {
    const page = await caredFor()
    await page.goto('/')
    const asked: string[] = []
    page.on('request', request => asked.push(request.url()))
    await page.evaluate(async () => {
      const frame = document.createElement('iframe')
      frame.src = '/intake/'
      frame.sandbox.add('allow-scripts')
      const loaded = new Promise(done => frame.addEventListener('load', done))
      document.body.append(frame)
      await loaded
      const { port1, port2 } = new MessageChannel()
      const said: unknown[] = []
      Object.assign(window, { said })
      port1.onmessage = ({ data }) => said.push(data)
      const field = {
        ...{ code: 'allergies', type: 'choice', compartment: 'health', options: { options: ['milk'] } },
        ...{ label: { en: 'A', it: 'A' }, help: null, option_labels: {}, required: true },
      }
      const look = { language: 'en', scheme: 'light' }
      frame.contentWindow?.postMessage({ say: 'open', look, field, value: 'milk', alias: 'X' }, '*', [port2])
      const owner = { alias: 'X', trail: 300, checkpoint: null }
      port1.postMessage({ say: 'terms', owner, form: 1, rules: {}, key: 'of the thief' })
      port1.postMessage({ say: 'look', look: { ...look, scheme: 'dark' } })
      port1.postMessage({ say: 'refused', code: 'conflict', faults: [] })
    })
    const frame = page.frameLocator('iframe').last()
    await frame.getByRole('alert').getByText('This has changed', { exact: false }).waitFor()
    // The form says how high it is a moment after it is drawn.
    await page.waitForFunction(() => (window as unknown as { said: unknown[] }).said.length > 0)
    const said = await page.evaluate(() => (window as unknown as { said: { say: string }[] }).said)
    expect(new Set(said.map(one => one.say))).toEqual(new Set(['height']))
    expect(asked.filter(url => /intake-key/.test(url))).toEqual([])
  })
})
