import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requireOutOfReach, serverPermissions, withCertificates } from './server-process.ts'

const run = promisify(execFile)
let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'custode-permissions-'))
  for (const folder of ['keeper/log', 'keeper/log-of-others', 'keeper/book', 'keeper/custodian', 'data/db']) {
    await mkdir(join(root, folder), { recursive: true })
    await writeFile(join(root, folder, 'file'), 'held')
  }
})

afterAll(() => rm(root, { recursive: true, force: true }))

/** What code in the server gets: its result as JSON, or the code of its error. */
async function inServer(code: string): Promise<unknown> {
  const flags = serverPermissions(join(root, 'keeper', 'log'))
  const tried = `try { console.log(JSON.stringify((${code}) ?? null)) } catch (error) { console.log(JSON.stringify(error.code)) }`
  const { stdout } = await run(process.execPath, [...flags, '--eval', tried])
  return JSON.parse(stdout) as unknown
}

const read = (path: string) => inServer(`require('node:fs').readFileSync(${JSON.stringify(path)}, 'utf8')`)

test('code in the server reads the log that it has to verify, and its own program', async () => {
  expect(await read(join(root, 'keeper/log/file'))).toBe('held')
  expect(await read(join(import.meta.dirname, 'serve.ts'))).toContain('The server process')
})

test.each([
  'keeper/book/file',
  'keeper/custodian/file',
  'keeper/log/../book/file',
  'keeper/log-of-others/file',
  'data/db/file',
])('code in the server cannot read %s', async name => {
  expect(await read(`${root}/${name}`)).toBe('ERR_ACCESS_DENIED')
})

test('code in the server reads no other process’s memory or environment, and writes nothing', async () => {
  expect(await read('/proc/self/environ')).toBe('ERR_ACCESS_DENIED')
  expect(await read('/etc/passwd')).toBe('ERR_ACCESS_DENIED')
  const path = JSON.stringify(join(root, 'keeper/log/file'))
  expect(await inServer(`require('node:fs').writeFileSync(${path}, '')`)).toBe('ERR_ACCESS_DENIED')
  expect(await inServer(`require('node:fs').unlinkSync(${path})`)).toBe('ERR_ACCESS_DENIED')
})

test('code in the server starts no process and no thread', async () => {
  expect(await inServer(`require('node:child_process').spawnSync('true').status`)).toBe('ERR_ACCESS_DENIED')
  expect(await inServer(`new (require('node:worker_threads').Worker)('1', { eval: true })`)).toBe(
    'ERR_ACCESS_DENIED',
  )
})

test('a folder inside the program, which the server reads, is refused for keys and data', () => {
  const program = join(import.meta.dirname, '..', '..')
  for (const inside of ['web/data', 'src', 'node_modules/x', 'package.json/x'])
    expect(() => requireOutOfReach({ CUSTODE_DATA: join(program, inside) })).toThrow(
      /^CUSTODE_DATA lies where/,
    )
  for (const outside of ['custode-data', 'custode-demo/data', 'demo-data', 'keys'])
    requireOutOfReach({ CUSTODE_DATA: join(program, outside), CUSTODE_KEEPER: root })
})

test('the certificates of a connection are named by their absolute paths, and nothing else of it is changed', () => {
  const plain = { connectionString: 'postgres://u:p%40@db.example/custode?sslmode=verify-full' }
  expect(withCertificates(plain)).toEqual({ access: plain, files: [] })
  const { access, files } = withCertificates({
    connectionString: 'postgres://u:p%40@db.example/custode?sslmode=verify-full&sslrootcert=certs/ca.pem',
  })
  expect(files).toEqual([resolve('certs/ca.pem')])
  expect(access.connectionString).toMatch(
    /^postgres:\/\/u:p%40@db\.example\/custode\?sslmode=verify-full&sslrootcert=%2F/,
  )
})
