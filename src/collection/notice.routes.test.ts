import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { call, openForCustomers } from '../../test/portal.ts'
import { noticeTexts } from './notice-text.ts'

let shop: TestHouse

beforeAll(async () => {
  shop = await openHouse()
})

afterAll(() => shop.close())

describe('GET /notice', () => {
  test('503 before the company is open', async () => {
    const { status, body } = await call(shop, 'GET', '/notice?language=en')
    expect([status, body.code]).toEqual([503, 'not_open'])
  })

  test.each(['/notice?language=de', '/notice?language=en&x=1'])('400 for %s', async path => {
    await openIfClosed()
    const { status, body } = await call(shop, 'GET', path)
    expect([status, body.code]).toEqual([400, 'invalid'])
  })

  test.each(['en', 'it'] as const)('200 in %s with the company’s name in it', async language => {
    await openIfClosed()
    const { status, body } = await call(shop, 'GET', `/notice?language=${language}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ version: 1, language, title: expect.stringContaining('Caffè $& Figli') })
    expect(JSON.stringify(body)).not.toContain('{organisation}')
    expect(
      body.purposes.map((purpose: { code: string; needed: boolean }) => [purpose.code, purpose.needed]),
    ).toEqual([
      ['service', true],
      ['offers', false],
    ])
    expect(body.purposes[1].fields).toEqual(['email', 'name', 'purchase'])
  })
})

let opened = false
async function openIfClosed(): Promise<void> {
  // A name with signs that a careless replacement would take for instructions.
  if (!opened) await openForCustomers(shop, 'Caffè $& Figli')
  opened = true
}

test('both languages say the same things in the same places', () => {
  const { en, it } = noticeTexts
  expect(it.sections.map(section => section.paragraphs.length)).toEqual(
    en.sections.map(section => section.paragraphs.length),
  )
  expect(Object.keys(it.purposes)).toEqual(Object.keys(en.purposes))
  const numbers = (text: unknown) => JSON.stringify(text).match(/\d+/g)
  expect(numbers(it)).toEqual(numbers(en))
})

test('a published notice cannot be changed or taken back', async () => {
  for (const statement of ['update notice set version = 2', 'delete from notice'])
    await expect(shop.database.query(statement)).rejects.toMatchObject({ code: '42501' })
})
