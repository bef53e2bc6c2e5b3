import { Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { asProblem, Problem } from '../ui/api.ts'
import { type CatalogueField, isSealed } from '../ui/catalogue.ts'
import { answerOf, judge, typedOf } from '../ui/datum.ts'
import { DatumField } from '../ui/datum-field.tsx'
import { DatumValue } from '../ui/datum-value.tsx'
import { findDraft, forgetDraft, keepDraft, useTakenDraft } from '../ui/draft.ts'
import { tell } from '../ui/notice.tsx'
import { Failure } from '../ui/states.tsx'
import { useSubmit } from '../ui/submit.ts'
import { useWording } from '../ui/wording.ts'
import { useRenewal, useReturn } from './own-data.ts'
import { useSaved } from './saved.ts'
import { SealedForm } from './sealed-form.tsx'
import { useWriting } from './writing.ts'

interface Typed {
  values: Record<string, unknown>
}

const draftOf = (code: string) => `values.${code}`

/** Whether something was typed into the form of this field when the session ended, or when another change came first. */
export function useIsDrafted(code: string): boolean {
  return findDraft(useQueryClient(), draftOf(code)) !== null
}

export interface Giving {
  field: CatalogueField
  /** Undefined where nothing is held yet. */
  held: unknown
  onDone: () => void
}

/**
 * The form of one value of mine: to give it, or to change what is held. Ends with `onDone` when it is saved, given up or
 * left with Escape. What is sealed is typed into a page of its own, in a frame.
 */
export function ValueForm(giving: Giving) {
  return isSealed(giving.field) ? <SealedForm {...giving} /> : <OpenForm {...giving} />
}

function OpenForm({ field, held, onDone }: Giving) {
  const { t, language } = useWording()
  const questions = useQueryClient()
  const element = useRef<HTMLFormElement>(null)
  const returnFocus = useReturn()
  const { code } = field
  const draft = draftOf(code)
  useTakenDraft()
  useEffect(() => {
    const find = (which: string) => element.current?.querySelector<HTMLElement>(which)
    const first = find('[type=radio]:checked') ?? find('[name]:not([type=hidden]), [data-name]')
    first?.focus()
  }, [])
  const form = useForm<Typed>({
    initialValues: findDraft<Typed>(questions, draft) ?? {
      values: { [code]: typedOf(field, held ?? null, language) },
    },
  })
  const save = useSaving(field, held)
  const send = async ({ values }: Typed) => {
    await save(values[code], () => keepDraft(questions, draft, { values }))
    forgetDraft()
    onDone()
  }
  const { busy, problem, onSubmit, datum } = useSubmit(form, send, { draft })
  const leave = () => {
    forgetDraft()
    returnFocus(code, { atOnce: true })
    onDone()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // The first Escape in an open list closes that.
    const inList = (event.target as HTMLElement).getAttribute('aria-expanded') === 'true'
    if (event.key === 'Escape' && !inList) leave()
  }
  return (
    <form ref={element} onSubmit={onSubmit} onKeyDown={onKeyDown} noValidate className="form value-form">
      {problem === null ? null : <Refused problem={problem} field={field} held={held} />}
      {/* Who opened it means to answer: an empty answer is a mistake here, and removing has its own button. */}
      <DatumField field={{ ...field, required: true }} {...datum(`values.${code}`)} />
      <div className="row">
        <Button type="submit" size="sm" loading={busy}>
          {t('portal.data.save')}
        </Button>
        <Button variant="default" size="sm" onClick={leave}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  )
}

/** Judges and saves what was typed, tells it, and offers to undo it. */
function useSaving(field: CatalogueField, held: unknown) {
  const write = useWriting()
  const renew = useRenewal()
  const tellSaved = useSaved(field, held)
  return async (typed: unknown, onConflict: () => void): Promise<void> => {
    const { faults } = await judge({ ...field, required: true }, typed)
    if (faults.length > 0) throw new Problem('invalid', 400, faults)
    tell(null)
    try {
      // The server's own spelling counts.
      await write(field, answerOf(typed))
    } catch (error) {
      if (asProblem(error).code === 'conflict') {
        onConflict()
        await renew()
      }
      throw error
    }
    tellSaved()
  }
}

/** Why it was not saved, and what to do about it. */
function Refused({ problem, field, held }: { problem: Problem; field: CatalogueField; held: unknown }) {
  const { t } = useWording()
  if (problem.code === 'conflict') {
    return (
      <div role="alert" className="failure">
        <p>{t('portal.data.conflict')}</p>
        {held === undefined ? null : (
          <p>
            {t('portal.data.nowHeld')}{' '}
            <span className="strong">
              <DatumValue field={field} value={held} />
            </span>
          </p>
        )}
      </div>
    )
  }
  if (problem.code === 'no_consent') {
    return (
      <div role="alert" className="failure">
        <p>
          {t('portal.data.noConsent')} <Link to="/agreements">{t('portal.data.toConsents')}</Link>
        </p>
      </div>
    )
  }
  return <Failure error={problem} />
}
