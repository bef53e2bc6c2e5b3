import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { FakeVault } from '../../test/fakes/vault.ts'
import { Program } from '../../test/program.ts'

test('custode start brings up every custodian and place that is named, and ends them', async () => {
  const vault = await FakeVault.start()
  vault.makeKey('custode')
  onTestFinished(() => vault.end())
  const program = await Program.make({
    ...(await vault.environment()),
    CUSTODE_CUSTODIANS: 'file,vault-transit',
  })
  onTestFinished(() => program.remove())
  const place = join(program.folder, 'second')
  const started = await program.start()
  expect(started, program.output).toBe(true)
  expect(program.output).not.toContain('cannot be reached')
  expect(await program.end()).toBe(0)
  // A place that is named later is filled at the next start; a custodian that is away is said and waited for.
  const again = program.with({ CUSTODE_PLACES: place, CUSTODE_VAULT_ADDR: 'http://127.0.0.1:9' })
  onTestFinished(() => again.remove())
  expect(await again.start(), again.output).toBe(true)
  expect(again.output).toContain('the custodian vault-transit cannot be reached')
  for (const part of ['book', 'log'])
    expect(await readdir(join(place, part))).toEqual(await readdir(join(program.folder, 'keeper', part)))
  expect(await again.end()).toBe(0)
  expect(again.output).not.toMatch(/\n\s+at /)
}, 120_000)
