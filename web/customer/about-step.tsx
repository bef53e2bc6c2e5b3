import { Button, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Suspense } from 'react'
import { answer, api, Problem } from '../ui/api.ts'
import { type CatalogueField, useCatalogue } from '../ui/catalogue.ts'
import { answerOf, faultsOf } from '../ui/datum.ts'
import { DatumField } from '../ui/datum-field.tsx'
import { tell } from '../ui/notice.tsx'
import { Answered, Failure, Waiting } from '../ui/states.tsx'
import { useSubmit } from '../ui/submit.ts'
import { useWording } from '../ui/wording.ts'
import type { Agreed } from './agreeing.tsx'
import { isOutdated } from './notice.ts'
import { portalSessionQuery } from './session.ts'

/** What somebody types about themselves when they join. */
export interface About {
  name: unknown
  phone: unknown
  values: Record<string, unknown>
}

interface Step {
  form: UseFormReturnType<About>
  agreed: Agreed
  /** The proved address, as far as this page remembers it. */
  email: string | null
  onOutdated: () => Promise<void>
}

/** The last step of joining: what is asked of whoever joins, for what they have agreed to and for nothing else. */
export function AboutStep(step: Step) {
  return (
    <Answered query={useCatalogue()}>
      {catalogue => (
        <Suspense fallback={<Waiting />}>
          <AboutForm {...step} asked={askedUnder(step.agreed, catalogue)} />
        </Suspense>
      )}
    </Answered>
  )
}

/** The name comes first, then the telephone number, then what is needed and the rest; the address is proved already. */
function askedUnder({ purposes }: Agreed, catalogue: CatalogueField[]): CatalogueField[] {
  const asked = catalogue.filter(
    ({ code, asked, purposes: why }) =>
      asked === 'joining' && code !== 'email' && why.some(purpose => purposes.includes(purpose)),
  )
  return [
    ...asked.filter(field => field.code === 'name'),
    ...asked.filter(field => field.code === 'phone'),
    ...asked.filter(field => !hasItsPlace(field) && field.required),
    ...asked.filter(field => !hasItsPlace(field) && !field.required),
  ]
}

const hasItsPlace = ({ code }: CatalogueField): boolean => code === 'name' || code === 'phone'

const placeOf = (field: CatalogueField): string => (hasItsPlace(field) ? field.code : `values.${field.code}`)

function AboutForm({ form, agreed, email, onOutdated, asked }: Step & { asked: CatalogueField[] }) {
  const { t } = useWording()
  const send = useJoining(agreed, asked, onOutdated)
  const { busy, problem, onSubmit, datum } = useSubmit(form, send, { ended: t('portal.tell.ended') })
  const input = (field: CatalogueField) => (
    <DatumField
      key={field.code}
      field={field}
      {...(field.code === 'phone' ? { help: t('portal.tell.phoneHelp') } : {})}
      {...datum(placeOf(field))}
    />
  )
  const [first, ...rest] = asked
  return (
    <form onSubmit={onSubmit} noValidate className="form">
      {problem === null ? null : <Failure error={problem} />}
      <p>{t('portal.tell.text')}</p>
      {first === undefined ? null : input(first)}
      {email === null ? null : (
        <TextInput
          label={t('portal.tell.email')}
          description={t('portal.tell.proved')}
          value={email}
          readOnly
          className="proved"
        />
      )}
      {rest.map(input)}
      <Button type="submit" loading={busy}>
        {t('portal.tell.join')}
      </Button>
    </form>
  )
}

/** Judges what was typed and joins; only what is asked now is sent, whatever was typed before. */
function useJoining(agreed: Agreed, asked: CatalogueField[], onOutdated: () => Promise<void>) {
  const { t } = useWording()
  const navigate = useNavigate()
  const questions = useQueryClient()
  return async (about: About): Promise<void> => {
    const typed = (field: CatalogueField) =>
      field.code === 'name' || field.code === 'phone' ? about[field.code] : about.values[field.code]
    const judged = await Promise.all(asked.map(field => faultsOf(field, typed(field), placeOf(field))))
    if (judged.flat().length > 0) throw new Problem('invalid', 400, judged.flat())
    const further = asked.filter(field => !hasItsPlace(field))
    const values = Object.fromEntries(further.map(field => [field.code, answerOf(typed(field))]))
    const line = (code: 'name' | 'phone') =>
      asked.some(field => field.code === code) ? String(about[code] ?? '').trim() : ''
    const body = { name: line('name'), phone: line('phone'), values, ...agreed }
    try {
      await answer(api.POST('/api/v1/portal/joins', { body }))
    } catch (error) {
      if (isOutdated(error)) return onOutdated()
      throw error
    }
    await questions.invalidateQueries({ queryKey: portalSessionQuery.queryKey })
    tell(t('portal.tell.done'))
    await navigate({ to: '/', replace: true })
  }
}
