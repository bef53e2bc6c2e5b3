import { Button, Checkbox, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { Page } from '../ui/page.tsx'
import { Answered, Empty, Failure } from '../ui/states.tsx'
import { useSubmit } from '../ui/submit.ts'
import { useWording } from '../ui/wording.ts'
import { Agreement, NoticeArticle } from './agreeing.tsx'
import { type Notice, useNotice } from './notice.ts'
import { browserSaysNo } from './privacy-signal.tsx'
import { portalSessionQuery } from './session.ts'

/** The page behind the link in a guardian's letter: what it is about, and the agreements, each on its own. */
export function JoinChild({ token }: { token: string }) {
  const { t } = useWording()
  const notice = useNotice()
  const link = useQuery({
    queryKey: ['guardian-link', token],
    queryFn: () => answer(api.POST('/api/v1/portal/guardian-links', { body: { token } })),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  if (link.isError)
    return (
      <Page title={t('portal.guardian.join.dead')} narrow>
        <Empty title={t('portal.guardian.join.deadText')} />
      </Page>
    )
  return (
    <Answered query={link}>
      {() => (
        <Answered query={notice}>
          {text => (
            <Page
              title={t('portal.guardian.join.title')}
              lead={t('portal.guardian.join.lead', { least: text.least_age })}
            >
              <Agreeing notice={text} token={token} />
            </Page>
          )}
        </Answered>
      )}
    </Answered>
  )
}

function Agreeing({ notice, token }: { notice: Notice; token: string }) {
  const { t } = useWording()
  const questions = useQueryClient()
  const navigate = useNavigate()
  const [ticked, setTicked] = useState<Notice['purposes'][number]['code'][]>([])
  const [missing, setMissing] = useState(false)
  const form = useForm({
    initialValues: { name: '', born: '', responsible: false },
    validate: {
      responsible: said => (said ? null : t('portal.guardian.join.missing')),
    },
  })
  const signal = notice.signal || browserSaysNo()
  const { busy, problem, onSubmit, field } = useSubmit(form, async ({ name, born }) => {
    const needed = notice.purposes.find(purpose => purpose.needed && !ticked.includes(purpose.code))
    setMissing(needed !== undefined)
    if (needed !== undefined) return document.getElementById(`agree-${needed.code}`)?.focus()
    const despite = notice.purposes.some(one => one.advertising && ticked.includes(one.code))
    const body = {
      ...{ token, responsible: true as const, name: name.trim(), born, purposes: ticked, signal },
      ...{ notice_version: notice.version, language: notice.language, despite_signal: signal && despite },
    }
    const { alias } = await answer(api.POST('/api/v1/portal/guardian-joins', { body }))
    await questions.invalidateQueries({ queryKey: portalSessionQuery.queryKey })
    tell(t('portal.guardian.join.done', { alias }))
    await navigate({ to: '/', replace: true })
  })
  return (
    <form onSubmit={onSubmit} noValidate className="agree">
      <NoticeArticle notice={notice} />
      <div className="agreements">
        {notice.purposes.map(purpose => (
          <Agreement
            key={purpose.code}
            purpose={purpose}
            ticked={ticked.includes(purpose.code)}
            fault={purpose.needed && missing}
            against={signal && purpose.advertising}
            tick={on =>
              setTicked(on ? [...ticked, purpose.code] : ticked.filter(one => one !== purpose.code))
            }
          />
        ))}
        <section className="card agreement">
          <h2>{t('portal.guardian.join.who')}</h2>
          <TextInput label={t('portal.guardian.join.name')} autoComplete="off" {...field('name')} />
          <TextInput
            type="date"
            label={t('portal.guardian.join.born')}
            description={t('portal.guardian.join.bornHelp')}
            autoComplete="off"
            mt="sm"
            {...field('born')}
          />
          <Checkbox
            mt="md"
            label={t('portal.guardian.join.responsible')}
            description={t('portal.guardian.join.responsibleHelp')}
            {...form.getInputProps('responsible', { type: 'checkbox' })}
          />
        </section>
        {problem === null ? null : <Failure error={problem} />}
        <Button type="submit" size="lg" loading={busy}>
          {t('portal.guardian.join.agree')}
        </Button>
      </div>
    </form>
  )
}
