import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Program } from '../../test/program.ts'

const run = promisify(execFile)
const main = join(import.meta.dirname, '../main.ts')

let program: Program
beforeAll(async () => {
  program = await Program.make()
  expect({ started: await program.start('--demo'), said: program.output }).toMatchObject({ started: true })
}, 120_000)
afterAll(() => program.remove())

interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** As typed beside the running sample company. */
async function typed(...args: string[]): Promise<Ended> {
  const { code, stdout, stderr } = await run(process.execPath, [main, ...args, '--demo'], {
    cwd: program.folder,
  }).then(
    ended => ({ code: 0, ...ended }),
    (error: Ended) => error,
  )
  return { code, stdout, stderr: stderr.replace(/^\d+ of \d+ lines\n/gm, '') }
}

const file = 'all-contacts.csv'
const contacts = (...more: string[]) => typed('import', 'contacts', file, '--format', 'hubspot', ...more)
const text = [
  'Record ID,First Name,Last Name,Email,Phone Number,Lead Status,Purposes,Consent date,Consent source',
  '901,Ada,Quillfeather,ada.q@example.org,not a number,NEW,service,2025-05-31,fair',
  '902,Bea,Quillfeather,bea.q@example.org,,NEW,service,2025-05-31,fair',
  '903,Cleo,Quillfeather,cleo.q@example.org,,NEW,,,',
].join('\n')

test('an export is mapped, previewed, rehearsed, brought in, listed and taken back, and no value is ever shown', async () => {
  await writeFile(join(program.folder, file), text)
  const columns = await contacts('--columns')
  expect(columns.stdout).toContain('Record ID = reference\nFirst Name = given_name\n')
  expect(columns.stdout).toContain('Lead Status = (not kept)\n')
  const preview = await contacts('--preview')
  expect(preview.stdout).toBe(
    'line 2: phone.phone\nline 3: keeps email, name for service\nline 4: no_evidence\n',
  )
  const rehearsed = await contacts('--dry-run', '--report', 'refused.csv')
  expect(rehearsed).toMatchObject({ code: 0, stderr: '' })
  expect(rehearsed.stdout).toMatch(/^dry run: nothing was stored.*\nlines {4}3\nkept {5}1\n/)
  expect(await readFile(join(program.folder, 'refused.csv'), 'utf8')).toBe(
    'line,code\n2,phone.phone\n4,no_evidence\n',
  )
  const done = await contacts('--map', 'Phone Number=')
  expect(done.stdout).toMatch(/^import {3}\S{36}\nlines {4}3\nkept {5}2\n/)
  const id = /^import {3}(\S+)/.exec(done.stdout)![1]!
  expect((await typed('import', 'list')).stdout).toContain(`${id}  `)
  expect((await typed('import', 'undo', id, '--preview')).stdout).toBe('would erase  2\nwould stay   0\n')
  expect((await typed('import', 'undo', id)).stdout).toBe('erased  2\nstayed   0\n')
  expect(await typed('import', 'undo', id)).toEqual({
    code: 1,
    stdout: '',
    stderr: 'this import is undone already\n',
  })
  const all = [columns, preview, rehearsed, done].map(one => one.stdout + one.stderr).join('')
  expect(all).not.toMatch(/quillfeather|example\.org/i)
}, 60_000)

test.each([
  [['--map', 'Email='], 'no column is mapped to email: see --columns, and use --map\n'],
  [['--map', 'Lead Status=iban'], 'iban is sealed in the browser and comes by no file\n'],
  [
    ['--map', 'Nothing=name'],
    '--map names a column that the file lacks, or something that nothing can be kept as: see --columns\n',
  ],
])('the mapping %j is refused in one line', async (more, stderr) => {
  await writeFile(join(program.folder, file), text)
  expect(await contacts(...more, '--dry-run')).toEqual({ code: 1, stdout: '', stderr })
})
