import { describe, expect, it } from 'vitest'
import { BrokenPolicies, type FieldReading, Policies, shippedText, type Taking } from './policy.ts'
import { taskTypes } from './task-type.ts'

const shipped = new Policies(shippedText)
const faultsOf = (source: string): string[] => {
  try {
    new Policies(source, 'test')
    return []
  } catch (error) {
    if (error instanceof BrokenPolicies) return error.faults
    throw error
  }
}
const says = '@en("x") @it("x")'

const deliveries: Taking = {
  ...{ role: 'employee', type: 'delivery_question', purpose: 'service' },
  ...{ consented: true, restricted: false },
}

const phone: FieldReading = {
  ...{ role: 'employee', type: 'delivery_question', purpose: 'service' },
  field: { code: 'phone', compartment: 'contact', sensitive: false },
  ...{ needed: true, consented: true },
}

describe('the policies that come with the program', () => {
  it('are sound, and each says in both languages what it does', () => {
    expect(shipped.rules.map(rule => rule.id)).toEqual([
      ...['deliveries-are-everybodys-work', 'duplicates-are-everybodys-work'],
      ...['identity-checks-are-everybodys-work', 'corrections-are-everybodys-work'],
      ...['invoices-are-everybodys-work', 'callers-are-everybodys-work'],
      ...['payments-are-everybodys-work', 'care-is-everybodys-work'],
      ...['no-consent-no-task', 'restricted-is-closed'],
      ...['a-task-opens-what-it-needs', 'no-consent-no-field'],
    ])
    for (const { en, it: italian } of shipped.rules) expect(en).not.toBe(italian)
  })

  it('are named by the hash of their bytes', () => {
    expect(shipped.hash).toMatch(/^sha256:[0-9a-f]{64}$/)
  })
})

describe('a text that is no sound set of policies', () => {
  it('is refused with an attribute that does not exist, and the fault says so', () => {
    const wrong = shippedText.replaceAll('principal.role', 'principal.rank')
    expect(faultsOf(wrong).join()).toContain('rank')
  })

  it('is refused where it is no Cedar at all', () => {
    expect(faultsOf('let everybody in')).not.toEqual([])
  })

  it('is refused without an @id, with two of the same, and without its sentence in both languages', () => {
    expect(faultsOf('permit (principal, action, resource);').join()).toContain('@id')
    expect(faultsOf(shippedText + shippedText).join()).toContain('two policies')
    const silent = '@id("a") @en("x") forbid (principal, action, resource);'
    expect(faultsOf(silent).join()).toContain('@it')
    expect(faultsOf(`@id("Ana Moretti") ${says} forbid (principal, action, resource);`).join()).toContain(
      '@id',
    )
  })

  it('is refused as a template, which decides nothing by itself', () => {
    expect(faultsOf(`@id("a") ${says} forbid (principal == ?principal, action, resource);`)).not.toEqual([])
  })

  it('is refused where it names one employee or one task, because that would never apply', () => {
    const named = [
      `@id("a") ${says} forbid (principal == Employee::"ben", action, resource);`,
      `@id("a") ${says} forbid (principal in Employee::"ben", action, resource);`,
      `@id("a") ${says} permit (principal, action, resource) unless { principal == Employee::"ben" };`,
      `@id("a") ${says} forbid (principal, action, resource == Task::"t1");`,
    ]
    for (const policy of named) expect(faultsOf(policy).join()).toContain('only roles and types')
    const field = `@id("a") ${says} forbid (principal, action == Action::"read", resource == Field::"phone");`
    expect(faultsOf(field)).toEqual([])
  })
})

describe('taking a task', () => {
  it('is permitted to employees and officers when the customer agrees, and says which policy decided', () => {
    for (const role of ['employee', 'officer'] as const)
      expect(shipped.taking({ ...deliveries, role })).toEqual({
        allowed: true,
        policies: ['deliveries-are-everybodys-work'],
      })
  })

  it('is refused without consent to its purpose', () => {
    expect(shipped.taking({ ...deliveries, consented: false })).toEqual({
      allowed: false,
      policies: ['no-consent-no-task'],
    })
  })

  it('is refused for somebody who is no longer a customer, whatever else permits it', () => {
    expect(shipped.taking({ ...deliveries, restricted: true })).toEqual({
      allowed: false,
      policies: ['restricted-is-closed'],
    })
  })

  it('is refused when no policy permits it: another type, another role', () => {
    const none = { allowed: false, policies: [] }
    expect(shipped.taking({ ...deliveries, type: 'marketing_call' })).toEqual(none)
    expect(shipped.taking({ ...deliveries, role: 'manager' as 'employee' })).toEqual(none)
  })

  it('is refused when the question cannot be evaluated at all', () => {
    const none = { allowed: false, policies: [] }
    expect(shipped.taking({ ...deliveries, consented: 'yes' as unknown as boolean })).toEqual(none)
    expect(shipped.taking({ ...deliveries, role: ['officer'] as unknown as 'officer' })).toEqual(none)
  })

  it('is permitted to somebody for every task type there is', () => {
    for (const { code: type, purpose } of Object.values(taskTypes))
      expect(shipped.taking({ ...deliveries, type, purpose }).allowed).toBe(true)
  })
})

describe('a field of a task', () => {
  it('is opened when the type needs it and the customer agrees, and says which policy decided', () => {
    expect(shipped.reading(phone)).toEqual({ allowed: true, policies: ['a-task-opens-what-it-needs'] })
  })

  it('stays closed when the type does not need it', () => {
    expect(shipped.reading({ ...phone, needed: false })).toEqual({ allowed: false, policies: [] })
  })

  it('stays closed without consent that names it, although the type needs it', () => {
    expect(shipped.reading({ ...phone, consented: false })).toEqual({
      allowed: false,
      policies: ['no-consent-no-field'],
    })
  })
})
