import { validate } from '@cedar-policy/cedar-wasm/nodejs'
import { describe, expect, it } from 'vitest'
import {
  decideReading,
  decideTaking,
  type FieldReading,
  namedPolicies,
  policyHash,
  policyText,
  schemaText,
  type Taking,
} from './policy.ts'
import { taskTypes } from './task-type.ts'

const deliveries: Taking = {
  ...{ role: 'employee', type: 'delivery_question', purpose: 'service' },
  ...{ consented: true, restricted: false },
}

const phone: FieldReading = {
  ...{ role: 'employee', type: 'delivery_question', purpose: 'service' },
  field: { code: 'phone', compartment: 'contact', sensitive: false },
  ...{ needed: true, consented: true },
}

describe('the policy file', () => {
  it('fits its schema', () => {
    const answer = validate({ schema: schemaText, policies: { staticPolicies: namedPolicies(policyText) } })
    expect(answer).toMatchObject({ type: 'success', validationErrors: [], validationWarnings: [] })
  })

  it('would not fit the schema with an attribute that does not exist', () => {
    const wrong = policyText.replaceAll('principal.role', 'principal.rank')
    const answer = validate({ schema: schemaText, policies: { staticPolicies: namedPolicies(wrong) } })
    expect(answer.type === 'success' && answer.validationErrors.length).toBeGreaterThan(0)
  })

  it('names every policy once', () => {
    expect(Object.keys(namedPolicies(policyText))).toEqual([
      'deliveries-are-everybodys-work',
      'no-consent-no-task',
      'restricted-is-closed',
      'a-task-opens-what-it-needs',
      'no-consent-no-field',
    ])
    expect(() => namedPolicies('permit (principal, action, resource);')).toThrow('@id')
    expect(() => namedPolicies(policyText + policyText)).toThrow('@id')
  })

  it('names no employee and no task, because a policy about one of them would never apply', () => {
    const named = [
      '@id("a") forbid (principal == Employee::"ben", action, resource);',
      '@id("a") forbid (principal in Employee::"ben", action, resource);',
      '@id("a") permit (principal, action, resource) unless { principal == Employee::"ben" };',
      '@id("a") forbid (principal, action, resource == Task::"t1");',
    ]
    for (const policy of named) expect(() => namedPolicies(policy)).toThrow('only roles and types')
    const field = '@id("a") forbid (principal, action, resource == Field::"phone");'
    expect(Object.keys(namedPolicies(field))).toEqual(['a'])
  })

  it('is named by the hash of its bytes', () => {
    expect(policyHash).toMatch(/^sha256:[0-9a-f]{64}$/)
  })
})

describe('taking a task', () => {
  it('is permitted to employees and officers when the customer agrees, and says which policy decided', () => {
    for (const role of ['employee', 'officer'] as const)
      expect(decideTaking({ ...deliveries, role })).toEqual({
        allowed: true,
        policies: ['deliveries-are-everybodys-work'],
      })
  })

  it('is refused without consent to its purpose', () => {
    expect(decideTaking({ ...deliveries, consented: false })).toEqual({
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
    const none = { allowed: false, policies: [] }
    expect(decideTaking({ ...deliveries, type: 'marketing_call' })).toEqual(none)
    expect(decideTaking({ ...deliveries, role: 'manager' as 'employee' })).toEqual(none)
  })

  it('is refused when the question cannot be evaluated at all', () => {
    const none = { allowed: false, policies: [] }
    expect(decideTaking({ ...deliveries, consented: 'yes' as unknown as boolean })).toEqual(none)
    expect(decideTaking({ ...deliveries, role: ['officer'] as unknown as 'officer' })).toEqual(none)
  })

  it('is permitted to somebody for every task type there is', () => {
    for (const { code: type, purpose } of Object.values(taskTypes))
      expect(decideTaking({ ...deliveries, type, purpose }).allowed).toBe(true)
  })
})

describe('a field of a task', () => {
  it('is opened when the type needs it and the customer agrees, and says which policy decided', () => {
    expect(decideReading(phone)).toEqual({ allowed: true, policies: ['a-task-opens-what-it-needs'] })
  })

  it('stays closed when the type does not need it', () => {
    expect(decideReading({ ...phone, needed: false })).toEqual({ allowed: false, policies: [] })
  })

  it('stays closed without consent that names it, although the type needs it', () => {
    expect(decideReading({ ...phone, consented: false })).toEqual({
      allowed: false,
      policies: ['no-consent-no-field'],
    })
  })
})
