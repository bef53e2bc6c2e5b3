import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { decideAnew, newField } from '../../test/catalogue.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { trailOf } from '../../test/portal.ts'
import { backUp, loadInto, removeBackup, replayInto } from '../../test/restored-house.ts'
import { decidePair, mergeSessions } from '../../test/twice.ts'
import { buildWorld, type CustomerInWorld, send, type World } from '../../test/world.ts'
import { addField } from '../collection/catalogue.ts'
import { getNotice } from '../collection/notice.ts'
import type { KeeperClient } from '../keeper/client.ts'
import { makeGrant } from '../use/grant.ts'
import { undoMerge } from '../use/merging.ts'
import { readOwnData } from '../use/own-data.ts'
import { changeOwn, confirmOwn } from '../use/own-values.ts'
import { resumeErasures } from './resumption.ts'

let house: TestHouse
let world: World
let start: Date

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
  for (const [code, retention] of [
    ['own_size', '12_months'],
    ['own_colour', '24_months'],
    ['own_team', 'agreement'],
  ] as const)
    await addField(house.house, 'st_1', newField(code, { retention }))
  start = house.clock.now()
})
beforeEach(() => house.clock.set(start))
afterAll(() => house.close())

/** So long after the beginning, with all that is due by then carried out, a day at a time where it matters. */
async function reach(months: number, days = 0): Promise<void> {
  const at = new Date(start)
  at.setUTCMonth(at.getUTCMonth() + months)
  house.clock.set(new Date(at.getTime() + days * 86_400_000))
  await resumeErasures(house.house)
}
const given = { own_size: '43', own_colour: 'green', own_team: 'none' }
async function somebody(): Promise<CustomerInWorld> {
  const ida = await world.join()
  await changeOwn(house.house, ida.session, given)
  await resumeErasures(house.house)
  return ida
}
const held = async ({ session }: CustomerInWorld): Promise<Record<string, unknown>> => {
  const { values } = await readOwnData(house.house, session, { sensitive: true })
  return Object.fromEntries(
    values.flatMap(one => (one.field.startsWith('own_') ? [[one.field, one.value]] : [])),
  )
}
const lettersTo = ({ email }: CustomerInWorld) =>
  house.post.list().filter(mail => mail.to === email && /ends soon|scade presto/i.test(mail.subject))
const ends = async (who: CustomerInWorld) =>
  (await trailOf(house, who.id)).filter(entry => entry.kind === 'retention')
const boxOf = (who: CustomerInWorld) =>
  house.owner.one<{ slot: number; version: number; bytes: Buffer }>(
    `select slot, version, bytes from box where subject = $1 and compartment = 'preferences'`,
    [who.id],
  )

describe('a value that is kept for so many months', () => {
  it('ends on its day, alone, once its customer was told; the rest stays', async () => {
    const ida = await somebody()
    const before = await boxOf(ida)
    await reach(11, -2)
    await house.work()
    expect(lettersTo(ida)).toEqual([])
    await reach(11, 5)
    await house.work()
    expect(lettersTo(ida)).toHaveLength(1)
    // But for the address of the portal, whose port is any.
    const letter = JSON.stringify(lettersTo(ida)).replaceAll(house.house.publicUrl, '')
    for (const word of ['own_size', '43']) expect(letter).not.toContain(word)
    await reach(12, -1)
    expect(await held(ida)).toEqual(given)
    await reach(12, 6)
    expect(await held(ida)).toEqual({ own_colour: 'green', own_team: 'none' })
    expect((await ends(ida)).map(entry => [entry.fields, entry.result])).toEqual([
      [['own_size'], 'destroyed'],
    ])
    await house.work()
    expect(lettersTo(ida)).toHaveLength(1)
    const after = await boxOf(ida)
    expect(after.slot).not.toBe(before.slot)
    // Every copy of the box of before is unreadable: its slot is refused, and replaced by the roll.
    const [record] = await house.owner.query<{ t1: Date | null }>('select t1 from erasure where slots = $1', [
      [before.slot],
    ])
    expect(record?.t1).toEqual(expect.any(Date))
    const grant = await makeGrant(house.house, {
      ...{ kind: 'job', session: null, actor: 'system', subjects: [ida.id], fields: ['*'] },
      ...{ compartments: ['preferences'], purpose: 'service', minutes: 1, most: 1 },
    })
    const opened = house.keeper.open({
      ...{ grant: grant.id, secret: grant.secret, fields: ['*'] },
      items: [
        {
          ...{ customer: ida.id, compartment: 'preferences', row: ida.id },
          ...{ version: before.version, box: before.bytes },
        },
      ],
    })
    await expect(opened).rejects.toMatchObject({ code: 'erased' })
  })

  it('says beside it until when it is kept, and runs anew once it is confirmed', async () => {
    const ida = await somebody()
    const until = async () => {
      const { values } = await readOwnData(house.house, ida.session, { sensitive: true })
      return values.find(one => one.field === 'own_size')?.kept_until?.slice(0, 10)
    }
    const year = new Date(start)
    year.setUTCFullYear(year.getUTCFullYear() + 1)
    expect(await until()).toBe(year.toISOString().slice(0, 10))
    await reach(11, 5)
    await confirmOwn(house.house, ida.session, ['own_size'])
    await reach(13)
    expect(await held(ida)).toEqual(given)
    await reach(22, 10)
    await reach(23, 20)
    expect(await held(ida)).toEqual({ own_colour: 'green', own_team: 'none' })
  })

  it('never ends before its customer was told 30 days ago, though the months were shortened to fewer than have passed', async () => {
    await addField(house.house, 'st_1', newField('own_taste'))
    const ida = await world.join()
    await changeOwn(house.house, ida.session, { own_taste: 'liquorice' })
    await reach(20)
    expect(await held(ida)).toEqual({ own_taste: 'liquorice' })
    await decideAnew(house, 'own_taste', { retention: '6_months' })
    await reach(20, 1)
    await house.work()
    expect(lettersTo(ida)).toHaveLength(1)
    await reach(20, 29)
    expect(await held(ida)).toEqual({ own_taste: 'liquorice' })
    await reach(20, 32)
    expect(await held(ida)).toEqual({})
    await decideAnew(house, 'own_taste', { retention: 'agreement', asked: 'no' })
  })

  it('does not end beside another that its customer was told of, when its months were shortened since', async () => {
    for (const code of ['own_scent', 'own_song']) await addField(house.house, 'st_1', newField(code))
    const ida = await world.join()
    await changeOwn(house.house, ida.session, { own_scent: 'thyme', own_song: 'a lullaby' })
    await reach(20)
    await decideAnew(house, 'own_scent', { retention: '6_months' })
    await reach(20, 1)
    await house.work()
    await reach(20, 29)
    await decideAnew(house, 'own_song', { retention: '7_months' })
    await reach(20, 30)
    await house.work()
    await reach(20, 33)
    expect(await held(ida)).toHaveProperty('own_song')
    expect(lettersTo(ida)).toHaveLength(2)
    await reach(20, 50)
    await reach(21, 35)
    expect(await held(ida)).toEqual({})
    for (const code of ['own_scent', 'own_song'])
      await decideAnew(house, code, { retention: 'agreement', asked: 'no' })
  })

  it('does not end with another where nobody carried that out until its own time was over too', async () => {
    const ida = await somebody()
    await reach(11, 5)
    for (const _minute of [1, 2]) await reach(25)
    expect(await held(ida)).toEqual({ own_colour: 'green', own_team: 'none' })
    await reach(26, 2)
    expect(await held(ida)).toEqual({ own_team: 'none' })
  })

  it('does not end in a record that rests, and is told of anew when it counts again', async () => {
    const person = { name: 'Ida Bonacossi', phone: '+393476600555' }
    const [stays, rests] = [await world.join(person), await world.join(person)]
    await changeOwn(house.house, rests.session, given)
    const task = await decidePair(house, [stays, rests], 'same')
    await mergeSessions(house, [stays.session, rests.session], task)
    await house.owner.query(`update merge set until = until + interval '5 years' where rests = $1`, [
      rests.id,
    ])
    await reach(11, 5)
    await reach(12, 6)
    expect(await ends(rests)).toEqual([])
    expect(lettersTo(rests)).toEqual([])
    house.clock.set(start)
    await undoMerge(house.house, stays.session)
    await reach(12, 7)
    await house.work()
    expect(lettersTo(rests)).toHaveLength(1)
    expect(await ends(rests)).toEqual([])
    await reach(13, 8)
    expect(await ends(rests)).toHaveLength(1)
  })

  it('is told of in the notice, in each language', async () => {
    for (const [language, sentence] of [
      ['en', 'own_size: destroyed 12 months after you gave it'],
      ['it', 'own_size: distrutto 12 mesi dopo'],
    ] as const) {
      const { sections } = await getNotice(house.database, language)
      const told = sections.flatMap(({ paragraphs }) => paragraphs).join('\n')
      expect(told).toContain(sentence)
      expect(told).not.toContain('own_team:')
    }
  })

  it('is looked at once for each time it was written, and not each minute', async () => {
    const ida = await somebody()
    const looks = async () =>
      (await trailOf(house, ida.id)).filter(
        entry => entry.kind === 'reading' && entry.purpose === 'retention',
      ).length
    expect(await looks()).toBe(1)
    for (let times = 0; times < 3; times++) await resumeErasures(house.house)
    expect(await looks()).toBe(1)
  })

  it('ends wholly also where the process dies after the values are out and before the old key is', async () => {
    const ida = await somebody()
    const old = (await boxOf(ida)).slot
    await reach(11, 5)
    const at = new Date(start)
    at.setUTCMonth(at.getUTCMonth() + 12)
    house.clock.set(new Date(at.getTime() + 6 * 86_400_000))
    await expect(resumeErasures({ ...house.house, keeper: dyingAtShred() })).rejects.toThrow('it died')
    expect(await held(ida)).toEqual({ own_colour: 'green', own_team: 'none' })
    expect(await house.owner.query('select 1 from erasure where $1 = any (slots)', [old])).toEqual([])
    await house.work()
    expect(await house.owner.query('select 1 from erasure where $1 = any (slots)', [old])).toHaveLength(1)
  })

  /** The keeper, for a process that ends when it is about to have an old slot destroyed. */
  const dyingAtShred = (): KeeperClient =>
    new Proxy(house.house.keeper, {
      get(keeper, name) {
        if (name === 'shred') return () => Promise.reject(new Error('it died'))
        const own = Reflect.get(keeper, name, keeper)
        return typeof own === 'function' ? own.bind(keeper) : own
      },
    })

  it('does not come back with a backup', async () => {
    const ida = await somebody()
    const folder = await backUp(house)
    await reach(11, 5)
    await reach(12, 6)
    expect(await held(ida)).not.toHaveProperty('own_size')
    const restored = await loadInto(folder)
    const replayed = await replayInto(restored, house.keeperProcess, house.house)
    try {
      const boxes = await restored.owner.query(
        `select 1 from box where subject = $1 and compartment = 'preferences'`,
        [ida.id],
      )
      expect(boxes).toEqual([])
    } finally {
      await restored.drop()
      await replayed.keeper.stop()
      await removeBackup(folder)
    }
  })
})

describe('how long a value is kept', () => {
  it('is told before it is decided: how many it may be about, and never whose', async () => {
    // The house of the test before has lost its keeper.
    const other = await openHouse()
    try {
      const people = await buildWorld(other)
      await addField(other.house, 'st_1', newField('own_size'))
      const ida = await people.join()
      await changeOwn(other.house, ida.session, { own_size: '43' })
      const path = '/office/fields/own_size/retention-previews'
      const preview = async (retention: string) =>
        (await send(other, 'POST', path, people.pia, { retention })).body
      expect(await preview('12_months')).toEqual({ held_at_most: 1, over_at_most: 0 })
      other.clock.advance(400 * 86_400_000)
      const late = { cookies: people.pia.cookies }
      expect((await send(other, 'POST', path, late, { retention: '12_months' })).status).toBe(401)
      await expect(decideAnew(other, 'email', { retention: '12_months' })).rejects.toMatchObject({
        code: 'fixed',
      })
      const sealed = { retention: '12_months' } as const
      for (const code of ['iban', 'allergies'])
        await expect(decideAnew(other, code, sealed)).rejects.toMatchObject({
          fields: [{ field: 'retention', code: 'not_sealed' }],
        })
      await expect(decideAnew(other, 'purchase', { retention: '12_months' })).rejects.toMatchObject({
        code: 'fixed',
      })
    } finally {
      await other.close()
    }
  })
})
