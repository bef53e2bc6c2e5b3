import { join } from 'node:path'
import * as fc from 'fast-check'
import { build } from 'vite'
import { describe, expect, test } from 'vitest'
import { anyText, card, home, samples } from '../../../test/datum-samples.ts'
import { expectOneSpelling, hostile, judged, refused } from '../../../test/judged.ts'
import { sourcesOf } from '../../../test/sources.ts'
import { type DatumTypeCode, datumTypes, findDatumType } from './datum-type.ts'
import { datumFaults } from './fault.ts'

const on = { today: '2026-11-27' }

const codes = Object.keys(datumTypes) as DatumTypeCode[]
const ruleOf = (code: DatumTypeCode) => datumTypes[code].rule(samples[code].options ?? {}, on)

describe.each(codes)('a datum of type %s', code => {
  const rule = ruleOf(code)
  const { good, wrong, typed } = samples[code]
  const faults: readonly string[] = datumTypes[code].faults

  test('is kept as it is when it is right, and is required', () => {
    expect(judged(rule, good)).toEqual(good)
    expect(judged(rule, undefined)).toEqual(refused('required'))
  })

  test('has one spelling', () => {
    expectOneSpelling(rule, typed)
    expectOneSpelling(rule, fc.oneof(anyText, fc.jsonValue()))
  })

  test('is right often enough for that to be shown', () => {
    const tries = fc.sample(typed, { numRuns: 500, seed: 1 })
    expect(tries.filter(given => rule.safeParse(given).success).length).toBeGreaterThan(10)
  })

  test.each(Object.entries(wrong))('is refused as %s by its own code', (fault, given) => {
    expect(judged(rule, given)).toEqual(refused(fault))
  })

  test('is found wrong with no code that the type does not name, whatever is given', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.anything(), typed), given => {
        const answer = rule.safeParse(given)
        const messages = answer.error?.issues.map(issue => issue.message) ?? []
        expect(messages.filter(message => !faults.includes(message))).toEqual([])
      }),
    )
  })

  test('names no code that nothing is refused with', () => {
    const lines = ['a\u0000b', 'a\u202eb', 'a\u200bb', '\ud800', 'a'.repeat(20_000), '', 7, undefined]
    const parts = lines.flatMap(line => [line, { ...home, street: line }, { ...card, token: line }])
    const given = new Set(
      [...Object.values(wrong), ...parts]
        .flatMap(datum => rule.safeParse(datum).error?.issues ?? [])
        .map(issue => issue.message),
    )
    expect([...faults].filter(fault => !given.has(fault))).toEqual([])
  })

  test.each(hostile)(
    'is judged at once when it is %s',
    (_what, given) => {
      const messages = rule.safeParse(given).error?.issues.map(issue => issue.message) ?? []
      expect(messages.filter(message => !faults.includes(message))).toEqual([])
    },
    10_000,
  )
})

test('every code of every type is a known one, and every known one is of some type', () => {
  const named = new Set<string>(codes.flatMap(code => datumTypes[code].faults))
  expect([...named].sort()).toEqual([...new Set<string>(datumFaults)].sort())
  expect(datumFaults).toHaveLength(named.size)
})

test('a type is found by its code alone, and never by what an object inherits', () => {
  expect(findDatumType('iban')).toBe(datumTypes.iban)
  for (const code of ['salary', 'toString', '__proto__', 'constructor', ''])
    expect(findDatumType(code)).toBeNull()
})

test('options that a type does not take are refused, and a rule is never made of them', () => {
  for (const code of codes) {
    expect(datumTypes[code].options.safeParse({ surprise: 1 }).success).toBe(false)
    expect(() => datumTypes[code].rule({ surprise: 1 }, on)).toThrow()
  }
  expect(() => datumTypes.choice.rule({}, on)).toThrow()
  expect(() => datumTypes.line.rule({ most: 0 }, on)).toThrow()
  expect(judged(datumTypes.line.rule({}, on), 'a'.repeat(121))).toEqual(refused('too_long'))
})

const folder = import.meta.dirname
const libraries = ['zod', 'libphonenumber-js/max', 'ibantools', 'i18n-postal-address']

test('the files of this folder import zod, the named libraries and each other', () => {
  const sources = sourcesOf(folder).filter(file => !file.path.endsWith('.test.ts'))
  expect(sources.length).toBeGreaterThan(20)
  const others = sources
    .flatMap(file => file.imports)
    .filter(name => !libraries.includes(name) && !/^stdnum\/lib\/cjs\/[a-z]{2}\/[a-z]+\.js$/.test(name))
    .filter(name => !/^\.\/[a-z0-9-]+\.ts$/.test(name))
  expect(others).toEqual([])
  expect(sources.filter(file => /\bnew Date\b|\bDate\.now\b|\bprocess\.|\bBuffer\b/.test(file.code))).toEqual(
    [],
  )
})

test.each(['datum-type.ts', 'address-label.ts'])(
  '%s is bundled for a browser without anything of Node',
  async entry => {
    const result = await build({
      configFile: false,
      root: folder,
      logLevel: 'silent',
      build: {
        write: false,
        minify: false,
        lib: { entry: join(folder, entry), formats: ['es'], fileName: 'datum' },
      },
    })
    const outputs = (Array.isArray(result) ? result : [result]).flatMap(one =>
      'output' in one ? one.output : [],
    )
    const chunks = outputs.filter(output => output.type === 'chunk')
    expect(chunks.length).toBeGreaterThan(0)
    expect(chunks.flatMap(chunk => [...chunk.imports, ...chunk.dynamicImports])).toEqual([])
    expect(chunks.flatMap(chunk => chunk.moduleIds).filter(id => /node:|browser-external/.test(id))).toEqual(
      [],
    )
    expect(chunks.some(chunk => /\bfrom ['"]node:|\brequire\(['"]node:/.test(chunk.code))).toBe(false)
  },
)
