import { Button, Radio, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api, Problem } from '../ui/api.ts'
import { CardOffer } from '../ui/card-offer.tsx'
import { cardFaultOf } from '../ui/datum.ts'
import { findDraft, useTakenDraft } from '../ui/draft.ts'
import { Moment } from '../ui/moment.tsx'
import { tell } from '../ui/notice.tsx'
import { Page, Section } from '../ui/page.tsx'
import { Answered, Empty, Failure } from '../ui/states.tsx'
import { checks, useSubmit } from '../ui/submit.ts'
import { useWording } from '../ui/wording.ts'
import { isLive, useConsents } from './own-data.ts'

/** Asking about a delivery or an invoice, and what became of what I asked. */
export function QuestionsPage() {
  const { t } = useWording()
  const mine = useQuery({
    queryKey: ['portal-questions'],
    queryFn: () => answer(api.GET('/api/v1/portal/questions')),
  })
  return (
    <Page title={t('portal.questions.title')} lead={t('portal.questions.lead')}>
      <Asking />
      <Section title={t('portal.questions.mine')}>
        <Answered query={mine}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t('portal.questions.none')} />
            ) : (
              <ul className="cards">
                {items.map(question => (
                  <li key={question.id} className="card">
                    <p className="question-text">{question.text}</p>
                    <p className="caption">
                      <Moment at={question.at} />
                      {' · '}
                      <span className={`state-word state-${question.state}`}>
                        {t(`portal.questions.state.${question.state as 'open' | 'taken' | 'closed'}`)}
                      </span>
                    </p>
                  </li>
                ))}
              </ul>
            )
          }
        </Answered>
      </Section>
    </Page>
  )
}

const draft = 'question'

const kinds = ['delivery_question', 'invoice_question', 'payment_problem', 'care_request'] as const
/** What may be asked about only by who agreed to the purpose that it serves. */
const underPurpose: Partial<Record<(typeof kinds)[number], string>> = {
  ...{ payment_problem: 'payment', care_request: 'care' },
}
interface Asked {
  type: (typeof kinds)[number]
  text: string
}
const blank: Asked = { type: 'delivery_question', text: '' }

function Asking() {
  const { t } = useWording()
  const questions = useQueryClient()
  const agreed = (useConsents().data ?? []).filter(isLive).map(consent => consent.purpose)
  const offered = kinds.filter(
    kind => underPurpose[kind] === undefined || agreed.some(one => one === underPurpose[kind]),
  )
  useTakenDraft()
  const form = useForm({
    initialValues: { ...blank, ...findDraft<Partial<Asked>>(questions, draft) },
    validate: { text: text => checks.filled(text) ?? (text.trim().length > 2000 ? 'too_long' : null) },
  })
  const send = async (values: Asked) => {
    // Before it is sent: a card's number in a question is nobody's business here, ours neither.
    const fault = await cardFaultOf(values.text)
    if (fault !== null) throw new Problem('invalid', 400, [{ field: 'text', code: fault }])
    const body = { type: values.type, text: values.text.trim() }
    await answer(api.POST('/api/v1/portal/questions', { body }))
    form.setValues(blank)
    tell(t('portal.questions.sent'))
    void questions.invalidateQueries({ queryKey: ['portal-data'] })
    await questions.invalidateQueries({ queryKey: ['portal-questions'] })
  }
  const { busy, problem, onSubmit, field } = useSubmit(form, send, { draft })
  return (
    <form onSubmit={onSubmit} noValidate className="form">
      {problem === null ? null : <Failure error={problem} />}
      <Radio.Group
        label={t('portal.documents.kind')}
        value={form.values.type}
        onChange={chosen =>
          form.setFieldValue('type', kinds.find(kind => kind === chosen) ?? 'delivery_question')
        }
      >
        {offered.map(kind => (
          <Radio
            key={kind}
            value={kind}
            label={t(`portal.documents.kinds.${kind}`)}
            description={underPurpose[kind] === undefined ? undefined : t('portal.documents.confidential')}
            mt="xs"
          />
        ))}
      </Radio.Group>
      <Textarea
        label={t('portal.questions.text')}
        description={t('portal.questions.help')}
        autosize
        minRows={4}
        {...field('text')}
      />
      <CardOffer
        fault={typeof form.errors.text === 'string' ? form.errors.text : undefined}
        name="text"
        text={form.values.text}
        onChange={text => form.setFieldValue('text', text)}
      />
      <Button type="submit" loading={busy}>
        {t('portal.questions.send')}
      </Button>
    </form>
  )
}
