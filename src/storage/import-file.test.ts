import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FileLine, readFile } from './import-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-import-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function lines(content: string | Buffer, required = ['a', 'b']) {
  const path = join(folder, 'file.csv')
  await writeFile(path, content)
  const seen: FileLine[] = []
  const read = await readFile(path, required, line => seen.push(line))
  return { seen, read }
}

test('every line is handed over with the number an editor shows for it', async () => {
  const { seen } = await lines('a,b\n1,2\n\n3,4\n')
  expect(seen).toEqual([
    { line: 2, columns: { a: '1', b: '2' } },
    { line: 4, columns: { a: '3', b: '4' } },
  ])
})

test('a gzip file, a byte order mark and Windows line ends make no difference', async () => {
  const { seen } = await lines(gzipSync('\ufeffa,b\r\n1,2\r\n'))
  expect(seen).toEqual([{ line: 2, columns: { a: '1', b: '2' } }])
})

test('a line with more or fewer columns is a fault of that line alone', async () => {
  const { seen } = await lines('a,b\n1\n1,2,3\n1,2\n')
  expect(seen.map(({ line, fault }) => [line, fault])).toEqual([
    [2, 'column_count'],
    [3, 'column_count'],
    [4, undefined],
  ])
})

test('bytes that are no UTF-8 are a fault of their line alone', async () => {
  const { seen } = await lines(
    Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xff]), Buffer.from('\n3,4\n')]),
  )
  expect(seen.map(({ fault }) => fault)).toEqual(['encoding', undefined])
})

test('a quote in the wrong place costs its own line and no other', async () => {
  const { seen, read } = await lines('a,b\n1,x"y\n3,4\n')
  expect(read.unreadable).toHaveLength(1)
  expect(seen).toEqual([{ line: 3, columns: { a: '3', b: '4' } }])
})

test('columns nobody asked for are named as not kept', async () => {
  const { read } = await lines('a,c,b\n1,2,3\n')
  expect(read.ignored).toEqual(['c'])
})

test('a file without a needed column is refused, and names it and all that are needed', async () => {
  await expect(lines('a,c\n1,2\n')).rejects.toMatchObject({
    code: 'invalid',
    detail: { missing: ['b'], known: ['a', 'b'] },
  })
})

test('a header that names a column twice is refused, and names it, also where nobody needs it', async () => {
  for (const header of ['a,b,a', 'a,b, a ', 'b,a,a,a'])
    await expect(lines(`${header}\n1,2,3\n`)).rejects.toMatchObject({
      code: 'invalid',
      detail: { repeated: ['a'] },
    })
  await expect(lines('a,c,b,c\n1,2,3,4\n')).rejects.toMatchObject({ detail: { repeated: ['c'] } })
})

test('columns without a name, as a spreadsheet leaves them at the end, are no columns named twice', async () => {
  const { read, seen } = await lines('a,b,,\n1,2,,\n')
  expect(read.ignored).toEqual([])
  expect(seen[0]).toMatchObject({ columns: { a: '1', b: '2' } })
})

test('of a file without a header, no value is told', async () => {
  const refused = await lines('Ada,Ada\n1,2\n').catch(error => error)
  expect(JSON.stringify(refused.detail)).not.toContain('Ada')
})

test.each([
  ['nothing', ''],
  ['a byte order mark', '\ufeff'],
  ['empty lines', '\n\n'],
  ['nothing, packed', gzipSync('')],
])('a file that holds %s is refused as empty', async (_what, content) => {
  await expect(lines(content)).rejects.toMatchObject({ code: 'invalid', detail: { empty: true } })
})

test('a header without a line is a file of no lines', async () => {
  expect((await lines('a,b\n')).seen).toEqual([])
  expect((await lines('a,b')).seen).toEqual([])
})

test('a header that is no CSV is refused as it is, and the line after it is not taken for one', async () => {
  await expect(lines('a,x"b\na,b\n1,2\n')).rejects.toMatchObject({
    code: 'invalid',
    detail: { cause: 'the header is no readable CSV line' },
  })
})

test('a file that is not there is refused in plain words', async () => {
  await expect(readFile(join(folder, 'none.csv'), ['a'], () => {})).rejects.toMatchObject({
    code: 'invalid',
    detail: { cause: 'ENOENT' },
  })
})

test('a gzip file that was cut off is refused', async () => {
  const whole = gzipSync('a,b\n1,2\n')
  await expect(lines(whole.subarray(0, whole.length - 6))).rejects.toMatchObject({ code: 'invalid' })
})

test('a quote that is never closed refuses the whole file, since it swallows all that follows', async () => {
  await expect(lines('a,b\n1,2\n3,"4\n5,6\n7,8\n')).rejects.toMatchObject({
    code: 'invalid',
    detail: { cause: 'a quote is not closed after line 2' },
  })
})
