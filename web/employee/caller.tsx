import { Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { answer, api } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Section } from '../ui/page.tsx'
import { Failure } from '../ui/states.tsx'
import { checks, digits, useSubmit } from '../ui/submit.ts'
import { CodeInput } from '../ui/totp.tsx'
import { useWording } from '../ui/wording.ts'
import { MaskedCard } from './find.tsx'
import type { Task } from './task.tsx'

/** A task about somebody who calls: closed until they have said the code that was sent to the customer. */
export function Caller({ task }: { task: Task }) {
  const { t, hour } = useWording()
  const card = useRouterState({ select: state => state.location.state.found })
  const [until, setUntil] = useState<string | null>(null)
  const path = { params: { path: { id: task.id } } }
  const send = useOnce({
    mutationFn: () => answer(api.POST('/api/v1/work/tasks/{id}/caller-codes', { ...path, body: {} })),
    onMutate: () => tell(null),
    onSuccess: sent => {
      if (until !== null) tell(t('work.find.caller.resent'))
      setUntil(sent.until)
    },
  })
  return (
    <div className="task-columns">
      <section className="why caller">
        <h2>{t('work.find.caller.title')}</h2>
        <p>{t('work.find.caller.text')}</p>
        <p className="why-trail">{t('work.find.caller.close')}</p>
      </section>
      <div>
        {card === undefined ? null : (
          <Section title={t('work.find.caller.card')}>
            <MaskedCard card={card} />
          </Section>
        )}
        <div className="section form">
          {send.isError ? <Failure error={send.error} /> : null}
          {until === null ? null : (
            <>
              <p role="status">{t('work.find.caller.sent', { hour: hour(until) })}</p>
              <Code key={until} task={task} />
            </>
          )}
          <div className="row">
            <Button
              variant={until === null ? 'filled' : 'default'}
              loading={send.isPending}
              onClick={() => send.mutate()}
            >
              {t(until === null ? 'work.find.caller.send' : 'work.find.caller.again')}
            </Button>
          </div>
        </div>
      </div>
    </div>
  )
}

function Code({ task: { id } }: { task: Task }) {
  const { t } = useWording()
  const questions = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  const form = useForm({ initialValues: { code: '' }, validate: { code: checks.code } })
  const path = { params: { path: { id } } }
  const { busy, problem, onSubmit, field } = useSubmit(form, async ({ code }) => {
    await answer(api.POST('/api/v1/work/tasks/{id}/caller-proofs', { ...path, body: { code: digits(code) } }))
    tell(t('work.find.caller.proven'))
    // Refused, the page says so itself and offers to try again.
    await answer(api.POST('/api/v1/work/tasks/{id}/grants', { ...path, body: {} })).catch(() => {})
    await questions.invalidateQueries({ queryKey: ['task', id] })
  })
  return (
    <form onSubmit={onSubmit} noValidate className="form">
      {problem === null ? null : <Failure error={problem} />}
      <CodeInput ref={input} label={t('work.find.caller.code')} {...field('code')} />
      <Button type="submit" loading={busy}>
        {t('work.find.caller.confirm')}
      </Button>
    </form>
  )
}
