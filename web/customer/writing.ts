import { useQueryClient } from '@tanstack/react-query'
import { answer, api, asProblem, Problem } from '../ui/api.ts'
import { type CatalogueField, catalogueQuery, isSealed } from '../ui/catalogue.ts'
import type { Terms } from '../ui/intake-messages.ts'
import { asClosed, type Envelope, type SealingRule, sealValues } from '../ui/sealing.ts'
import { findHeldLog } from './held-log.ts'
import { type Consent, isLive, useRenewal, useReturn } from './own-data.ts'
import { useProving } from './proving.tsx'
import { portalSessionQuery } from './session.ts'

/**
 * Writes one value of mine that this page knows already, such as the one before, or removes it (null), sealed where its
 * field wants that; the focus then waits for what can be done with it next. What is typed for a sealed field never comes
 * here: see `sealed-form.tsx`.
 */
export function useWriting() {
  const renew = useRenewal()
  const prove = useProving()
  const returnFocus = useReturn()
  const sendSealed = useSealedSending()
  return async (field: CatalogueField, value: unknown): Promise<void> => {
    const { code } = field
    const body = { values: { [code]: value } }
    if (isSealed(field)) await sendSealed(field, value)
    else await prove(() => answer(api.POST('/api/v1/portal/values', { body })))
    returnFocus(code)
    await renew()
  }
}

/** How often a value is sealed anew, because the key it was sealed to is gone. */
const most = 2

/** Sends envelopes until one is taken in: `seal` makes them, each under the terms of its moment. */
export function useSealing() {
  const questions = useQueryClient()
  const prove = useProving()
  const termsFor = useTerms()
  return async (field: CatalogueField, seal: (terms: Terms) => Promise<Envelope>): Promise<void> => {
    let asked = field
    for (let left = most; ; left--) {
      const terms = await termsFor(asked)
      const body = { notice_version: terms.form, envelopes: [await seal(terms)] }
      try {
        await prove(() => answer(api.POST('/api/v1/portal/envelopes', { body })))
        return
      } catch (error) {
        if (left === 0 || asProblem(error).code !== 'intake_changed') throw asUnsaved(error)
        // The key has gone, or an officer has changed by what the value is judged.
        const catalogue = await questions.fetchQuery({ ...catalogueQuery, staleTime: 0 })
        asked = catalogue.find(one => one.code === field.code) ?? field
      }
    }
  }
}

function useSealedSending() {
  const send = useSealing()
  return (field: CatalogueField, value: unknown): Promise<void> =>
    send(field, async ({ owner, form, rules }) => {
      const values = { [field.code]: value }
      return sealValues(await ownKey(), owner, { compartment: field.compartment, form, values, rules })
    })
}

const ownKey = () =>
  answer(api.GET('/api/v1/portal/intake-key')).catch(error => {
    throw asClosed(asProblem(error))
  })

/** Under which terms a value of a field is sealed now: whose it is, what they agreed to, and by what it is judged. */
function useTerms() {
  const questions = useQueryClient()
  return async (field: CatalogueField): Promise<Terms> => {
    const session = await questions.ensureQueryData(portalSessionQuery)
    if (session?.kind !== 'customer') throw new Problem('unauthenticated', 401)
    const { alias } = session
    const held = findHeldLog(alias)
    const trail = trailOf(held?.head) ?? (await ownKey()).trail
    // As it is now: another window may have agreed to more since this one asked. And not as a question of this page: a
    // session that has ended would take the form away, with what was typed.
    const { items } = await answer(api.GET('/api/v1/portal/consents'))
    return {
      owner: { alias, trail, checkpoint: held?.checkpoint ?? null },
      form: agreedUnder(items, field.code),
      rules: { [field.code]: ruleOf(field) },
    }
  }
}

/** Which log is mine, as a head of it says that this browser has checked and kept. */
function trailOf(head: string | undefined): number | null {
  const trail = /^trail (\d+)$/m.exec(head ?? '')?.[1]
  return trail === undefined ? null : Number(trail)
}

/** What the keeper judges a value by: the type, and what of the options it knows. */
function ruleOf({ type, options }: CatalogueField): SealingRule {
  const { most, least, options: choices } = options as { most?: unknown; least?: unknown; options?: unknown }
  return {
    type: type ?? '',
    ...(typeof most === 'number' ? { most } : {}),
    ...(typeof least === 'number' ? { least } : {}),
    ...(Array.isArray(choices) ? { options: choices as string[] } : {}),
  }
}

/** The version of the notice under which I agreed to this field. */
function agreedUnder(consents: readonly Consent[], code: string): number {
  const agreed = consents.find(one => isLive(one) && one.fields.includes(code))?.notice_version ?? null
  if (agreed === null) throw new Problem('no_consent', 403)
  return agreed
}

/** It went away sealed, and whether it was taken in is not known or not so. */
function asUnsaved(error: unknown): unknown {
  const { code, status } = asProblem(error)
  return code === 'unavailable' || code === 'unreachable' ? new Problem('intake_unsaved', status) : error
}
