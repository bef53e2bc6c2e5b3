import { createServer } from 'node:net'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DevelopmentOutbox, smtpPost } from './mail.ts'

let server: SMTPServer
let url: string
const received: string[] = []

beforeAll(async () => {
  server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo({ address }, _session, done) {
      if (address.startsWith('nobody')) {
        // Servers quote the address in their refusal: exactly what must not be kept.
        return done(Object.assign(new Error(`550 ${address} is unknown here`), { responseCode: 550 }))
      }
      if (address.startsWith('later'))
        return done(Object.assign(new Error(`450 ${address}: try later`), { responseCode: 450 }))
      done()
    },
    onData(stream, _session, done) {
      let text = ''
      stream.on('data', chunk => {
        text += chunk
      })
      stream.on('end', () => {
        received.push(text)
        done()
      })
    },
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as { port: number }
  url = `smtp://127.0.0.1:${port}`
})
afterAll(() => new Promise<void>(resolve => server.close(resolve)))

const from = 'Bottega <post@shop.example>'
const mail = { to: 'ana@example.org', subject: 'Il tuo codice è pronto', text: '123456\n' }

test('a mail arrives as it was written', async () => {
  expect(await smtpPost(url, from).send(mail)).toEqual({ sent: true })
  const parsed = await simpleParser(received.at(-1)!)
  expect(parsed.subject).toBe(mail.subject)
  expect(parsed.text?.trim()).toBe('123456')
  expect(parsed.from?.text).toContain('post@shop.example')
})

test('its Message-ID is random and names neither host nor address', async () => {
  await smtpPost(url, from).send(mail)
  await smtpPost(url, from).send(mail)
  const ids = received.slice(-2).map(text => /^message-id: (.*)$/im.exec(text)?.[1])
  expect(ids[0]).not.toBe(ids[1])
  expect(ids[0]).toMatch(/^<[0-9a-f-]{36}@custode\.invalid>\r?$/)
})

test('a refusal is kept as a code alone, and a final one is not tried again', async () => {
  const answer = await smtpPost(url, from).send({ ...mail, to: 'nobody@example.org' })
  expect(answer).toEqual({ sent: false, code: 'SMTP_550', again: false })
})

test('a refusal for now is tried again', async () => {
  const answer = await smtpPost(url, from).send({ ...mail, to: 'later@example.org' })
  expect(answer).toEqual({ sent: false, code: 'SMTP_450', again: true })
})

test('a server that does not answer is tried again', async () => {
  const probe = createServer()
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise(resolve => probe.close(resolve))
  const answer = await smtpPost(`smtp://127.0.0.1:${port}`, from).send(mail)
  expect(answer).toEqual({ sent: false, code: 'ESOCKET', again: true })
})

test('a line break in a subject or an address starts no header of its own', async () => {
  await smtpPost(url, from).send({ ...mail, subject: 'Code\r\nBcc: eve@example.org' })
  const parsed = await simpleParser(received.at(-1)!)
  expect(parsed.bcc).toBeUndefined()
  expect(parsed.headers.has('bcc')).toBe(false)
})

test('the development outbox keeps the last 200, the newest first', async () => {
  const outbox = new DevelopmentOutbox()
  for (let count = 0; count < 205; count++) await outbox.send({ ...mail, subject: `mail ${count}` })
  expect(outbox.list()).toHaveLength(200)
  expect(outbox.list()[0]!.subject).toBe('mail 204')
})
