import { Button, NativeSelect } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Dialog } from './dialog.tsx'
import { tell } from './notice.tsx'
import { useOnce } from './once.ts'
import { Page, Section } from './page.tsx'
import { knowsPasskeys, makePasskey } from './passkey.ts'
import { type OwnPasskey, type PasskeyRoom, type Place, passkeyCalls } from './passkey-calls.ts'
import { Answered, Empty, Failure } from './states.tsx'
import { checks, digits, useSubmit } from './submit.ts'
import { CodeInput } from './totp.tsx'
import { useWording } from './wording.ts'

const places = ['phone', 'computer', 'security_key', 'password_manager'] as const

/** Runs an act that may need its person to show again that it is them. */
export type Proving = <T>(work: () => Promise<T>) => Promise<T>
const atOnce: Proving = work => work()

/** My passkeys: where each is kept and when it was last used, adding one, and removing one after seeing what that means. */
export function PasskeysPage({ room, prove = atOnce }: { room: PasskeyRoom; prove?: Proving }) {
  const { t } = useWording()
  const mine = useQuery({ queryKey: ['passkeys', room], queryFn: passkeyCalls[room].list })
  return (
    <Page title={t('passkeys.page')} lead={t('passkeys.lead')} narrow>
      <Answered query={mine}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('passkeys.none')} />
          ) : (
            <ul className="lines">
              {items.map(passkey => (
                <Line key={passkey.id} {...{ passkey, room, prove }} others={items.length - 1} />
              ))}
            </ul>
          )
        }
      </Answered>
      <Section title={t('passkeys.add')}>
        {knowsPasskeys() ? <Adding room={room} prove={prove} /> : <p>{t('problem.passkey_unable')}</p>}
      </Section>
    </Page>
  )
}

interface Shown {
  passkey: OwnPasskey
  room: PasskeyRoom
  prove: Proving
  others: number
}

function Line(shown: Shown) {
  const { t, day, moment } = useWording()
  const [asking, setAsking] = useState(false)
  const { kept_on, made_at, used_at, synced } = shown.passkey
  const place = t(`passkeys.on.${kept_on}`)
  const made = t('passkeys.made', { when: day(made_at) })
  const used = used_at === null ? t('passkeys.unused') : t('passkeys.used', { when: moment(used_at) })
  return (
    <li>
      <span>
        {place}
        <br />
        <span className="caption">{[made, used, ...(synced ? [t('passkeys.synced')] : [])].join(' · ')}</span>
      </span>
      <Button
        variant="default"
        size="compact-md"
        aria-label={`${t('passkeys.remove')}: ${place}, ${made}`}
        onClick={() => setAsking(true)}
      >
        {t('passkeys.remove')}
      </Button>
      {asking ? <Removing {...shown} onClose={() => setAsking(false)} /> : null}
    </li>
  )
}

function Removing({ passkey, room, prove, others, onClose }: Shown & { onClose: () => void }) {
  const { t } = useWording()
  const questions = useQueryClient()
  useEffect(() => () => void setTimeout(findPlace, 50), [])
  const remove = useOnce({
    mutationFn: () => prove(() => passkeyCalls[room].remove(passkey.id)),
    onMutate: () => tell(null),
    onSuccess: async () => {
      tell(t('passkeys.removed'))
      await questions.invalidateQueries({ queryKey: ['passkeys', room] })
      onClose()
    },
  })
  return (
    <Dialog title={t('passkeys.removeTitle')} onClose={onClose}>
      <p className="strong">{t(`passkeys.on.${passkey.kept_on}`)}</p>
      <ul>
        <li>{t('passkeys.removeLetsIn')}</li>
        <li>{t('passkeys.removeSessions')}</li>
        <li>{t('passkeys.removeOthers', { count: others })}</li>
        <li>{t('passkeys.removeDevice')}</li>
      </ul>
      {remove.isError ? <Failure error={remove.error} /> : null}
      <div className="row row-end">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button color="danger" loading={remove.isPending} onClick={() => remove.mutate()}>
          {t('passkeys.removeNow')}
        </Button>
      </div>
    </Dialog>
  )
}

/** The button that had the focus is gone with its line. */
function findPlace(): void {
  if (document.activeElement === document.body) document.querySelector<HTMLElement>('h1')?.focus()
}

function Adding({ room, prove }: { room: PasskeyRoom; prove: Proving }) {
  const { t } = useWording()
  const questions = useQueryClient()
  const staff = room !== 'portal'
  const form = useForm<{ place: Place; code: string }>({
    initialValues: { place: 'phone', code: '' },
    validate: staff ? { code: checks.code } : {},
  })
  const add = async ({ place, code }: { place: Place; code: string }) => {
    tell(null)
    const calls = passkeyCalls[room]
    const made = await makePasskey(await prove(calls.askToAdd))
    await prove(() => calls.add({ ...made, kept_on: place }, digits(code)))
    form.setFieldValue('code', '')
    tell(t('passkeys.added'))
    await questions.invalidateQueries({ queryKey: ['passkeys', room] })
  }
  const { busy, problem, onSubmit, field } = useSubmit(form, add)
  return (
    <form onSubmit={onSubmit} noValidate className="form">
      {problem === null ? null : <Failure error={problem} />}
      <p>{t('passkeys.addText')}</p>
      <NativeSelect
        label={t('passkeys.where')}
        data={places.map(value => ({ value, label: t(`passkeys.on.${value}`) }))}
        {...field('place')}
      />
      {staff ? (
        <CodeInput label={t('passkeys.code')} description={t('passkeys.codeHelp')} {...field('code')} />
      ) : null}
      <Button type="submit" loading={busy}>
        {t('passkeys.add')}
      </Button>
    </form>
  )
}
