import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { openForCustomers } from '../../test/portal.ts'
import { words as english } from '../../web/ui/words.en.ts'
import { words as italian } from '../../web/ui/words.it.ts'
import { smtpPost } from './mail.ts'

let shop: TestHouse

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
})

afterAll(() => shop.close())

const paths = ['/outbox', '/api/v1/outbox']
const get = (url: string, from = '127.0.0.1', host = 'localhost:8080') =>
  shop.app.inject({ method: 'GET', url, remoteAddress: from, headers: { host } })

describe('the development outbox', () => {
  test.each(paths)('%s: 404 from another machine', async path => {
    for (const from of ['192.0.2.7', '10.0.0.1', '::ffff:192.0.2.7', '2001:db8::1'])
      expect((await get(path, from)).statusCode).toBe(404)
  })

  test.each(paths)(
    '%s: 404 by a name that is not this machine’s own, which a foreign page could make',
    async path => {
      for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:8080'])
        expect((await get(path, '127.0.0.1', host)).statusCode).toBe(404)
    },
  )

  test.each(paths)('%s: 404 where a mail server is configured', async path => {
    shop.house.post = smtpPost('smtp://127.0.0.1:1', 'shop@example.org')
    expect((await get(path)).statusCode).toBe(404)
    shop.house.post = shop.post
  })

  test('shows mail newest first, escaped, without script', async () => {
    await shop.post.send({ to: 'a@example.org', subject: 'First', text: 'one' })
    await shop.post.send({ to: '"<b>"@example.org', subject: '<script>alert(1)</script>', text: "</pre>&'" })
    for (const from of ['127.0.0.1', '::1']) {
      const { statusCode, body, headers } = await get('/outbox', from)
      expect(statusCode).toBe(200)
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(headers['content-security-policy']).toContain("default-src 'none'")
      expect(body).not.toMatch(/<script|<b>|<\/pre>&/)
      expect(body).toContain('&#60;script&#62;alert(1)')
      expect(body.indexOf('&#60;script')).toBeLessThan(body.indexOf('First'))
    }
  })

  test('speaks the language the browser asks for', async () => {
    const headers = { host: 'localhost:8080', 'accept-language': 'it-IT,it;q=0.9,en;q=0.8' }
    const italian = await shop.app.inject({ url: '/outbox', remoteAddress: '127.0.0.1', headers })
    expect(italian.headers).toMatchObject({ 'content-language': 'it', vary: 'accept-language' })
    expect(italian.body).toContain('<html lang="it">')
    expect(italian.body).toContain('<h1>Posta di sviluppo</h1>')
    const english = await get('/outbox')
    expect(english.headers['content-language']).toBe('en')
    expect(english.body).toContain('<html lang="en">')
    expect(english.body).toContain('<h1>Development mail</h1>')
  })

  test('in a demo the page says so, in the words of all other pages, and elsewhere it does not', async () => {
    const page = async (language: string) => {
      const headers = { host: 'localhost:8080', 'accept-language': language }
      return (await shop.app.inject({ url: '/outbox', remoteAddress: '127.0.0.1', headers })).body
    }
    expect(await page('en')).not.toContain(english.demo.banner)
    shop.house.demo = true
    expect(await page('en')).toContain(`<aside aria-label="Demo">${english.demo.banner}</aside>`)
    expect(await page('it')).toContain(`<aside aria-label="Demo">${italian.demo.banner}</aside>`)
    shop.house.demo = false
  })

  test('is JSON under the API', async () => {
    const { statusCode, body } = await get('/api/v1/outbox')
    expect(statusCode).toBe(200)
    expect(JSON.parse(body)).toEqual({
      items: [
        {
          at: expect.any(String),
          to: '"<b>"@example.org',
          subject: '<script>alert(1)</script>',
          text: "</pre>&'",
        },
        { at: expect.any(String), to: 'a@example.org', subject: 'First', text: 'one' },
      ],
      next: null,
    })
  })
})
