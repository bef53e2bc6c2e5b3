import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { ana, call, joinAs, openForCustomers, trailOf } from '../../test/portal.ts'
import type { Delivery, Mail, Post } from '../core/mail.ts'
import { dispatch, expire } from './dispatch.ts'
import { withJobGrant } from './grant.ts'

let shop: TestHouse
let id: string

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
  id = (await joinAs(shop)).id
})

afterAll(() => shop.close())

interface Row {
  id: string
  sent_at: Date | null
  failure: string | null
}

/** Asks for a code and answers with its letter, which no job has touched yet. */
async function newLetter(): Promise<string> {
  shop.clock.advance(3_600_001)
  await call(shop, 'POST', '/portal/codes', { body: { email: ana.email, language: 'en' } })
  const [letter] = await shop.owner.query<Row>(
    'select id from letter where subject = $1 order by made_at desc',
    [id],
  )
  return letter!.id
}

const rowOf = (letter: string) =>
  shop.owner.one<Row>('select id, sent_at, failure from letter where id = $1', [letter])

const boxesOf = (letter: string) => shop.owner.query('select version from box where row = $1', [letter])

/** Post that answers as it is told, and remembers what it was handed. */
class SetPost implements Post {
  readonly handed: Mail[] = []
  readonly #answer: Delivery

  constructor(answer: Delivery) {
    this.#answer = answer
  }

  async send(mail: Mail): Promise<Delivery> {
    this.handed.push(mail)
    return this.#answer
  }
}

async function withPost<T>(answer: Delivery, act: (post: SetPost) => Promise<T>): Promise<T> {
  const post = new SetPost(answer)
  shop.house.post = post
  try {
    return await act(post)
  } finally {
    shop.house.post = shop.post
  }
}

describe('a letter', () => {
  test('is sent once, and its box goes with the sending', async () => {
    const letter = await newLetter()
    expect(await boxesOf(letter)).toHaveLength(1)
    await withPost({ sent: true }, async post => {
      await dispatch(shop.house, letter)
      await dispatch(shop.house, letter)
      expect(post.handed).toHaveLength(1)
      expect(post.handed[0]).toMatchObject({ to: ana.email, subject: 'Your code for Bottega Aurora' })
    })
    expect(await boxesOf(letter)).toEqual([])
    expect(await rowOf(letter)).toMatchObject({ sent_at: shop.clock.now(), failure: null })
    const sent = (await trailOf(shop, id)).filter(entry => entry.kind === 'code.sent')
    expect(sent.at(-1)).toMatchObject({ actor: 'system', detail: { letter } })
  })

  test('of a sent code cannot come back: the keeper refuses an old copy of its box', async () => {
    const letter = await newLetter()
    const [box] = await shop.owner.query<{ version: number; slot: number; bytes: Buffer }>(
      'select version, slot, bytes from box where row = $1',
      [letter],
    )
    await dispatch(shop.house, letter)
    const wanted = { subjects: [id], fields: ['letter'], compartments: ['messages'], purpose: 'service' }
    const opened = withJobGrant(shop.house, { ...wanted, minutes: 1, most: 1 }, grant =>
      shop.house.keeper.open({
        ...{ grant: grant.id, secret: grant.secret, fields: ['letter'] },
        items: [
          { customer: id, compartment: 'messages', row: letter, version: box!.version, box: box!.bytes },
        ],
      }),
    )
    await expect(opened).rejects.toMatchObject({ code: 'superseded' })
  })

  test('that the server may still take is tried again, and only the code of the failure is kept', async () => {
    const letter = await newLetter()
    const failing = withPost({ sent: false, code: 'ECONNECTION', again: true }, () =>
      dispatch(shop.house, letter),
    )
    await expect(failing).rejects.toMatchObject({ code: 'unavailable' })
    expect(await rowOf(letter)).toMatchObject({ sent_at: null, failure: 'ECONNECTION' })
    expect(await boxesOf(letter)).toHaveLength(1)
    await withPost({ sent: true }, () => dispatch(shop.house, letter))
    expect(await rowOf(letter)).toMatchObject({ sent_at: expect.any(Date), failure: null })
  })

  test('that is refused for good is not tried again, and its box goes at once', async () => {
    const letter = await newLetter()
    await withPost({ sent: false, code: 'SMTP_550', again: false }, () => dispatch(shop.house, letter))
    expect(await rowOf(letter)).toMatchObject({ sent_at: null, failure: 'SMTP_550' })
    expect(await boxesOf(letter)).toEqual([])
    await withPost({ sent: true }, async post => {
      await dispatch(shop.house, letter)
      expect(post.handed).toEqual([])
    })
    await expire(shop.house, letter)
    expect(await rowOf(letter)).toMatchObject({ sent_at: null, failure: 'SMTP_550' })
    const expired = (await trailOf(shop, id)).filter(entry => entry.detail?.letter === letter)
    expect(expired.map(entry => entry.kind)).toEqual(['code', 'code.expired'])
  })

  test('whose time is over is not sent any more', async () => {
    const letter = await newLetter()
    shop.clock.advance(600_000)
    await withPost({ sent: true }, async post => {
      await dispatch(shop.house, letter)
      expect(post.handed).toEqual([])
    })
    await expire(shop.house, letter)
    expect(await rowOf(letter)).toMatchObject({ sent_at: null, failure: 'EXPIRED' })
    expect(await boxesOf(letter)).toEqual([])
  })

  test('that is gone or never was is nobody’s trouble', async () => {
    await dispatch(shop.house, '00000000-0000-4000-8000-000000000000')
    await expire(shop.house, '00000000-0000-4000-8000-000000000000')
  })

  test('leaves no grant behind, whatever becomes of it', async () => {
    expect(await shop.owner.query(`select 1 from grants where kind = 'job' and ended_at is null`)).toEqual([])
  })

  test('is in the job table by its id alone', async () => {
    const letter = await newLetter()
    const jobs = await shop.owner.query<{ payload: object }>(
      `select payload from graphile_worker._private_jobs where payload->>'letter' = $1`,
      [letter],
    )
    expect(jobs).toEqual([{ payload: { letter } }, { payload: { letter } }])
  })
})
