import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { answer, api } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Page, Section } from '../ui/page.tsx'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { type OwnData, useRenewal } from './own-data.ts'

const levels = ['level0', 'level1', 'level2', 'level3'] as const

/** How surely we know that it is me, and what I can do so that it is known better. */
export function Identity({ data }: { data: OwnData }) {
  const { t } = useWording()
  const provider = useQuery({
    queryKey: ['identity-provider'],
    queryFn: () => answer(api.GET('/api/v1/portal/identity-provider')),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const host = provider.data?.host ?? null
  return (
    <Section title={t('portal.proof.identity.title')}>
      <p>{t(`portal.proof.identity.${levels[data.level] ?? 'level0'}`)}</p>
      {data.level < 2 ? <ShowDocument data={data} /> : null}
      {host === null || data.level > 2 ? null : <AskProvider host={host} />}
    </Section>
  )
}

function ShowDocument({ data }: { data: OwnData }) {
  const { t } = useWording()
  const renew = useRenewal()
  const isAsked = data.questions.some(one => one.type === 'identity_check' && one.state !== 'closed')
  const ask = useOnce({
    mutationFn: async () => {
      await answer(api.POST('/api/v1/portal/identity-checks', { body: {} }))
      await renew()
    },
    onMutate: () => tell(null),
    onSuccess: () => tell(t('portal.proof.identity.documentAsked')),
  })
  return (
    <div className="proof-way">
      <h3>{t('portal.proof.identity.document')}</h3>
      <p>{t('portal.proof.identity.documentText')}</p>
      {ask.isError ? <Failure error={ask.error} /> : null}
      {isAsked ? (
        <p className="caption-line">{t('portal.proof.identity.documentAsked')}</p>
      ) : (
        <Button variant="default" size="compact-md" loading={ask.isPending} onClick={() => ask.mutate()}>
          {t('portal.proof.identity.documentAsk')}
        </Button>
      )}
    </div>
  )
}

function AskProvider({ host }: { host: string }) {
  const { t } = useWording()
  const go = useOnce({
    mutationFn: async () => {
      const { url } = await answer(api.POST('/api/v1/portal/provider-checks', { body: {} }))
      location.assign(url)
    },
  })
  return (
    <div className="proof-way">
      <h3>{t('portal.proof.identity.provider', { host })}</h3>
      <p>{t('portal.proof.identity.providerText')}</p>
      {go.isError ? <Failure error={go.error} /> : null}
      <Button variant="default" size="compact-md" loading={go.isPending} onClick={() => go.mutate()}>
        {t('portal.proof.identity.providerGo', { host })}
      </Button>
    </div>
  )
}

/** What the provider has sent along, taken out of the address so that neither history nor a bookmark keeps it. */
function takeAnswer() {
  const { code, state, iss } = Object.fromEntries(new URLSearchParams(location.search))
  history.replaceState(history.state, '', location.pathname)
  return code === undefined || state === undefined
    ? null
    : { code, state, ...(iss === undefined ? {} : { iss }) }
}

/** Where the provider sends me back to. */
export function ProvedPage() {
  const { t, words } = useWording()
  const renew = useRenewal()
  const [brought] = useState(takeAnswer)
  const end = useOnce({
    mutationFn: async (body: NonNullable<typeof brought>) => {
      const heard = await answer(api.POST('/api/v1/portal/provider-answers', { body }))
      void renew()
      return heard
    },
  })
  const { mutate, isIdle } = end
  useEffect(() => {
    if (brought !== null && isIdle) mutate(brought)
  }, [brought, mutate, isIdle])
  const heard = end.data
  return (
    <Page title={t('portal.proof.proved.title')} narrow>
      {brought === null ? <p>{t('portal.proof.proved.cancelled')}</p> : null}
      {brought !== null && (end.isPending || isIdle) ? (
        <p role="status">{t('portal.proof.proved.waiting')}</p>
      ) : null}
      {end.isError ? <Failure error={end.error} /> : null}
      {heard === undefined ? null : (
        <div role="status">
          {heard.agreed.length === 0 ? null : (
            <p>{t('portal.proof.proved.agreed', { fields: words('field', heard.agreed) })}</p>
          )}
          {heard.contradicted.length === 0 ? null : (
            <p>{t('portal.proof.proved.contradicted', { fields: words('field', heard.contradicted) })}</p>
          )}
          {heard.agreed.length + heard.contradicted.length === 0 ? (
            <p>{t('portal.proof.proved.nothing')}</p>
          ) : null}
        </div>
      )}
      <Link to="/">{t('portal.proof.proved.back')}</Link>
    </Page>
  )
}
