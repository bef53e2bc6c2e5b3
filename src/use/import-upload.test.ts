import { request as httpRequest } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newEmployee } from '../../test/people.ts'
import { foundIn, storedText } from '../../test/stored.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { newId } from '../core/ids.ts'
import { HeldUploads } from '../storage/upload.ts'
import { ImportRuns } from './import-run.ts'
import { ImportUploads } from './import-upload.ts'

let house: TestHouse
let world: World
let cookies: Record<string, string>
beforeAll(async () => {
  house = await openHouse({ listen: true })
  world = await buildWorld(house)
  cookies = world.pia.cookies
}, 60_000)
afterAll(() => house.close())

const header = 'Numero cliente,Nome,Cognome,Email,Telefono,Purposes,Consent date,Consent source'
const line = (who: string, evidence = 'service,2025-05-31,till-form') =>
  `${who},Ada,Quillfeather,${who}@quill.example,,${evidence}`
const fileOf = (...lines: string[]) => [header, ...lines].join('\n')

const office = (method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object, as = cookies) =>
  house.app.inject({
    ...{ method, url: `/api/v1/office/${path}`, cookies: as },
    ...(payload === undefined ? {} : { payload }),
  })

const send = (content: string | Buffer, format = 'csv', as = cookies, headers: Record<string, string> = {}) =>
  house.app.inject({
    ...{ method: 'POST', url: `/api/v1/office/import-uploads?format=${format}`, cookies: as },
    ...{ payload: content, headers: { 'content-type': 'application/octet-stream', ...headers } },
  })

interface Shown {
  id: string
  columns: { header: string; target: string | null }[]
}

async function upload(content: string | Buffer, format = 'csv', as = cookies) {
  const sent = await send(content, format, as)
  expect(sent.statusCode, sent.body).toBe(201)
  const { id, columns } = sent.json<Shown>()
  const mapping = columns.map(({ header, target }) => ({ header, target }))
  return { id, columns, asked: { mapping, source: 'crm' } }
}

const ended = (run: string, as = cookies) =>
  vi.waitFor(
    async () => {
      const told = (await office('GET', `import-runs/${run}`, undefined, as)).json()
      expect(told.ended_at).not.toBeNull()
      return told
    },
    { timeout: 20_000, interval: 50 },
  )

async function takeIn({ id, asked }: Awaited<ReturnType<typeof upload>>, as = cookies) {
  const begun = await office('POST', `import-uploads/${id}/imports`, asked, as)
  expect(begun.statusCode, begun.body).toBe(202)
  return ended(begun.json().id, as)
}

const customers = async () =>
  (await house.owner.one<{ n: number }>('select count(*)::int as n from customer')).n
/** What the company's own trail says of imports, newest first. */
const noted = async () => {
  const { items } = (await office('GET', 'entries?limit=50')).json<{
    items: { kind: string; actor: { name: string }; result: string }[]
  }>()
  return items.filter(({ kind }) => kind.startsWith('import'))
}

describe('an officer uploads a file', () => {
  test('sees proposed columns and masked lines, tries it out, has it taken in and reads what was refused', async () => {
    const before = await customers()
    const held = await upload(
      fileOf(line('p1'), line('p2', 'service,2025-31-31,till-form'), line('p3', ',,'), line('p4')),
    )
    expect(held.columns.slice(0, 4)).toEqual([
      { header: 'Numero cliente', target: 'reference', reason: 'usual_word' },
      { header: 'Nome', target: 'given_name', reason: 'usual_word' },
      { header: 'Cognome', target: 'family_name', reason: 'usual_word' },
      { header: 'Email', target: 'email', reason: 'code' },
    ])
    const { lines } = (
      await office('POST', `import-uploads/${held.id}/previews`, { mapping: held.asked.mapping })
    ).json()
    expect(lines[0]).toEqual({
      ...{ line: 2, fault: null, purposes: ['service'], agreed_at: '2025-05-31', proof: 'till-form' },
      values: [
        { field: 'email', value: '•••@q•••.example' },
        { field: 'name', value: 'A••• Qu•••r' },
      ],
    })
    expect(lines[1]).toMatchObject({ fault: 'consent_date', values: [] })
    const tried = await office('POST', `import-uploads/${held.id}/rehearsals`, held.asked)
    const faults = [
      { code: 'consent_date', lines: [3] },
      { code: 'no_evidence', lines: [4] },
    ]
    expect(tried.json()).toEqual({ lines: 4, kept: 2, known: 0, refused: 2, faults })
    expect(await customers()).toBe(before)

    const run = await takeIn(held)
    expect(run).toMatchObject({ begun_by: world.pia.pseudonym, done: 4, total: 4, failure: null })
    expect(await customers()).toBe(before + 2)
    const report = await office('GET', `imports/${run.import}/report`)
    expect(report.json().faults).toEqual(faults)
    expect((await office('GET', 'imports')).json()).toMatchObject({
      items: [{ id: run.import, kept: 2, refused: 2 }],
      runs: [{ id: run.id, import: run.import }],
    })
    // It is let go once it was taken in.
    expect((await office('GET', `import-uploads/${held.id}`)).statusCode).toBe(404)
    const entries = await noted()
    expect(entries.map(({ kind, result }) => `${kind} ${result}`)).toEqual([
      ...['import done', 'import begun', 'import.rehearsal done', 'import.preview done'],
      'import.upload received',
    ])
    expect(new Set(entries.map(({ actor }) => actor.name))).toEqual(new Set([world.pia.name]))
  })

  test('and nothing of it lies in a table, a job or the log of the keeper, before, while or after it is taken in', async () => {
    const held = await upload(fileOf(line('secretive'), line('s2', ',,')))
    await office('POST', `import-uploads/${held.id}/previews`, { mapping: held.asked.mapping })
    await office('POST', `import-uploads/${held.id}/rehearsals`, held.asked)
    const values = ['Quillfeather', 'secretive@quill.example', 'quill.example']
    expect(foundIn(await storedText(house.owner), values)).toEqual([])
    await takeIn(held)
    expect(foundIn(await storedText(house.owner), values)).toEqual([])
  })

  test('packed, or as cards, it is the same', async () => {
    const packed = await upload(gzipSync(fileOf(line('gz1'))))
    expect(
      (await office('POST', `import-uploads/${packed.id}/rehearsals`, packed.asked)).json(),
    ).toMatchObject({
      ...{ lines: 1, kept: 1 },
    })
    const card = (who: string) =>
      [
        ...[
          'BEGIN:VCARD',
          'VERSION:4.0',
          `FN:${who} Corvo`,
          `UID:${who}`,
          `EMAIL:${who}@cards.example`,
          'X-CONSENT-PURPOSES:service',
        ],
        ...['X-CONSENT-DATE:2025-05-31', 'X-CONSENT-SOURCE:fair', 'END:VCARD', ''],
      ].join('\r\n')
    const many = Array.from({ length: 900 }, (_, at) => card(`c${at}`)).join('')
    for (const content of [many, gzipSync(many)]) {
      const cards = await upload(content, 'vcard')
      const tried = (await office('POST', `import-uploads/${cards.id}/rehearsals`, cards.asked)).json()
      expect(tried).toMatchObject({ lines: 900, refused: 0 })
    }
    const broken = await upload(`${many}BEGIN:VCARD\r\nVERSION:2.1\r\nEND:VCARD\r\n`, 'vcard')
    const { faults } = (await office('POST', `import-uploads/${broken.id}/rehearsals`, broken.asked)).json()
    expect(faults).toEqual([{ code: 'malformed', lines: [900 * 9 + 3] }])
  })

  test('twice, and no line is kept twice', async () => {
    const file = fileOf(line('twice1'), line('twice2'))
    const before = await customers()
    await takeIn(await upload(file))
    const again = await takeIn(await upload(file))
    expect(await customers()).toBe(before + 2)
    const { items } = (await office('GET', 'imports')).json()
    expect(items.find((one: { id: string }) => one.id === again.import)).toMatchObject({
      kept: 0,
      known: 2,
    })
  })
})

describe('a file that would hurt', () => {
  test('is refused before it is read when it says that it is larger than allowed', async () => {
    const { hostname, port } = new URL(house.house.publicUrl)
    const status = await new Promise<number>((resolve, reject) => {
      const sending = httpRequest({
        ...{ hostname, port, method: 'POST', path: '/api/v1/office/import-uploads?format=csv' },
        headers: {
          cookie: Object.entries(cookies)
            .map(([name, value]) => `${name}=${value}`)
            .join('; '),
          ...{ 'content-type': 'application/octet-stream', 'content-length': String(2 ** 31) },
        },
      })
      sending.on('response', answer => {
        resolve(answer.statusCode ?? 0)
        sending.destroy()
      })
      sending.on('error', reject)
      sending.write('a,b\n')
    })
    expect(status).toBe(413)
  })

  test.each([
    ['bytes', gzipSync(Buffer.alloc(140 * 1024 * 1024, `${'a'.repeat(4095)}\n`))],
    ['columns', `${'a,'.repeat(500_000)}\n`],
    ['lines', `a\n${'b\n'.repeat(210_000)}`],
    [
      'cells',
      gzipSync(
        `${Array.from({ length: 400 }, (_, at) => `c${at}`).join(',')}\n${`${','.repeat(399)}\n`.repeat(11_000)}`,
      ),
    ],
  ])(
    'is refused as too large for its %s',
    async (limit, content) => {
      const sent = await send(content)
      expect(sent.json()).toMatchObject({ status: 413, code: 'too_large', detail: { limit } })
    },
    60_000,
  )

  test('packed cards that unpack into more than is read are refused', async () => {
    const sent = await send(gzipSync(Buffer.alloc(40 * 1024 * 1024)), 'vcard')
    expect(sent.json()).toMatchObject({ code: 'too_large' })
  })

  test.each([
    ['empty', '', 'csv'],
    ['a cut gzip', gzipSync('a,b\n1,2\n').subarray(0, 20), 'csv'],
    ['no cards', 'a,b\n', 'vcard'],
    ['a column twice', 'a,a\n1,2\n', 'csv'],
  ])('is refused as invalid: %s', async (_what, content, format) => {
    expect((await send(content, format)).json()).toMatchObject({ status: 400, code: 'invalid' })
  })

  test('is not taken as a form of another page sends it, nor anywhere else', async () => {
    for (const type of ['text/plain', 'application/json', 'multipart/form-data; boundary=x'])
      expect((await send(fileOf(), 'csv', cookies, { 'content-type': type })).statusCode).toBe(400)
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])
      expect((await send(fileOf(), 'csv', cookies, headers as never)).statusCode).toBe(403)
    const elsewhere = await house.app.inject({
      ...{ method: 'POST', url: '/api/v1/office/policies', cookies, payload: Buffer.from('x') },
      headers: { 'content-type': 'application/octet-stream' },
    })
    expect(elsewhere.statusCode).toBe(400)
  })
})

describe('a file is held', () => {
  test('for its officer alone, one at a time, for an hour, and never for more than four', async () => {
    const mine = await upload(fileOf(line('held')))
    const other = await newEmployee(house, 'officer', 'office')
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['DELETE', '', undefined],
      ['POST', '/previews', { mapping: mine.asked.mapping }],
      ['POST', '/rehearsals', mine.asked],
      ['POST', '/imports', mine.asked],
    ] as const)
      expect((await office(method, `import-uploads/${mine.id}${path}`, body, other.cookies)).statusCode).toBe(
        404,
      )

    const next = await upload(fileOf(line('next')))
    expect((await office('GET', `import-uploads/${mine.id}`)).statusCode).toBe(404)
    expect((await office('DELETE', `import-uploads/${next.id}`)).statusCode).toBe(204)
    expect((await office('GET', `import-uploads/${next.id}`)).statusCode).toBe(404)

    const last = await upload(fileOf(line('last')))
    house.clock.advance(61 * 60_000)
    expect((await office('GET', `import-uploads/${last.id}`)).statusCode).toBe(404)

    for (let at = 0; at < 4; at++)
      await upload(fileOf(line('x')), 'csv', (await newEmployee(house, 'officer', 'office')).cookies)
    expect((await send(fileOf(line('fifth')))).json()).toMatchObject({
      ...{ code: 'conflict', detail: { upload: 'full' } },
    })
    house.clock.advance(61 * 60_000)
    await upload(fileOf(line('fifth')))
  })

  test('with a mapping that names what is sealed in the browser, nothing is begun', async () => {
    const held = await upload(fileOf(line('map')))
    const mapping = [
      ...held.asked.mapping.filter(one => one.header !== 'Telefono'),
      { header: 'Telefono', target: 'iban' },
    ]
    for (const act of ['rehearsals', 'imports'])
      expect(
        (await office('POST', `import-uploads/${held.id}/${act}`, { mapping, source: 'crm' })).json(),
      ).toMatchObject({
        ...{ code: 'invalid', detail: { mapping: 'sealed_only' } },
      })
    expect((await office('GET', `import-uploads/${held.id}`)).statusCode).toBe(200)
  })
})

describe('an import that is cut off', () => {
  /** A server process of its own on the same house. */
  const process = () => {
    const held = new HeldUploads(house.clock)
    const runs = new ImportRuns(house.house)
    return { held, runs, uploads: new ImportUploads(house.house, held, runs) }
  }
  const pia = () => ({ subject: world.pia.id, actor: world.pia.pseudonym })
  const many = (mark: string, count: number) =>
    Buffer.from(fileOf(...Array.from({ length: count }, (_, at) => line(`${mark}${at}`))))

  test('by the end of its process says so, and the same file goes on without keeping a line twice', async () => {
    const before = await customers()
    const first = process()
    const file = await first.uploads.take(pia(), 'csv', many('cut', 400))
    const mapping = Object.fromEntries(file.columns.map(({ header, target }) => [header, target]))
    const columns = file.columns.map(({ header, target }) => ({ header, target }))
    const run = await first.uploads.begin(pia(), file.id, { mapping, source: 'cut' })
    await vi.waitFor(async () => expect(await customers()).toBeGreaterThan(before), { timeout: 20_000 })
    await first.runs.close()
    first.held.close()
    expect(await ended(run.id)).toMatchObject({ failure: 'stopped' })
    const half = (await customers()) - before
    expect(half).toBeLessThan(400)

    const again = await upload(many('cut', 400))
    const whole = await takeIn({ ...again, asked: { mapping: columns, source: 'cut' } })
    expect(whole).toMatchObject({ failure: null, import: (await ended(run.id)).import })
    expect((await customers()) - before).toBe(400)
    const { items } = (await office('GET', 'imports')).json()
    expect(items.find((one: { id: string }) => one.id === whole.import)).toMatchObject({
      kept: 400,
      refused: 0,
    })
  }, 60_000)

  test('by a power cut keeps no other out for longer than two minutes', async () => {
    const dead = newId()
    const now = house.clock.now()
    await house.owner.query(
      'insert into import_run (id, begun_by, begun_at, moved_at) values ($1, $2, $3, $3)',
      [dead, world.pia.id, now],
    )
    const held = await upload(fileOf(line('after')))
    const refused = await office('POST', `import-uploads/${held.id}/imports`, held.asked)
    expect(refused.json()).toMatchObject({ code: 'conflict', detail: { import: 'running' } })
    house.clock.advance(3 * 60_000)
    expect(await takeIn(held)).toMatchObject({ failure: null })
    expect((await office('GET', `import-runs/${dead}`)).json()).toMatchObject({ failure: 'stopped' })
  })

  test('by a keeper that is away fails, keeps the file, and goes on when asked again', async () => {
    const held = await upload(fileOf(line('away1'), line('away2')))
    house.killKeeper()
    const refused = await office('POST', `import-uploads/${held.id}/imports`, held.asked)
    expect(await ended(refused.json().id)).toMatchObject({ failure: 'unavailable' })
    await house.reviveKeeper()
    expect(await takeIn(held)).toMatchObject({ failure: null, done: 2 })
  }, 60_000)
})

test('a report is removed after thirty days', async () => {
  const run = await takeIn(await upload(fileOf(line('old', ',,'))))
  expect((await office('GET', `imports/${run.import}/report`)).statusCode).toBe(200)
  house.clock.advance(31 * 24 * 3_600_000)
  const officer = await newEmployee(house, 'officer', 'office')
  expect((await office('GET', `imports/${run.import}/report`, undefined, officer.cookies)).statusCode).toBe(
    404,
  )
  await house.owner.query(`update graphile_worker._private_jobs set run_at = now()`)
  await house.work()
  expect(await house.owner.query('select 1 from import_fault where import = $1', [run.import])).toEqual([])
})
