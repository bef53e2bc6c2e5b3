import { useQueryClient } from '@tanstack/react-query'
import { answer, api, asProblem, Problem } from '../ui/api.ts'
import { type CatalogueField, catalogueQuery, isSealed } from '../ui/catalogue.ts'
import { type SealingRule, sealValues } from '../ui/sealing.ts'
import { findHeldLog } from './held-log.ts'
import { type Consent, consentsQuery, isLive, useRenewal, useReturn } from './own-data.ts'
import { useProving } from './proving.tsx'
import { portalSessionQuery } from './session.ts'

/**
 * Writes one value of mine, or removes it (null), sealed in this browser where its field wants that; the focus then waits
 * for what can be done with it next.
 */
export function useWriting() {
  const renew = useRenewal()
  const prove = useProving()
  const returnFocus = useReturn()
  const sendSealed = useSealedSending()
  return async (field: CatalogueField, value: unknown): Promise<void> => {
    const { code } = field
    const body = { values: { [code]: value } }
    await prove(async () => {
      if (isSealed(field)) await sendSealed(field, value)
      else await answer(api.POST('/api/v1/portal/values', { body }))
    })
    returnFocus(code)
    await renew()
  }
}

/** How often a value is sealed anew, because the key it was sealed to is gone. */
const most = 2

function useSealedSending() {
  const questions = useQueryClient()
  return async (field: CatalogueField, value: unknown): Promise<void> => {
    const { code, compartment } = field
    const session = await questions.ensureQueryData(portalSessionQuery)
    if (session?.kind !== 'customer') throw new Problem('unauthenticated', 401)
    const { alias } = session
    const held = findHeldLog(alias)
    const owner = { alias, trail: trailOf(held?.head), checkpoint: held?.checkpoint ?? null }
    // As it is now: another window may have agreed to more since this one asked.
    const form = agreedUnder(await questions.fetchQuery({ ...consentsQuery, staleTime: 0 }), code)
    let rules = { [code]: ruleOf(field) }
    for (let left = most; ; left--) {
      const envelope = await sealValues(owner, { compartment, form, values: { [code]: value }, rules })
      const body = { notice_version: form, envelopes: [envelope] }
      try {
        await answer(api.POST('/api/v1/portal/envelopes', { body }))
        return
      } catch (error) {
        if (left === 0 || asProblem(error).code !== 'intake_changed') throw asUnsaved(error)
        // The key has gone, or an officer has changed by what the value is judged.
        const catalogue = await questions.fetchQuery({ ...catalogueQuery, staleTime: 0 })
        rules = { [code]: ruleOf(catalogue.find(one => one.code === code) ?? field) }
      }
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
