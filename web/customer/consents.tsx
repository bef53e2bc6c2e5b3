import { Link } from '@tanstack/react-router'
import { Page, Section } from '../ui/page.tsx'
import { Answered } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { SealedAmong } from './agreeing.tsx'
import { AskedAnew } from './asked-anew.tsx'
import { AboutReceipts, ConsentReceipt } from './consent-receipt.tsx'
import { ConsentSwitch } from './consent-switch.tsx'
import { type Notice, useNotice } from './notice.ts'
import { type Consent, fieldsOf, isLive, useConsents } from './own-data.ts'
import { Resting, SignalHeard, useSignal } from './privacy-signal.tsx'
import { TakingOver } from './taking-over.tsx'

type Purpose = Notice['purposes'][number]

/** What I agreed to; what can be given and taken back alone has a switch, what carries the rest says so. */
export function ConsentsPage() {
  const { t } = useWording()
  const notice = useNotice()
  const consents = useConsents()
  return (
    <Page title={t('portal.consents.title')} lead={t('portal.consents.lead')}>
      <Answered query={notice}>
        {text => (
          <Answered query={consents}>{items => <Agreements notice={text} consents={items} />}</Answered>
        )}
      </Answered>
    </Page>
  )
}

function Agreements({ notice, consents }: { notice: Notice; consents: Consent[] }) {
  const purposes = [...notice.purposes, ...useUnasked(notice, consents)]
  return (
    <>
      <SignalHeard />
      <div className="cards">
        {purposes.map(purpose => (
          <PurposeCard key={purpose.code} {...{ notice, purpose, consents }} />
        ))}
      </div>
      {consents.length === 0 ? null : <AboutReceipts />}
      <Earlier consents={consents} />
    </>
  )
}

/** What I have agreed to and the company asks for no more: the notice is silent on it, and it can be taken back all the same. */
function useUnasked({ purposes }: Notice, consents: Consent[]): Purpose[] {
  const { t, word } = useWording()
  return consents
    .filter(isLive)
    .filter(consent => !purposes.some(purpose => purpose.code === consent.purpose))
    .map(({ purpose: code, fields }) => ({
      ...{ code, fields, sealed: [], needed: false, advertising: false, title: word('purpose', code) },
      ...{ why: t('portal.consents.unasked'), kept: '' },
    }))
}

function PurposeCard({
  notice,
  purpose,
  consents,
}: {
  notice: Notice
  purpose: Purpose
  consents: Consent[]
}) {
  const { t, words } = useWording()
  const live = consents.find(one => one.purpose === purpose.code && isLive(one)) ?? null
  const others = fieldsOf(consents.filter(one => one.purpose !== purpose.code))
  const heard = useSignal().data?.heard_at ?? null
  const against = purpose.advertising && heard !== null
  const rests = against && live !== null && !live.despite_signal
  // An agreement names what it was given for, whatever is asked now.
  const named = live?.fields ?? purpose.fields
  return (
    <section className="card">
      <h2 id={`purpose-${purpose.code}`} tabIndex={-1}>
        {purpose.title}
      </h2>
      <p>{purpose.why}</p>
      <p className="caption">{t('portal.consents.fields', { fields: words('field', named) })}</p>
      <SealedAmong purpose={purpose} />
      <p className="caption">{live === null ? t('portal.consents.notGiven') : <Given consent={live} />}</p>
      {live === null || live.asked_now.length === 0 ? null : (
        <AskedAnew notice={notice} purpose={purpose} consent={live} against={against} />
      )}
      {live === null ? null : <TakingOver {...{ notice, purpose, against }} consent={live} />}
      {rests && live.asked_now.length === 0 ? <Resting notice={notice} consent={live} /> : null}
      {live?.despite_signal === true ? <p className="caption">{t('portal.signal.despite')}</p> : null}
      {purpose.needed ? (
        <p>
          {t('portal.consents.whole')} <Link to="/leave">{t('portal.consents.toLeave')}</Link>
        </p>
      ) : (
        <ConsentSwitch
          notice={notice}
          purpose={purpose}
          live={live}
          against={against}
          alone={named.filter(field => !others.has(field))}
        />
      )}
      {live === null ? null : <ConsentReceipt consent={live} />}
    </section>
  )
}

const signing = { passkey: 'portal.signing.signed', declined: 'portal.signing.declined' } as const

function Given({ consent }: { consent: Consent }) {
  const { t, moment } = useWording()
  const where =
    consent.evidence === 'import' || consent.notice_version === null
      ? t('portal.consents.imported')
      : t('portal.consents.version', { version: consent.notice_version })
  return (
    <>
      {t('portal.consents.given', { when: moment(consent.given_at) })}, {where}
      {consent.given_by === 'guardian' ? `, ${t('portal.guardian.given')}` : null}
      {consent.signature === 'none' ? null : `, ${t(signing[consent.signature])}`}
    </>
  )
}

/** Agreements that ended: taken back, or replaced by one that names more. */
function Earlier({ consents }: { consents: Consent[] }) {
  const { t, word, moment } = useWording()
  const earlier = consents.filter(one => !isLive(one))
  if (earlier.length === 0) return null
  const isReplaced = ({ id }: Consent) => consents.some(one => one.renews === id)
  return (
    <Section title={t('portal.consents.earlier')}>
      <ul className="lines">
        {earlier.map(consent => {
          const when = moment(consent.withdrawn_at ?? '')
          return (
            <li key={consent.id}>
              <span>{word('purpose', consent.purpose)}</span>
              <span className="caption">
                <Given consent={consent} />
                {' · '}
                {isReplaced(consent)
                  ? t('portal.consents.replaced', { when })
                  : t('portal.consents.withdrawn', { when })}
              </span>
              <ConsentReceipt consent={consent} />
            </li>
          )
        })}
      </ul>
    </Section>
  )
}
