import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Program } from '../../test/program.ts'

const run = promisify(execFile)
const main = join(import.meta.dirname, '../main.ts')
const header = 'reference,name,email,phone,purposes,consent_date,consent_source'
const line = (reference: string, email = `${reference}@example.org`) =>
  `${reference},Ada Corvo,${email},,service,2025-05-31,till-form`

let program: Program
beforeAll(async () => {
  program = await Program.make()
  expect({ started: await program.start('--demo'), said: program.output }).toMatchObject({ started: true })
}, 120_000)
afterAll(() => program.remove())

interface Ended {
  code: number
  stdout: string
  /** Without the progress. */
  stderr: string
}

/** `custode import customers FILE --demo`, as typed beside the running sample company. */
async function importing(content: string, ...more: string[]): Promise<Ended> {
  await writeFile(join(program.folder, 'customers.csv'), content)
  const args = [main, 'import', 'customers', 'customers.csv', '--demo', ...more]
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: program.folder }).then(
    ended => ({ code: 0, ...ended }),
    (error: Ended) => error,
  )
  return { code, stdout, stderr: stderr.replace(/^\d+ of \d+ lines\n/gm, '') }
}

test('lines are kept, and the report lists those that are not', async () => {
  const content = `${header},shoe_size\n${line('c-1')},41\n${line('c-2', 'no address')},42\n`
  const { code, stdout } = await importing(content, '--report', 'report.csv')
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^lines {4}2\nkept {5}1\nknown {4}0 .*\nrefused {2}1\n {2}1 email: no e-mail address/,
  )
  expect(stdout).toContain('columns not kept: shoe_size (known are reference, name, email, phone, purposes,')
  expect(await readFile(join(program.folder, 'report.csv'), 'utf8')).toBe('line,code\n3,email\n')
})

test('a report that cannot be written is refused before a line is kept', async () => {
  const content = `${header}\n${line('r-1')}\n`
  expect(await importing(content, '--report', 'none/report.csv')).toEqual({
    ...{ code: 1, stdout: '' },
    stderr:
      '--report none/report.csv cannot be written: its folder does not exist: make the folder, or name another file\n',
  })
  expect((await importing(content, '--report', './customers.csv')).stderr).toBe(
    '--report ./customers.csv is the file that is imported: name another file\n',
  )
  expect(await readFile(join(program.folder, 'customers.csv'), 'utf8')).toBe(content)
  expect((await importing(content)).stdout).toContain('kept     1\n')
})

test.each([
  [
    'names a column twice',
    `${header},email\n${line('h-1')},x\n`,
    'the header of customers.csv names email twice: leave one, so that it is plain which counts\n',
  ],
  [
    'lacks columns',
    'reference,name,email\n1,Ada Corvo,x@example.org\n',
    `the header of customers.csv lacks phone, purposes, consent_date, consent_source: needed are ${header.replaceAll(',', ', ')}, parted by commas\n`,
  ],
  ['is not there', '', 'customers.csv is empty: it needs a header and lines\n'],
])('a header that %s is refused in one line', async (_what, content, stderr) => {
  expect(await importing(content)).toEqual({ code: 1, stdout: '', stderr })
})

test('a header alone brings nothing in, and one line says so', async () => {
  const { code, stdout } = await importing(`${header}\n`)
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'customers.csv has a header and no line: nothing was brought in\n',
  })
})

test('old evidence is accepted by one word, and any other is not understood', async () => {
  const content = `${header}\n${line('e-1')}\n`
  expect(await importing(content, '--evidence-older-than-withdrawals=yes')).toEqual({
    ...{ code: 2, stdout: '' },
    stderr: '--evidence-older-than-withdrawals takes one word, accept; without it such lines are refused\n',
  })
  const { code, stdout } = await importing(content, '--evidence-older-than-withdrawals=accept')
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('kept     1\n') })
})
