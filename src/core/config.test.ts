import { expect, test } from 'vitest'
import { ConfigError, describeConfig, readConfig } from './config.ts'

test('nothing set: two folders here, port 8080, loopback, the embedded database', () => {
  expect(readConfig({})).toMatchObject({
    demo: false,
    data: expect.stringMatching(/\/custode-data$/),
    keeper: expect.stringMatching(/\/custode-keeper$/),
    port: 8080,
    host: '127.0.0.1',
    publicUrl: 'http://localhost:8080',
    databaseUrl: null,
    smtpUrl: null,
  })
})

test('an empty variable counts as not set', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '' })).toEqual(readConfig({}))
})

test('the demo never touches the folders of a real company', () => {
  const demo = readConfig({ CUSTODE_DATA: '/srv/real', CUSTODE_KEEPER: '/srv/keeper' }, { demo: true })
  expect(demo.data).toMatch(/\/custode-demo\/data$/)
  expect(demo.keeper).toMatch(/\/custode-demo\/keeper$/)
  expect(() => readConfig({ DATABASE_URL: 'postgres://h/d' }, { demo: true })).toThrow(ConfigError)
})

test('other hosts are let in only behind https', () => {
  expect(readConfig({ PUBLIC_URL: 'https://crm.example/' })).toMatchObject({
    publicUrl: 'https://crm.example',
    host: '0.0.0.0',
  })
  expect(() => readConfig({ PUBLIC_URL: 'http://crm.example' })).toThrow(/must be https/)
  expect(readConfig({ PUBLIC_URL: 'http://127.0.0.1:9000' }).host).toBe('127.0.0.1')
})

test('the public address is the origin that a browser sends, however it is typed', () => {
  expect(readConfig({ PUBLIC_URL: 'https://CRM.example:443/' }).publicUrl).toBe('https://crm.example')
})

test.each([
  [{ PORT: 'eighty' }, /^PORT must be a whole number from 1 to 65535 \(/],
  [{ PORT: '0' }, /^PORT must be a whole number from 1 to 65535 \(/],
  [{ PORT: '99999' }, /^PORT must be a whole number from 1 to 65535 \(/],
  [{ PORT: '1e3' }, /^PORT must be a whole number/],
  [{ PORT: '-80' }, /^PORT must be a whole number/],
  [{ DATABASE_URL: 'mysql://h/d' }, /^DATABASE_URL must be a postgres/],
  [{ DATABASE_URL: 'postgres://db.example/%zz' }, /^DATABASE_URL must be a postgres/],
  [{ SMTP_URL: 'mail' }, /^SMTP_URL /],
  [{ PUBLIC_URL: 'crm' }, /^PUBLIC_URL /],
  [{ PUBLIC_URL: 'https://crm.example/app' }, /without a path/],
  [{ PUBLIC_URL: 'https://crm.example/?a=b' }, /without a path/],
  [{ PUBLIC_URL: 'https://user:secret@crm.example' }, /without a path/],
  [{ CUSTODE_DATA: '/srv/a', CUSTODE_KEEPER: '/srv/a/keeper' }, /two folders/],
])('%o is refused in one line that names the setting', (environment, message) => {
  expect(() => readConfig(environment)).toThrow(message)
  expect(() => readConfig(environment)).toThrow(/^[^\n]+$/)
})

const token = { CUSTODE_PKCS11_MODULE: '/m.so', CUSTODE_PKCS11_TOKEN: 't', CUSTODE_PKCS11_PIN_FILE: '/pin' }

test('the keys lie in a file unless told, and the demo’s always', () => {
  expect(readConfig({}).custodians).toEqual([{ kind: 'file', folder: null }])
  const chosen = { ...token, CUSTODE_CUSTODIANS: 'file:/mnt/keys, pkcs11' }
  expect(readConfig(chosen).custodians).toEqual([
    { kind: 'file', folder: '/mnt/keys' },
    { kind: 'pkcs11', folder: null },
  ])
  expect(readConfig(chosen, { demo: true }).custodians).toEqual([{ kind: 'file', folder: null }])
})

test.each([
  [{ CUSTODE_CUSTODIANS: 'file,safe' }, /^CUSTODE_CUSTODIANS must be a list such as/],
  [{ CUSTODE_CUSTODIANS: 'file:keys' }, /^CUSTODE_CUSTODIANS must be a list such as/],
  [{ CUSTODE_CUSTODIANS: ',' }, /^CUSTODE_CUSTODIANS must be a list such as/],
  [{ CUSTODE_CUSTODIANS: 'file,file:/mnt/keys' }, /^CUSTODE_CUSTODIANS must name each kind/],
  [{ CUSTODE_CUSTODIANS: 'pkcs11' }, /^CUSTODE_PKCS11_MODULE must be set for the custodian pkcs11/],
  [{ CUSTODE_CUSTODIANS: 'vault-transit' }, /^CUSTODE_VAULT_ADDR must be set/],
  [{ CUSTODE_CUSTODIANS: 'aws-kms' }, /^AWS_REGION must be set/],
  [{ CUSTODE_DATA: '/srv/d', CUSTODE_CUSTODIANS: 'file:/srv/d/keys' }, /must not lie inside CUSTODE_DATA/],
])('custodians %o are refused in one line', (environment, message) => {
  expect(() => readConfig(environment)).toThrow(message)
  expect(() => readConfig(environment)).toThrow(/^[^\n]+$/)
})

test('a database reached through a socket may be named without a host', () => {
  const read = (url: string) => readConfig({ DATABASE_URL: url }).databaseUrl
  expect(read('postgres://crm@/crm?host=/run/postgresql')).toBe(
    'postgres://crm@localhost/crm?host=/run/postgresql',
  )
  expect(read('postgres:///crm?host=/run/postgresql')).toBe('postgres:///crm?host=/run/postgresql')
  expect(read('postgres://crm:p@db.example/crm')).toBe('postgres://crm:p@db.example/crm')
})

test('the list of settings shows no password', () => {
  const secret = 'hunter2'
  const lines = describeConfig({
    DATABASE_URL: `postgres://ben:${secret}@db.example/crm?password=${secret}`,
    SMTP_URL: `smtps://ben:${secret}@mail.example`,
  })
  expect(JSON.stringify(lines)).not.toContain(secret)
  expect(lines.find(line => line.name === 'DATABASE_URL')).toMatchObject({
    set: true,
    value: 'postgres://…@db.example/crm',
  })
})

const pia = 'witness.example/pia+296820a6+BDNkVLc7Ize3k/gWJAxj3FLtMpsmpkfEd4KPuXB7El3X'
const ugo = 'witness.example/ugo+b86a5ad3+BBN+BbfyNDJ8VGw4IIQBJWgDFsF0c3U2yzWwBbcaPeke'
const foreign = 'witness.example/ü+6ef304b0+BC2DuRI0JrjCietMOjClabJi1VKp9kG+QD4RSwcMzGAU'

test('witnesses are pairs of a key and an address, with commas or blanks between them', () => {
  const both = [
    { key: pia, url: 'https://pia.example/w' },
    { key: ugo, url: 'http://10.0.0.7:8090' },
  ]
  for (const text of [
    `${pia} https://pia.example/w/, ${ugo} http://10.0.0.7:8090`,
    `${pia},https://pia.example/w\n${ugo},http://10.0.0.7:8090/,`,
  ])
    expect(readConfig({ CUSTODE_WITNESSES: text }).witnesses).toEqual(both)
  expect(readConfig({}).witnesses).toEqual([])
  expect(readConfig({ CUSTODE_WITNESSES: `${pia} https://pia.example` }, { demo: true }).witnesses).toEqual(
    [],
  )
})

test.each([
  ['somebody', /must be a list of KEY URL/],
  ['https://pia.example', /must be a list of KEY URL/],
  [pia.replace('pia', 'eve'), /must be a list of KEY URL/],
  [`${foreign} https://u.example`, /must be a list of KEY URL/],
  [pia, /must name after the key of witness\.example\/pia where it listens/],
  [`${pia} ftp://pia.example`, /must name after the key of witness\.example\/pia/],
  [`${pia} https://ben:secret@pia.example`, /must name after the key of witness\.example\/pia/],
  [`${pia} ${ugo} https://pia.example`, /must name after the key of witness\.example\/pia/],
  [`${pia} https://a.example ${pia} https://b.example`, /must name each witness once/],
])('the witnesses “%s” are refused in one line', (text, message) => {
  const read = () => readConfig({ CUSTODE_WITNESSES: text })
  expect(read).toThrow(message)
  expect(read).toThrow(/^CUSTODE_WITNESSES [^\n]+$/)
  expect(read).not.toThrow(/secret/)
})

test('an outside provider of proofs of identity is named whole, over https, or not at all', () => {
  const whole = {
    CUSTODE_OIDC_ISSUER: 'https://id.example',
    CUSTODE_OIDC_CLIENT: 'custode',
    CUSTODE_OIDC_SECRET_FILE: '/run/secrets/oidc',
  }
  expect(readConfig({}).provider).toBeNull()
  expect(readConfig(whole, { demo: true }).provider).toBeNull()
  expect(
    readConfig({ ...whole, CUSTODE_OIDC_CLAIMS: 'name=name', CUSTODE_OIDC_LEVEL: '3' }).provider,
  ).toEqual({
    ...{ issuer: 'https://id.example', client: 'custode', secretFile: '/run/secrets/oidc' },
    ...{ claims: { name: 'name' }, level: 3 },
  })
  for (const wrong of [
    { CUSTODE_OIDC_ISSUER: 'http://id.example' },
    { CUSTODE_OIDC_CLIENT: '' },
    { CUSTODE_OIDC_SECRET_FILE: '' },
    { CUSTODE_OIDC_CLAIMS: 'birthdate=birth_date' },
    { CUSTODE_OIDC_CLAIMS: 'a=name,b=name' },
    { CUSTODE_OIDC_LEVEL: '1' },
  ])
    expect(() => readConfig({ ...whole, ...wrong }), JSON.stringify(wrong)).toThrow(/CUSTODE_OIDC/)
})
