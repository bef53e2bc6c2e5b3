import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('an error that nobody waits for ends the server process and tells where, never its message', () => {
  const late = `setTimeout(() => { throw new TypeError('Ada Corvo') }, 0)`
  const early = `process.on('newListener', name => name === 'message' && setImmediate(() => { ${late} }))`
  const preload = `data:text/javascript;base64,${Buffer.from(early).toString('base64')}`
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', preload, join(import.meta.dirname, 'serve.ts')],
    { encoding: 'utf8' },
  )
  expect(stderr).toContain('TypeError\n    at ')
  expect(stderr).not.toContain('Ada')
  expect(status).toBe(1)
})
