import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, expect, type TestContext, test } from 'vitest'
import { CustodianProcess } from '../../test/custodian.ts'
import { makeSoftHsm, type SoftHsm } from '../../test/softhsm.ts'

let made: SoftHsm | { reason: string }
const children: CustodianProcess[] = []
beforeAll(async () => {
  made = await makeSoftHsm()
})
afterEach(async () => {
  for (const child of children.splice(0)) await child.end()
})
afterAll(async () => {
  if ('remove' in made) await made.remove()
})

function custodian(environment: Record<string, string> = {}): CustodianProcess {
  const child = new CustodianProcess('pkcs11', {
    ...('environment' in made ? made.environment : {}),
    ...environment,
  })
  children.push(child)
  return child
}

const claim = (name: string, act: (token: SoftHsm) => Promise<void>) =>
  test(name, async (context: TestContext) => {
    if ('reason' in made) return context.skip(made.reason)
    await act(made)
  })

claim('a destroyed key is gone from the token, and its object from the disk', async token => {
  const child = custodian()
  await child.start()
  const before = await token.objects()
  await child.client.createEpoch(1)
  await child.client.createEpoch(1)
  const [file, ...others] = (await token.objects()).filter(object => !before.includes(object))
  expect(file).toBeDefined()
  expect(others).toEqual([])
  expect(await child.client.destroy(1)).toMatchObject({ state: 'destroyed', method: 'pkcs11-destroy-object' })
  expect(await token.objects()).toEqual(before)
})

claim('checkpoints leave one object, however often they are written', async token => {
  const child = custodian()
  await child.start()
  await child.client.writeNewest({ version: 1, fence: 1, note: 'a\n1\n' })
  const before = (await token.objects()).length
  for (let size = 2; size < 12; size++)
    await child.client.writeNewest({ version: 1, fence: 1, note: `a\n${size}\n` })
  expect(await token.objects()).toHaveLength(before)
  expect(await child.client.readNewest()).toMatchObject({ note: 'a\n11\n' })
})

claim('two installations on one token do not see each other', async () => {
  const [one, other] = [
    custodian({ CUSTODE_PKCS11_NAME: 'one' }),
    custodian({ CUSTODE_PKCS11_NAME: 'other' }),
  ]
  await one.start()
  await other.start()
  await one.client.createEpoch(3)
  await one.client.writeNewest({ version: 1, fence: 1, note: 'one' })
  expect(await other.client.list()).toEqual([])
  expect(await other.client.readNewest()).toBeNull()
  await other.client.destroy(3)
  expect(await one.client.list()).toEqual([3])
})

claim('a wrong PIN is tried once, told without the PIN, and not again', async token => {
  const pinFile = `${token.environment.CUSTODE_PKCS11_PIN_FILE}-wrong`
  await writeFile(pinFile, '00000000\n')
  const child = custodian({ CUSTODE_PKCS11_PIN_FILE: pinFile })
  expect(await child.start()).toBe(false)
  expect(child.said).toBe('the token refused the PIN: CKR_PIN_INCORRECT\n')
  expect(await child.end()).toBe(78)
})

claim('what is set wrongly is told in one line', async () => {
  const wrong: [Record<string, string>, string][] = [
    [{ CUSTODE_PKCS11_TOKEN: 'another' }, 'no token is labelled as CUSTODE_PKCS11_TOKEN says\n'],
    [{ CUSTODE_PKCS11_MODULE: '/nowhere.so' }, 'CUSTODE_PKCS11_MODULE cannot be loaded: /nowhere.so\n'],
    [
      { CUSTODE_PKCS11_PIN_FILE: '/nowhere' },
      'the file that CUSTODE_PKCS11_PIN_FILE names cannot be read: ENOENT\n',
    ],
    [{ CUSTODE_PKCS11_MODULE: '' }, 'CUSTODE_PKCS11_MODULE is not set (see custode config)\n'],
  ]
  for (const [environment, line] of wrong) {
    const child = custodian(environment)
    expect(await child.start()).toBe(false)
    expect(child.said).toBe(line)
  }
})

test('without pkcs11js it says so in one line, and is left alone', async () => {
  const hook = `import { registerHooks } from 'node:module'
    registerHooks({ resolve: (name, context, next) => {
      if (name === 'pkcs11js') throw new Error('not found')
      return next(name, context)
    } })`
  const child = custodian({
    CUSTODE_PKCS11_MODULE: '/m.so',
    CUSTODE_PKCS11_TOKEN: 't',
    CUSTODE_PKCS11_PIN_FILE: '/pin',
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}`,
  })
  expect(await child.start()).toBe(false)
  expect(child.said).toBe('pkcs11js is not installed or could not be compiled here (docs/custodians.md)\n')
  expect(await child.end()).toBe(78)
})

claim('what a token wrapped holds no key, and opens with no other token', async token => {
  const child = custodian()
  await child.start()
  await child.client.createEpoch(1)
  const key = randomBytes(32)
  const blob = await child.client.wrap(1, Buffer.from(key), Buffer.from('purpose'))
  const second = await makeSoftHsm()
  if ('reason' in second) throw new Error(second.reason)
  const other = custodian(second.environment)
  await other.start()
  await other.client.createEpoch(1)
  await expect(other.client.unwrap(1, blob, Buffer.from('purpose'))).rejects.toThrow(/cannot unwrap/)
  expect(await child.client.unwrap(1, blob, Buffer.from('purpose'))).toEqual(key)
  expect(child.said).not.toContain(token.pin)
  await other.end()
  await second.remove()
})
