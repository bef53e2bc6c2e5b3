import type { TestHouse } from './house.ts'
import { call, signInAs } from './portal.ts'

const day = 86_400_000
let count = 0

/** The day so many years, and so many days less, before today. */
export function yearsAgo({ clock }: TestHouse, years: number, daysLess = 0): string {
  const at = new Date(clock.now().getTime() + daysLess * day)
  at.setUTCFullYear(at.getUTCFullYear() - years)
  return at.toISOString().slice(0, 10)
}

/** A young person who has named a guardian, and the link that went there. */
export async function askGuardian(shop: TestHouse) {
  count++
  const [child, guardian] = [`kim${count}@example.org`, `parent${count}@example.org`]
  const { cookie } = await signInAs(shop, child)
  const sent = await call(shop, 'POST', '/portal/guardian-requests', {
    cookie,
    body: { email: guardian, language: 'en' },
  })
  if (sent.status !== 202) throw new Error(sent.response.body)
  await shop.work()
  const mail = shop.post.list().find(one => one.to === guardian)!
  const token = /guardian#(\S+)/.exec(mail.text)![1]!
  return { child, guardian, cookie, token, mail }
}

export const joinChild = (shop: TestHouse, token: string, about: object = {}) =>
  call(shop, 'POST', '/portal/guardian-joins', {
    body: {
      ...{ token, responsible: true, name: 'Kim Sala', born: yearsAgo(shop, 12), notice_version: 1 },
      ...{ language: 'en', purposes: ['service'], ...about },
    },
  })

/** A child for whom a guardian has agreed, and the cookies of both. */
export async function newFamily(shop: TestHouse, about: object = {}) {
  const one = await askGuardian(shop)
  const joined = await joinChild(shop, one.token, about)
  if (joined.status !== 201) throw new Error(joined.response.body)
  const { alias } = joined.body
  const { id } = await shop.owner.one<{ id: string }>('select id from subject where alias = $1', [alias])
  const own = await signInAs(shop, one.child)
  return { ...one, alias, id, parent: joined.cookie!, kid: own.cookie, consents: joined.body.consents }
}
