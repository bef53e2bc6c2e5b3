import { Switch } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api, type ItemOf } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Page, Section } from '../ui/page.tsx'
import { Answered, Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { type Notice, useNotice } from './notice.ts'

type Consent = ItemOf<'/api/v1/portal/consents'>
type Purpose = Notice['purposes'][number]

/** What I agreed to; what can be given and taken back alone has a switch, what carries the rest says so. */
export function ConsentsPage() {
  const { t } = useWording()
  const notice = useNotice()
  const consents = useQuery({
    queryKey: ['portal-consents'],
    queryFn: () => answer(api.GET('/api/v1/portal/consents')),
  })
  return (
    <Page title={t('portal.consents.title')} lead={t('portal.consents.lead')}>
      <Answered query={notice}>
        {text => (
          <Answered query={consents}>
            {({ items }) => (
              <>
                <div className="cards">
                  {text.purposes.map(purpose => (
                    <PurposeCard
                      key={purpose.code}
                      notice={text}
                      purpose={purpose}
                      live={
                        items.find(one => one.purpose === purpose.code && one.withdrawn_at === null) ?? null
                      }
                    />
                  ))}
                </div>
                <Earlier consents={items.filter(one => one.withdrawn_at !== null)} />
              </>
            )}
          </Answered>
        )}
      </Answered>
    </Page>
  )
}

function PurposeCard({ notice, purpose, live }: { notice: Notice; purpose: Purpose; live: Consent | null }) {
  const { t, words } = useWording()
  return (
    <section className="card">
      <h2>{purpose.title}</h2>
      <p>{purpose.why}</p>
      <p className="caption">{t('portal.consents.fields', { fields: words('field', purpose.fields) })}</p>
      <p className="caption">{live === null ? t('portal.consents.notGiven') : <Given consent={live} />}</p>
      {purpose.needed ? (
        <p>
          {t('portal.consents.whole')} <Link to="/leave">{t('portal.consents.toLeave')}</Link>
        </p>
      ) : (
        <ConsentSwitch notice={notice} purpose={purpose} live={live} />
      )}
    </section>
  )
}

function Given({ consent }: { consent: Consent }) {
  const { t, moment } = useWording()
  const where =
    consent.evidence === 'import' || consent.notice_version === null
      ? t('portal.consents.imported')
      : t('portal.consents.version', { version: consent.notice_version })
  return (
    <>
      {t('portal.consents.given', { when: moment(consent.given_at) })}, {where}
    </>
  )
}

function ConsentSwitch({
  notice,
  purpose,
  live,
}: {
  notice: Notice
  purpose: Purpose
  live: Consent | null
}) {
  const { t } = useWording()
  const questions = useQueryClient()
  const change = useOnce({
    mutationFn: async (agree: boolean) => {
      const { version: notice_version, language } = notice
      if (agree) {
        const body = { purpose: purpose.code, notice_version, language }
        await answer(api.POST('/api/v1/portal/consents', { body }))
      } else if (live !== null) {
        const params = { path: { id: live.id } }
        await answer(api.POST('/api/v1/consents/{id}/withdrawals', { params, body: {} }))
      }
      return agree
    },
    onMutate: () => tell(null),
    onSuccess: agree => tell(t(agree ? 'portal.consents.gaveOffers' : 'portal.consents.withdrewOffers')),
    onSettled: async () => {
      void questions.invalidateQueries({ queryKey: ['portal-data'] })
      void questions.invalidateQueries({ queryKey: ['portal-entries'] })
      await questions.invalidateQueries({ queryKey: ['portal-consents'] })
    },
  })
  return (
    <>
      <Switch
        size="md"
        label={t('portal.agree.agreeTo', { title: purpose.title })}
        checked={change.isPending ? change.variables : live !== null}
        aria-busy={change.isPending}
        onChange={event => change.mutate(event.currentTarget.checked)}
      />
      {change.isError ? <Failure error={change.error} /> : null}
    </>
  )
}

function Earlier({ consents }: { consents: Consent[] }) {
  const { t, word, moment } = useWording()
  if (consents.length === 0) return null
  return (
    <Section title={t('portal.consents.earlier')}>
      <ul className="lines">
        {consents.map(consent => (
          <li key={consent.id}>
            <span>{word('purpose', consent.purpose)}</span>
            <span className="caption">
              <Given consent={consent} />
              {consent.withdrawn_at === null
                ? null
                : ` · ${t('portal.consents.withdrawn', { when: moment(consent.withdrawn_at) })}`}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
