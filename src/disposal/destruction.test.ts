import { expect, it } from 'vitest'
import { type Destruction, finalOf, knownToday } from './destruction.ts'

const t1 = new Date('2026-01-02T00:00:00Z')
const done = { state: 'destroyed', at: t1.toISOString(), method: 'overwritten-once-and-unlinked' } as const
const file = { id: 'file', kind: 'file', ...done }
const scheduled = (id: string, at: string) => ({
  ...{ id, kind: id, state: 'scheduled' as const, at, method: 'later' },
})
const record = (custodians: Destruction['custodians'], at: Date | null = t1): Destruction => ({
  ...{ act: 'a', slots: [300], compartments: [], entry: 1, t0: new Date('2026-01-01'), t1: at, epoch: 2 },
  ...{ custodians, trail: null, keptUntil: null },
})

it('is final with t1 where nothing registered can open it later', () => {
  expect(finalOf(record([file], null))).toBeNull()
  expect(finalOf(record([file]))).toEqual({ at: t1.toISOString(), waits: [] })
})

it('names whoever told several ends once, with the last, and nobody whose end came before t1', () => {
  const [soon, late] = ['2026-01-09T00:00:00.000Z', '2026-01-30T00:00:00.000Z']
  const told = [scheduled('kms', late), scheduled('kms', soon), scheduled('old', '2026-01-01T23:59:59.999Z')]
  expect(finalOf(record(told))).toEqual({ at: late, waits: [{ id: 'kms', kind: 'kms', until: late }] })
})

it('is final when the last waiting period and the last registered copy have ended', () => {
  const kms = scheduled('aws-kms', '2026-01-09T00:00:00.000Z')
  const recovery = scheduled('recovery/1a', '2026-02-01T00:00:00.000Z')
  expect(finalOf(record([recovery, file, kms]))).toEqual({
    at: recovery.at,
    waits: [
      { id: 'aws-kms', kind: 'aws-kms', until: kms.at },
      { id: 'recovery/1a', kind: 'recovery/1a', until: recovery.at },
    ],
  })
})

it('is open while a custodian that was left out may hold a key, and then as that ended', () => {
  const since = '2026-01-01T12:00:00.000Z'
  const vault = { id: 'vault-transit', kind: 'vault-transit' }
  const told = record([file, { ...vault, state: 'left-out', at: since, method: 'never-asked' }])
  const waits = [{ ...vault, until: null }]
  expect(finalOf(knownToday(told, []))).toEqual({ at: null, waits })
  expect(finalOf(knownToday(told, [{ ...vault, since, ended: null }]))).toEqual({ at: null, waits })
  const stated = { ...vault, state: 'stated' as const, method: 'destroyed-by-hand', statement: 'paper-1' }
  const ended = { ...stated, at: '2026-03-01T00:00:00.000Z' }
  const another = { ...vault, since: '2025-01-01T00:00:00.000Z', ended: { ...ended, at: since } }
  const today = knownToday(told, [another, { ...vault, since, ended }])
  expect(today.custodians).toEqual([file, ended])
  expect(finalOf(today)).toEqual({ at: ended.at, waits: [{ ...vault, until: ended.at }] })
})
