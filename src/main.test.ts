import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const run = promisify(execFile)

interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** What else the tests of a run share: a program that was compiled once. */
const { PATH, NODE_COMPILE_CACHE } = process.env
const compiled = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }

/** `custode` as a user types it, in an environment with nothing set but what is given. */
const custode = (args: string[], settings: NodeJS.ProcessEnv = {}, node: string[] = []): Promise<Ended> =>
  run(process.execPath, [...node, join(root, 'src/main.ts'), ...args], {
    env: { PATH, ...compiled, ...settings },
  })
    .then(({ stdout, stderr }) => ({ code: 0, stdout, stderr }))
    .catch(({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }))

/** Code that runs before the program does. */
const moduleOf = (code: string): string =>
  `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`

/** Every command, and the options that it must explain. */
const commands: [string, string[]][] = [
  ['start', ['--demo', '--fresh']],
  ['migrate', []],
  ['import customers', ['--source', '--report', '--evidence-older-than-withdrawals', '--demo']],
  ['import purchases', ['--source', '--currency', '--report', '--demo']],
  ['config', []],
  ['doctor', []],
  ['keeper recover', []],
  ['keeper recovery create', ['--shares', '--threshold', '--days']],
  ['keeper recovery restore', []],
  ['log verify', ['--keeper', '--key', '--demo']],
  ['log project', ['--check', '--demo']],
  ['receipt verify', ['--key', '--receipt-key']],
]

describe('custode', () => {
  it('says what there is when it is asked for nothing or for help', async () => {
    const [bare, help] = await Promise.all([custode([]), custode(['--help'])])
    expect([bare.code, help.code]).toEqual([2, 0])
    for (const [command] of commands) {
      expect(bare.stderr).toContain(`custode ${command} `)
      expect(help.stdout).toContain(`custode ${command} `)
    }
  })

  it('says what there is when it is asked for what there is not', async () => {
    const { code, stderr } = await custode(['tidy'])
    expect([code, stderr.split('\n')[0]]).toEqual([
      2,
      'custode: there is no command “tidy”; these there are:',
    ])
    for (const [command] of commands) expect(stderr).toContain(`custode ${command} `)
  })

  it('names the other half of a command of two words', async () => {
    expect(await custode(['import'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^custode: “import” alone is no command; these there are:\n/),
    })
    const { stderr } = await custode(['log', 'burn'])
    expect(stderr).toContain('custode log verify ')
    expect(stderr).not.toContain('custode start')
  })

  it('prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(await custode(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})

describe.each(commands)('custode %s --help', (command, options) => {
  it('names every option with a sentence, an example and the exit codes', async () => {
    const { code, stdout } = await custode([...command.split(' '), '--help'])
    expect(code).toBe(0)
    const lines = stdout.split('\n')
    expect(lines[0]).toMatch(new RegExp(`^custode ${command}: .{10,}`))
    for (const option of options)
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^  ${option}( [A-Za-z]+)? {2,}.{15,}`)))
    expect(stdout).toMatch(/^example: .*(custode|npm start)/m)
    expect(stdout).toMatch(/^ends with 0 .*; 1 .*; 2 /m)
  })
})

test.each([
  [{ PORT: 'abc' }, 'PORT must be a whole number from 1 to 65535 (see custode config)'],
  [{ PORT: '0' }, 'PORT must be a whole number from 1 to 65535 (see custode config)'],
  [{ PORT: '99999' }, 'PORT must be a whole number from 1 to 65535 (see custode config)'],
  [{ PUBLIC_URL: 'crm' }, 'PUBLIC_URL must be an address such as https://crm.example (see custode config)'],
  [{ DATABASE_URL: 'mysql://h/d' }, 'DATABASE_URL must be a postgres:// URL (see custode config)'],
])('start with %o says in one line what is wrong', async (settings, line) => {
  expect(await custode(['start'], settings)).toEqual({ code: 1, stdout: '', stderr: `${line}\n` })
})

test('every command starts with plain Node, and refuses an option that nobody has in one line that names its help', async () => {
  const help = await custode(['--help'])
  const all = [...help.stdout.matchAll(/^ {2}custode ([a-z ]+?) {2,}/gm)].map(found => found[1] ?? '')
  expect(all).toEqual(expect.arrayContaining(commands.map(([command]) => command)))
  for (const command of all) {
    const { code, stderr } = await custode([...command.split(' '), '--no-such-option'])
    expect({ command, code }).toEqual({ command, code: 2 })
    expect(stderr).toMatch(new RegExp(`^custode: .*--no-such-option.*custode ${command} --help[^\n]*\n$`))
  }
}, 240_000)

test('a word that belongs to no command is refused the same way', async () => {
  const { code, stderr } = await custode(['log', 'verify', 'too', 'much'])
  expect({ code, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: 2, lines: 1 })
})

test('an unexpected error is one sentence and its frames, never its message', async () => {
  const broken = `globalThis.URL = class { constructor() { throw new TypeError('Ada Corvo') } static parse() { return {} } }`
  const { code, stdout, stderr } = await custode(['doctor'], {}, ['--import', moduleOf(broken)])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  const [sentence, name, ...frames] = stderr.trimEnd().split('\n')
  expect(sentence).toMatch(/^custode: this is a bug of Custode.*SECURITY\.md/)
  expect(name).toBe('TypeError')
  expect(frames.join('\n')).toMatch(/^ {4}at .*src\/cli\/doctor\.ts:\d+/m)
  expect(stderr).not.toContain('Ada')
})

test('an error that nobody waits for ends the same way', async () => {
  const late = `process.on('newListener', name => name === 'uncaughtException' && setImmediate(() => { throw new TypeError('Ada Corvo') }))`
  const { code, stderr } = await custode(['--version'], {}, ['--import', moduleOf(late)])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^custode: this is a bug of Custode.*\nTypeError\n/)
  expect(stderr).not.toContain('Ada')
})
