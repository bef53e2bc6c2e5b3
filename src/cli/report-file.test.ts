import { link, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ReportFile } from './report-file.ts'

let folder: string
let imported: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-report-'))
  imported = join(folder, 'customers.csv')
  await writeFile(imported, 'reference,name\n')
})
afterAll(() => rm(folder, { recursive: true }))

test('it holds a line for each refused line, and of an earlier report nothing', async () => {
  const path = join(folder, 'report.csv')
  await writeFile(path, 'line,code\n1,email\n2,email\n3,email\n')
  const report = await ReportFile.open(path, imported)
  await report.write([{ line: 7, code: 'phone' }])
  await report.close()
  expect(await readFile(path, 'utf8')).toBe('line,code\n7,phone\n')
})

test('an earlier report stays as it was when the import does not come to its end', async () => {
  const path = join(folder, 'earlier.csv')
  await writeFile(path, 'line,code\n1,email\n')
  await (await ReportFile.open(path, imported)).close()
  expect(await readFile(path, 'utf8')).toBe('line,code\n1,email\n')
})

test('a path that cannot be written is refused with what to do', async () => {
  await expect(ReportFile.open(join(folder, 'no', 'report.csv'), imported)).rejects.toThrow(
    `--report ${join(folder, 'no', 'report.csv')} cannot be written: its folder does not exist: make the folder, or name another file`,
  )
  await expect(ReportFile.open(folder, imported)).rejects.toThrow('it is a folder: name a file in it')
})

test('the file that is imported is never written over, under whatever name', async () => {
  await link(imported, join(folder, 'linked.csv'))
  await symlink(imported, join(folder, 'pointing.csv'))
  for (const path of [imported, join(folder, 'linked.csv'), join(folder, 'pointing.csv')])
    await expect(ReportFile.open(path, imported)).rejects.toThrow('is the file that is imported')
  expect(await readFile(imported, 'utf8')).toBe('reference,name\n')
})
