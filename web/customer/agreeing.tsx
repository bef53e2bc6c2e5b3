import { Button, Checkbox } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Answered } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { AgeQuestion, type Reached } from './age-question.tsx'
import { type Notice, useNotice } from './notice.ts'
import { browserSaysNo } from './privacy-signal.tsx'

type Purpose = Notice['purposes'][number]

/** What somebody agreed to, and the notice they read when they did. */
export interface Agreed {
  notice_version: number
  language: 'en' | 'it'
  purposes: Purpose['code'][]
  /** How old they say to be at least. */
  said_age: number
  /** The browser says no to advertising; and what it says no to is among the purposes, ticked as such. */
  signal: boolean
  despite_signal: boolean
}

interface Agreeing {
  ticked: Purpose['code'][]
  setTicked: (ticked: Purpose['code'][]) => void
  reached: Reached
  setReached: (reached: Reached) => void
  onAgreed: (agreed: Agreed) => void
}

/** The notice and the agreements, each on its own, none ticked beforehand. */
export function AgreeStep(props: Agreeing) {
  const notice = useNotice()
  return <Answered query={notice}>{data => <Agreements notice={data} {...props} />}</Answered>
}

function Agreements({
  notice,
  ticked,
  setTicked,
  reached,
  setReached,
  onAgreed,
}: Agreeing & { notice: Notice }) {
  const { t } = useWording()
  const [missing, setMissing] = useState(false)
  const signal = notice.signal || browserSaysNo()
  const [ageMissing, setAgeMissing] = useState(false)

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const needed = notice.purposes.find(purpose => purpose.needed && !ticked.includes(purpose.code))
    setMissing(needed !== undefined)
    setAgeMissing(reached === null)
    if (needed !== undefined) document.getElementById(`agree-${needed.code}`)?.focus()
    else if (reached !== 'yes') document.getElementById('age-yes')?.focus()
    else
      onAgreed({
        ...{ notice_version: notice.version, language: notice.language, purposes: ticked, signal },
        said_age: notice.least_age,
        despite_signal: signal && notice.purposes.some(one => one.advertising && ticked.includes(one.code)),
      })
  }
  const tick = (code: Purpose['code'], on: boolean) => {
    setTicked(on ? [...ticked, code] : ticked.filter(one => one !== code))
    setMissing(false)
  }
  return (
    <form onSubmit={submit} noValidate className="agree">
      <NoticeArticle notice={notice} />
      <div className="agreements">
        {notice.purposes.map(purpose => (
          <Agreement
            key={purpose.code}
            purpose={purpose}
            ticked={ticked.includes(purpose.code)}
            fault={purpose.needed && missing}
            against={signal && purpose.advertising}
            tick={on => tick(purpose.code, on)}
          />
        ))}
        <AgeQuestion
          {...{ reached, setReached, least: notice.least_age }}
          fault={ageMissing && reached === null}
        />
        <Button type="submit" size="lg" disabled={reached === 'no'}>
          {t('portal.agree.continue')}
        </Button>
      </div>
    </form>
  )
}

/** Which of these data are sealed in the browser, where it is not all of them: then the words of the purpose say so. */
export function SealedAmong({ purpose: { fields, sealed } }: { purpose: Purpose }) {
  const { t, words } = useWording()
  if (sealed.length === 0 || sealed.length === fields.length) return null
  return <p className="caption">{t('portal.agree.sealed', { fields: words('field', sealed) })}</p>
}

/** The words of the notice, as published. */
export function NoticeArticle({ notice }: { notice: Notice }) {
  const { t } = useWording()
  return (
    <article className="notice-text">
      <h2>{notice.title}</h2>
      <p>{notice.introduction}</p>
      {notice.sections.map(section => (
        <section key={section.heading}>
          <h3>{section.heading}</h3>
          {section.paragraphs.map(paragraph => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </section>
      ))}
      <p className="caption">{t('portal.agree.version', { version: notice.version })}</p>
    </article>
  )
}

/** One purpose, with a box to agree to it alone. */
export function Agreement({
  purpose,
  ticked,
  fault,
  against,
  tick,
}: {
  purpose: Purpose
  ticked: boolean
  fault: boolean
  /** The browser says no to this. */
  against: boolean
  tick: (on: boolean) => void
}) {
  const { t, words } = useWording()
  return (
    <section className="card agreement">
      <p className={purpose.needed ? 'tag tag-needed' : 'tag'}>
        {t(purpose.needed ? 'portal.agree.service' : 'portal.agree.offers')}
      </p>
      <h2>{purpose.title}</h2>
      <p>{purpose.why}</p>
      <p className="caption">{t('portal.agree.fields', { fields: words('field', purpose.fields) })}</p>
      <SealedAmong purpose={purpose} />
      <p className="caption">{t('portal.agree.kept', { kept: purpose.kept })}</p>
      {against ? <p className="said-no">{t('portal.signal.giving')}</p> : null}
      <Checkbox
        id={`agree-${purpose.code}`}
        name={purpose.code}
        label={t(against ? 'portal.signal.agreeTo' : 'portal.agree.agreeTo', { title: purpose.title })}
        checked={ticked}
        onChange={event => tick(event.currentTarget.checked)}
        error={fault ? t('portal.agree.needService') : undefined}
        {...(fault ? { 'aria-invalid': true } : {})}
      />
    </section>
  )
}
