import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, type Reply } from '../ui/api.ts'
import { Dialog } from '../ui/dialog.tsx'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Section } from '../ui/page.tsx'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { type OwnData, type OwnValue, useRenewal } from './own-data.ts'
import { useProving } from './proving.tsx'
import { useForgetting } from './session.ts'
import { ShownValue } from './shown-value.tsx'

type Merge = NonNullable<Reply<'/api/v1/portal/merge'>['merge']>
const queryKey = ['portal-merge']

/** That my two records are one: until when it can be undone, what rests, and where the two differ. */
export function Merged({ data }: { data: OwnData }) {
  const { resting } = data
  const merge = useQuery({
    queryKey,
    queryFn: () => answer(api.GET('/api/v1/portal/merge')),
    enabled: resting !== null,
  })
  if (resting === null || merge.data?.merge == null) return null
  return (
    <>
      <Told merge={merge.data.merge} resting={resting} />
      <Differing merge={merge.data.merge} data={data} resting={resting} />
    </>
  )
}

type Resting = NonNullable<OwnData['resting']>

function Told({ merge, resting }: { merge: Merge; resting: Resting }) {
  const { t, day, word } = useWording()
  const [asking, setAsking] = useState(false)
  const open = resting.questions.some(question => question.state !== 'closed')
  return (
    <div className="warning" role="note">
      <h2>{t('portal.merging.since', { when: day(merge.at) })}</h2>
      <p>{t('portal.merging.sinceText', { alias: resting.alias, until: day(merge.until) })}</p>
      <p>{t('portal.merging.passkeys')}</p>
      {open ? <p>{t('portal.merging.tasks')}</p> : null}
      {merge.resting_purposes.length === 0 ? null : (
        <p>
          {t('portal.merging.purposes', {
            what: merge.resting_purposes.map(purpose => word('purpose', purpose)).join(', '),
            until: day(merge.until),
          })}
        </p>
      )}
      <Button variant="default" mt="xs" onClick={() => setAsking(true)}>
        {t('portal.merging.undo')}
      </Button>
      {asking ? <Undoing onClose={() => setAsking(false)} /> : null}
    </div>
  )
}

function Undoing({ onClose }: { onClose: () => void }) {
  const { t } = useWording()
  const prove = useProving()
  const navigate = useNavigate()
  const forget = useForgetting()
  const undo = useOnce({
    mutationFn: () => prove(() => answer(api.POST('/api/v1/portal/merge/undoings', { body: {} }))),
    onSuccess: async () => {
      await navigate({ to: '/sign-in' })
      forget()
      tell(t('portal.merging.undone'))
    },
  })
  return (
    <Dialog title={t('portal.merging.undoTitle')} onClose={onClose}>
      <p>{t('portal.merging.undoText')}</p>
      {undo.isError ? <Failure error={undo.error} /> : null}
      <div className="row row-end">
        <Button variant="default" onClick={onClose}>
          {t('portal.merging.keep')}
        </Button>
        <Button color="danger" loading={undo.isPending} onClick={() => undo.mutate()}>
          {t('portal.merging.undoNow')}
        </Button>
      </div>
    </Dialog>
  )
}

/** Field by field what the other record says, where it says otherwise. */
function Differing({ merge, data, resting }: { merge: Merge; data: OwnData; resting: Resting }) {
  const { t } = useWording()
  const here = new Map(data.values.map(value => [value.field, value]))
  const differing = resting.values.filter(
    ({ field, value, withheld }) =>
      merge.taken.includes(field) ||
      withheld ||
      JSON.stringify(value) !== JSON.stringify(here.get(field)?.value),
  )
  return (
    <Section title={t('portal.merging.both')}>
      {differing.length === 0 ? <p>{t('portal.merging.same')}</p> : <p>{t('portal.merging.bothText')}</p>}
      {differing.length === 0 ? null : (
        <ul className="lines merge-values">
          {differing.map(other => (
            <Differs
              key={other.field}
              own={here.get(other.field)}
              other={other}
              counts={merge.taken.includes(other.field)}
            />
          ))}
        </ul>
      )}
    </Section>
  )
}

function Differs({ own, other, counts }: { own: OwnValue | undefined; other: OwnValue; counts: boolean }) {
  const { t, word } = useWording()
  const what = word('field', other.field)
  return (
    <li>
      <div>
        <h3>{what}</h3>
        <dl className="merge-pair">
          {[
            { name: t('portal.merging.here'), value: own },
            { name: t('portal.merging.there'), value: other },
          ].map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {value === undefined ? (
                  <span className="dimmed">{t('portal.merging.nothing')}</span>
                ) : (
                  <ShownValue code={value.field} value={value.value} withheld={value.withheld} />
                )}
              </dd>
            </div>
          ))}
        </dl>
      </div>
      {other.field === 'email' ? (
        <span className="caption">{t('portal.merging.notTaken')}</span>
      ) : counts ? (
        <span className="caption">{t('portal.merging.counts')}</span>
      ) : (
        <TakeOver field={other.field} what={what} />
      )}
    </li>
  )
}

function TakeOver({ field, what }: { field: string; what: string }) {
  const { t } = useWording()
  const prove = useProving()
  const renew = useRenewal()
  const questions = useQueryClient()
  const take = useOnce({
    mutationFn: () =>
      prove(() => answer(api.POST('/api/v1/portal/merge/values', { body: { fields: [field] } }))),
    onSuccess: async () => {
      await Promise.all([renew(), questions.invalidateQueries({ queryKey })])
      tell(t('portal.merging.taken', { what }))
    },
  })
  return (
    <div>
      {take.isError ? <Failure error={take.error} /> : null}
      <Button
        variant="default"
        size="compact-md"
        aria-label={t('portal.merging.takeOf', { what })}
        loading={take.isPending}
        onClick={() => take.mutate()}
      >
        {t('portal.merging.take')}
      </Button>
    </div>
  )
}
