import type { FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { House } from './house.ts'
import type { App } from './http.ts'
import { languageOf, type PageLanguage } from './language.ts'
import { DevelopmentOutbox } from './mail.ts'
import { Refusal } from './refusal.ts'

const mailSchema = z.object({ at: z.iso.datetime(), to: z.string(), subject: z.string(), text: z.string() })

/** The development mail for programs: `GET /outbox` under the prefix of the API. */
export async function developmentOutboxRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/outbox',
    {
      config: { room: 'public', entry: 'none: mail of a development machine, seen from that machine alone' },
      schema: { response: { 200: z.object({ items: z.array(mailSchema), next: z.null() }) } },
    },
    request => {
      const mails = requireOutbox(house, request).list()
      return { items: mails.map(mail => ({ ...mail, at: mail.at.toISOString() })), next: null }
    },
  )
}

/** The development mail for people: a page at `/outbox` without script that looks again every few seconds. */
export async function developmentOutboxPage(app: App, house: House): Promise<void> {
  app.get('/outbox', { schema: { hide: true } }, (request, reply) => {
    const outbox = requireOutbox(house, request)
    const language = languageOf(request.headers['accept-language'])
    return reply
      .type('text/html; charset=utf-8')
      .header('content-language', language)
      .header('vary', 'accept-language')
      .send(page(outbox, language, house.demo))
  })
}

const loopbacks = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])
const localNames = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

/**
 * The outbox, for a caller on this machine and only where no mail server is configured; `not_found` otherwise. The
 * name it was called by must be local too: a page from elsewhere can have its own name resolve to this machine.
 */
function requireOutbox(house: House, request: FastifyRequest): DevelopmentOutbox {
  const { post } = house
  const near = loopbacks.has(request.ip) && localNames.has(request.hostname.replace(/:\d+$/, ''))
  if (!(post instanceof DevelopmentOutbox) || !near) throw new Refusal('not_found')
  return post
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, character => `&#${character.codePointAt(0)};`)

const words = {
  en: {
    demo: 'This is a demo. All people and purchases are invented.',
    title: 'Development mail',
    text: 'No mail server is configured: mail goes nowhere, stays in memory and is shown here, newest first.',
    none: 'No mail yet.',
  },
  it: {
    demo: 'Questa è una demo. Persone e acquisti sono tutti inventati.',
    title: 'Posta di sviluppo',
    text: 'Nessun server di posta è configurato: la posta non parte, resta in memoria e si vede qui, la più recente per prima.',
    none: 'Ancora nessun messaggio.',
  },
} as const

function page(outbox: DevelopmentOutbox, language: PageLanguage, isDemo: boolean): string {
  const { demo, title, text: explanation, none } = words[language]
  const mails = outbox.list().map(
    ({ to, subject, text, at }) => `<article>
<h2>${escaped(subject)}</h2>
<p><strong>${escaped(to)}</strong> · <time datetime="${at.toISOString()}">${at.toISOString().slice(11, 19)} UTC</time></p>
<pre>${escaped(text)}</pre>
</article>`,
  )
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="5">
<meta name="viewport" content="width=device-width">
<title>${title} (${mails.length}) · Custode</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
article { border-top: 1px solid; padding: 1rem 0 }
h2 { margin: 0; font-size: 1.1rem }
p { margin: .25rem 0 }
aside { padding: .375rem 1rem; background: #f2c261; color: #2b1d00; font-weight: 600; text-align: center }
pre { white-space: pre-wrap; font: inherit }
</style>
</head>
<body>
${isDemo ? `<aside aria-label="Demo">${demo}</aside>` : ''}
<main>
<h1>${title}</h1>
<p>${explanation}</p>
${mails.length === 0 ? `<p>${none}</p>` : mails.join('\n')}
</main>
</body>
</html>
`
}
