import { validate } from '@cedar-policy/cedar-wasm/nodejs'
import { describe, expect, it } from 'vitest'
import { decideTaking, namedPolicies, policyHash, policyText, schemaText, type Taking } from './policy.ts'
import { taskTypes } from './task-type.ts'

const deliveries: Taking = {
  employee: { id: 'a', role: 'employee' },
  task: { id: 'b', type: 'delivery_question' },
  purpose: 'service',
  consented: ['service'],
  restricted: false,
}

describe('the policy file', () => {
  it('fits its schema', () => {
    const answer = validate({ schema: schemaText, policies: { staticPolicies: namedPolicies(policyText) } })
    expect(answer).toMatchObject({ type: 'success', validationErrors: [], validationWarnings: [] })
  })

  it('would not fit the schema with an attribute that does not exist', () => {
    const wrong = policyText.replace('principal.role', 'principal.rank')
    const answer = validate({ schema: schemaText, policies: { staticPolicies: namedPolicies(wrong) } })
    expect(answer.type === 'success' && answer.validationErrors.length).toBeGreaterThan(0)
  })

  it('names every policy once', () => {
    expect(Object.keys(namedPolicies(policyText))).toEqual([
      'deliveries-are-everybodys-work',
      'identity-checks-are-everybodys-work',
      'corrections-are-everybodys-work',
      'no-consent-no-task',
      'restricted-is-closed',
    ])
    expect(() => namedPolicies('permit (principal, action, resource);')).toThrow('@id')
    expect(() => namedPolicies(policyText + policyText)).toThrow('@id')
  })

  it('is named by the hash of its bytes', () => {
    expect(policyHash).toMatch(/^sha256:[0-9a-f]{64}$/)
  })
})

describe('taking a task', () => {
  it('is permitted to employees and officers when the customer agrees, and says which policy decided', () => {
    for (const role of ['employee', 'officer'] as const)
      expect(decideTaking({ ...deliveries, employee: { id: 'a', role } })).toEqual({
        allowed: true,
        policies: ['deliveries-are-everybodys-work'],
      })
  })

  it('is refused without consent to the very purpose', () => {
    for (const consented of [[], ['offers']])
      expect(decideTaking({ ...deliveries, consented })).toEqual({
        allowed: false,
        policies: ['no-consent-no-task'],
      })
  })

  it('is refused for somebody who is no longer a customer, whatever else permits it', () => {
    expect(decideTaking({ ...deliveries, restricted: true })).toEqual({
      allowed: false,
      policies: ['restricted-is-closed'],
    })
  })

  it('is refused when no policy permits it: another type, another role', () => {
    const task = { id: 'b', type: 'marketing_call' }
    expect(decideTaking({ ...deliveries, task })).toEqual({ allowed: false, policies: [] })
    const employee = { id: 'a', role: 'manager' as 'employee' }
    expect(decideTaking({ ...deliveries, employee })).toEqual({ allowed: false, policies: [] })
  })

  it('is refused when the question cannot be evaluated at all', () => {
    const consented = [{ purpose: 'service' }] as unknown as string[]
    expect(decideTaking({ ...deliveries, consented })).toEqual({ allowed: false, policies: [] })
    const employee = { id: 'a', role: ['officer'] as unknown as 'officer' }
    expect(decideTaking({ ...deliveries, employee })).toEqual({ allowed: false, policies: [] })
  })

  it('is permitted to somebody for every task type there is', () => {
    for (const { code, purpose } of Object.values(taskTypes)) {
      const task = { id: 'b', type: code }
      expect(decideTaking({ ...deliveries, task, purpose, consented: [purpose] }).allowed).toBe(true)
    }
  })
})
