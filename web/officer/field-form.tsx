import { Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { answer, api, asProblem } from '../ui/api.ts'
import { catalogueQuery } from '../ui/catalogue.ts'
import { findDraft, forgetDraft, keepDraft } from '../ui/draft.ts'
import { tell } from '../ui/notice.tsx'
import { Failure } from '../ui/states.tsx'
import { useSubmit } from '../ui/submit.ts'
import { decisionOf, differences } from './field-aspects.ts'
import { Conflict } from './field-conflict.tsx'
import { type DecidedField, decidedOf, type FieldDraft, newFieldOf } from './field-draft.ts'
import { asFormProblem, faultsOf } from './field-faults.ts'
import { KindPart, NamingPart, type PartProps } from './field-parts.tsx'
import { Preview } from './field-preview.tsx'
import { AskingPart, CarePart, PurposePart, SealingPart } from './field-rules.tsx'
import { useFieldWording } from './field-wording.ts'

/** Without these nobody can join: the program keeps when and what for they are asked. */
const needed = ['name', 'email'] as const
const neededOf = (code: string | undefined) => needed.find(one => one === code)

/**
 * Adding a field, or deciding anew about one. What is typed survives a refusal, the end of a session and going back:
 * it is kept in memory under the form's `name` until it is saved or given up.
 */
export function FieldForm({
  decided,
  begin,
  name,
}: {
  /** What is decided now; null for a field that is new. */
  decided: DecidedField | null
  /** What the form holds at first. */
  begin: FieldDraft
  name: string
}) {
  const { t, language, faultText } = useFieldWording()
  const questions = useQueryClient()
  const navigate = useNavigate()
  const [now, setNow] = useState(decided)
  const [theirs, setTheirs] = useState<DecidedField | null>(null)
  const [merges, setMerges] = useState(0)
  const [kept, setKept] = useState(() => findDraft<FieldDraft>(questions, name))
  const form = useForm<FieldDraft>({ initialValues: kept ?? begin, validate: faultsOf })
  useKept(name, begin, form.values)
  // What will come of the choice is the first thing to look at after it.
  useEffect(() => {
    if (merges > 0) document.getElementById('preview')?.focus()
  }, [merges])

  const send = async (draft: FieldDraft) => {
    tell(null)
    if (now !== null && differences(decisionOf(now), decidedOf(draft)).length === 0)
      return tell(t('office.fields.effect.unchanged'))
    const saved = await save(draft).catch(async (error: unknown) => {
      if (draft.after === 0 || asProblem(error).code !== 'conflict') throw asFormProblem(error, draft)
      // Somebody was faster: what they decided is shown beside what was typed.
      setTheirs(await getField(draft.code))
      return null
    })
    if (saved === null) return
    forgetDraft()
    await questions.refetchQueries({ queryKey: catalogueQuery.queryKey, type: 'all' })
    tell(t(`office.fields.saved.${saved.asked}`, { label: saved.label[language] }))
    await navigate({ to: '/fields', state: { saved: saved.code } })
  }
  const { busy, problem, onSubmit, field } = useSubmit(form, send, { draft: name })
  const input: PartProps['input'] = one => {
    const code = form.errors[one]
    return { ...field(one), error: typeof code === 'string' ? faultText(one, code) : undefined }
  }
  const beginAnew = () => {
    form.setValues(begin)
    form.clearErrors()
    setKept(null)
  }
  const giveUp = () => {
    forgetDraft()
    tell(null)
    void navigate({ to: '/fields' })
  }

  if (theirs !== null && now !== null) {
    const goOn = (merged: FieldDraft) => {
      form.setValues(merged)
      setNow(theirs)
      setTheirs(null)
      setMerges(merges + 1)
      tell(t('office.fields.conflict.merged'))
    }
    return <Conflict base={decisionOf(now)} theirs={theirs} draft={form.values} onChosen={goOn} />
  }
  const must = neededOf(now?.code)
  const part = { form, input }
  return (
    <form onSubmit={onSubmit} noValidate className="form field-form">
      {kept === null ? null : (
        <div className="row">
          <p>{t('office.fields.kept')}</p>
          <Button size="compact-md" variant="default" onClick={beginAnew}>
            {t('office.fields.beginAnew')}
          </Button>
        </div>
      )}
      <div className="field-columns">
        <div className="field-parts">
          {must === undefined ? null : (
            <section className="card part">
              <h2>{t('office.fields.fixed.title')}</h2>
              <p>{t(`office.fields.fixed.${must}`)}</p>
            </section>
          )}
          <NamingPart {...part} />
          <KindPart {...part} />
          <SealingPart {...part} />
          {must === undefined ? (
            <>
              <PurposePart {...part} />
              <AskingPart {...part} />
            </>
          ) : null}
          <CarePart {...part} editorFixed={must === 'email'} />
        </div>
        <Preview now={now} draft={form.values} />
        <div className="field-end">
          {problem === null ? null : <Failure error={problem} />}
          <div className="row">
            <Button type="submit" loading={busy}>
              {t(now === null ? 'office.fields.saveNew' : 'office.fields.save')}
            </Button>
            <Button variant="default" onClick={giveUp}>
              {t('cancel')}
            </Button>
          </div>
        </div>
      </div>
    </form>
  )
}

const getField = (code: string): Promise<DecidedField> =>
  answer(api.GET('/api/v1/office/fields/{code}', { params: { path: { code } } }))

function save(draft: FieldDraft): Promise<DecidedField> {
  const { after, code } = draft
  if (after === 0) return answer(api.POST('/api/v1/office/fields', { body: newFieldOf(draft) }))
  return answer(
    api.POST('/api/v1/office/fields/{code}/versions', {
      params: { path: { code } },
      body: { ...decidedOf(draft), after },
    }),
  )
}

/** Keeps what differs from what the form began with, for whoever comes back to it. */
function useKept(name: string, begin: FieldDraft, values: FieldDraft): void {
  const questions = useQueryClient()
  const typed = JSON.stringify(values) !== JSON.stringify(begin)
  useEffect(() => {
    if (typed) keepDraft(questions, name, values)
    else forgetDraft()
  }, [questions, name, typed, values])
}
