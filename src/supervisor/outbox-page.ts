import type { App } from '../core/http.ts'
import type { DevelopmentOutbox } from '../core/mail.ts'

/**
 * The development mail, newest first, as a plain page that fetches nothing. The caller mounts it only where mail goes
 * nowhere and the server listens on loopback alone.
 */
export function serveOutbox(app: App, outbox: DevelopmentOutbox): void {
  app.get('/outbox', (_request, reply) => reply.type('text/html; charset=utf-8').send(page(outbox)))
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, character => `&#${character.codePointAt(0)};`)

function page(outbox: DevelopmentOutbox): string {
  const mails = outbox.list().map(
    ({ to, subject, text, at }) => `<article>
<h2>${escaped(subject)}</h2>
<p><strong>${escaped(to)}</strong> · <time datetime="${at.toISOString()}">${at.toISOString().slice(11, 19)} UTC</time></p>
<pre>${escaped(text)}</pre>
</article>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Development mail (${mails.length}) · Custode</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
article { border-top: 1px solid; padding: 1rem 0 }
h2 { margin: 0; font-size: 1.1rem }
p { margin: .25rem 0 }
pre { white-space: pre-wrap; font: inherit }
</style>
</head>
<body>
<main>
<h1>Development mail</h1>
<p>No mail server is configured: mail goes nowhere, stays in memory and is shown here. <a href="/outbox">Look again</a></p>
${mails.length === 0 ? '<p>No mail yet.</p>' : mails.join('\n')}
</main>
</body>
</html>
`
}
