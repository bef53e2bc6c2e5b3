import { randomInt } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { everyStep } from '../../test/every-step.ts'
import { fields as ownFields } from '../collection/field.ts'
import { DecisionTable } from './decision-table.ts'
import { type JudgedField, Policies, type Role, roles, shippedText } from './policy.ts'
import { type TaskType, taskTypes } from './task-type.ts'

const types: readonly TaskType[] = Object.values(taskTypes)
const fields: readonly JudgedField[] = [
  ...Object.entries(ownFields).map(([code, { compartment }]) => ({ code, compartment, sensitive: false })),
  { code: 'allergies', compartment: 'health', sensitive: true },
]
const policies = new Policies(shippedText)
const decisions = new DecisionTable(policies, types)
const pick = <T>(all: readonly T[]): T => all[randomInt(all.length)]!
const toss = (): boolean => randomInt(2) === 1

describe('the table of decisions', () => {
  it('answers random questions as Cedar answers them', () => {
    const table = new DecisionTable(policies, types)
    for (let count = 0; count < (everyStep ? 100_000 : 1500); count++) {
      const [role, type, consented, restricted] = [pick(roles), pick(types), toss(), toss()]
      const { code, purpose } = type
      const about = { role, type: code, purpose, consented }
      if (toss()) {
        const answer = table.taking(role, code, { consented, restricted })
        if (!isSame(answer, policies.taking({ ...about, restricted }))) expect(answer).toEqual(about)
      } else {
        const field = { ...pick(fields), sensitive: toss() }
        const needed = type.fields.includes(field.code)
        const answer = table.reading(role, code, field, { consented })
        if (!isSame(answer, policies.reading({ ...about, field, needed }))) expect(answer).toEqual(about)
      }
    }
  }, 120_000)

  it('holds something for every type and every role, and permits something', () => {
    for (const { code, fields: needed } of types) {
      const answers = roles.map(role => decisions.taking(role, code, { consented: true, restricted: false }))
      expect(answers.some(answer => answer.allowed)).toBe(true)
      const field = { code: needed[0]!, compartment: 'identity', sensitive: false }
      expect(roles.some(role => decisions.reading(role, code, field, { consented: true }).allowed)).toBe(true)
    }
  })

  it('refuses what it does not hold: an unknown role, an unknown type, a word that every object has', () => {
    const free = { consented: true, restricted: false }
    for (const word of ['manager', '', 'constructor', '__proto__']) {
      expect(decisions.taking(word as Role, 'delivery_question', free).allowed).toBe(false)
      expect(decisions.taking('employee', word, free).allowed).toBe(false)
      const field = { code: word, compartment: 'identity', sensitive: false }
      expect(decisions.reading('employee', 'delivery_question', field, { consented: true }).allowed).toBe(
        false,
      )
    }
  })

  it('gives no answer that whoever gets it can change for the next', () => {
    const free = { consented: true, restricted: false }
    const answer = decisions.taking('employee', 'delivery_question', { ...free, consented: false })
    expect(() => Object.assign(answer, { allowed: true })).toThrow()
    expect(decisions.taking('employee', 'delivery_question', { ...free, consented: false }).allowed).toBe(
      false,
    )
  })
})

const isSame = (
  one: { allowed: boolean; policies: readonly string[] },
  other: { allowed: boolean; policies: readonly string[] },
): boolean => one.allowed === other.allowed && one.policies.join() === other.policies.join()
