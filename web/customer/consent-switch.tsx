import { Button, Switch } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../ui/api.ts'
import { isCovered, isSealed, useCatalogue, useCatalogueField } from '../ui/catalogue.ts'
import { DatumValue } from '../ui/datum-value.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Answered, Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { Cover } from './cover.tsx'
import { isOutdated, type Notice, useNewNotice } from './notice.ts'
import { type Consent, isTheirs, type OwnValue, useOwnData, useRenewal } from './own-data.ts'
import { useSigning } from './signing.tsx'

/**
 * Gives an agreement and takes it back. Where it names data that no other agreement does, both ask once more first: the
 * one with what may be kept then, the other with what is destroyed.
 */
export function ConsentSwitch({
  notice,
  purpose,
  live,
  alone,
  against,
}: {
  notice: Notice
  purpose: Notice['purposes'][number]
  live: Consent | null
  /** The fields that no other live agreement names. */
  alone: string[]
  /** The browser says no to this, so it is agreed to only in spite of that. */
  against: boolean
}) {
  const { t } = useWording()
  const [asking, setAsking] = useState(false)
  const tellOf = useTelling(purpose, alone)
  const sign = useSigning()
  const change = useOnce({
    mutationFn: async (agree: boolean) => {
      const { version: notice_version, language } = notice
      if (agree) {
        const agreed = { purpose: purpose.code, notice_version, language, despite_signal: against }
        const signed = await sign({ ...agreed, fields: purpose.fields, renews: null })
        await answer(api.POST('/api/v1/portal/consents', { body: { ...agreed, ...signed } }))
      } else if (live !== null) {
        const params = { path: { id: live.id } }
        await answer(api.POST('/api/v1/consents/{id}/withdrawals', { params, body: {} }))
      }
      return agree
    },
    onMutate: () => {
      setAsking(false)
      tell(null)
    },
    onSuccess: agree => tellOf(agree),
    onSettled: useAfterAgreeing(),
  })
  const close = () => setAsking(false)
  return (
    <>
      <Switch
        size="md"
        label={t('portal.agree.agreeTo', { title: purpose.title })}
        checked={change.isPending ? change.variables : live !== null}
        aria-busy={change.isPending}
        onChange={event =>
          alone.length > 0 || (against && live === null)
            ? setAsking(true)
            : change.mutate(event.currentTarget.checked)
        }
      />
      {change.isError ? <AgreementRefused error={change.error} /> : null}
      {!asking ? null : live === null ? (
        <Giving {...{ purpose, alone, against }} onClose={close} give={() => change.mutate(true)} />
      ) : (
        <TakingBack purpose={purpose} alone={alone} onClose={close} takeBack={() => change.mutate(false)} />
      )}
    </>
  )
}

/** Tells what was given or taken back, and leads to what may be filled in now. */
function useTelling({ title }: Notice['purposes'][number], alone: string[]) {
  const { t } = useWording()
  const navigate = useNavigate()
  const catalogue = useCatalogue().data ?? []
  const asked = catalogue.some(field => alone.includes(field.code) && isTheirs(field))
  return (agree: boolean): void => {
    const offer = { label: t('portal.consents.giveNow'), act: () => void navigate({ to: '/' }) }
    if (agree) tell(t('portal.consents.gave', { title }), asked ? offer : null)
    else tell(t('portal.consents.tookBack', { title }))
  }
}

/** After an agreement is given, extended, taken back or refused: whatever rests on it is asked for anew. */
export function useAfterAgreeing() {
  const renew = useRenewal()
  const renewNotice = useNewNotice()
  return async (_data: unknown, error: unknown): Promise<void> => {
    if (error !== null && isOutdated(error)) await renewNotice()
    await renew()
  }
}

/** Why there is no agreement: among the rest, because there is a newer notice to be read first. */
export function AgreementRefused({ error }: { error: unknown }) {
  const { t } = useWording()
  if (!isOutdated(error)) return <Failure error={error} />
  return (
    <p role="alert" className="failure">
      {t('portal.consents.outdated')}
    </p>
  )
}

interface Asking {
  purpose: Notice['purposes'][number]
  alone: string[]
  onClose: () => void
}

function Giving({ purpose, alone, against, onClose, give }: Asking & { against: boolean; give: () => void }) {
  const { t, words } = useWording()
  const catalogue = useCatalogue().data ?? []
  const sealed = catalogue.some(field => alone.includes(field.code) && isSealed(field))
  return (
    <Dialog title={t('portal.agree.agreeTo', { title: purpose.title })} onClose={onClose}>
      {against ? <p>{t('portal.signal.giving')}</p> : null}
      {alone.length === 0 ? null : <p>{t('portal.consents.giving', { fields: words('field', alone) })}</p>}
      {sealed ? <p>{t('portal.consents.givingSealed')}</p> : null}
      <p className="caption">{t('portal.agree.kept', { kept: purpose.kept })}</p>
      <div className="row row-end">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button onClick={give}>{t(against ? 'portal.signal.agreeDespite' : 'portal.consents.give')}</Button>
      </div>
    </Dialog>
  )
}

/** What would be destroyed; it can be taken back also where that cannot be shown. */
function TakingBack({ purpose, alone, onClose, takeBack }: Asking & { takeBack: () => void }) {
  const { t } = useWording()
  const data = useOwnData()
  return (
    <Dialog title={t('portal.consents.takingBack', { title: purpose.title })} onClose={onClose}>
      <Answered query={data}>
        {({ values }) => <Destroyed values={values.filter(value => alone.includes(value.field))} />}
      </Answered>
      <div className="row row-end">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button color="danger" onClick={takeBack}>
          {t('portal.consents.takeBack')}
        </Button>
      </div>
    </Dialog>
  )
}

function Destroyed({ values }: { values: OwnValue[] }) {
  const { t } = useWording()
  if (values.length === 0) return <p>{t('portal.consents.nothingHeld')}</p>
  return (
    <>
      <p>{t('portal.consents.destroyed')}</p>
      <dl className="lost">
        {values.map(value => (
          <LostValue key={value.field} value={value} />
        ))}
      </dl>
    </>
  )
}

function LostValue({ value: { field: code, value } }: { value: OwnValue }) {
  const { word } = useWording()
  const field = useCatalogueField(code)
  return (
    <div>
      <dt>{word('field', code)}</dt>
      <dd>
        {field !== undefined && isCovered(field) ? <Cover /> : <DatumValue field={field} value={value} />}
      </dd>
    </div>
  )
}
