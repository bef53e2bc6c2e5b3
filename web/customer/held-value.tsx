import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Suspense, useEffect, useState } from 'react'
import { type CatalogueField, useCatalogueField } from '../ui/catalogue.ts'
import { Dialog } from '../ui/dialog.tsx'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Failure, Waiting } from '../ui/states.tsx'
import { textOf, useWording } from '../ui/wording.ts'
import { CodeCheck } from './channel-check.tsx'
import { DoubtButton, InDoubt } from './doubt.tsx'
import { useHandover } from './handover.ts'
import { LinkButton } from './link.tsx'
import { findPlace, isMine, isTheirs, type OwnValue, useReturningFocus, useReveal } from './own-data.ts'
import { Provenance } from './provenance.tsx'
import { ShownValue } from './shown-value.tsx'
import { isDue, StillRight } from './still-right.tsx'
import { useIsDrafted, ValueForm } from './value-form.tsx'
import { useWriting } from './writing.ts'

/** One value that is held, with its label like a thing in a museum, and what I can do with it. */
export function HeldValue({ value, level }: { value: OwnValue; level: number }) {
  const { t, word, moment, sentenceOf } = useWording()
  const field = useCatalogueField(value.field)
  const drafted = useIsDrafted(value.field)
  const handed = useHandover(value.field)
  // What was shown when the form was opened: what is sensitive may be withheld again meanwhile.
  const [opened, setEditing] = useState<{ held: unknown } | null>(drafted ? { held: value.value } : null)
  const editing = opened ?? (handed === undefined ? null : { held: value.value })
  const reveal = useReveal()
  const edit = async () => {
    try {
      setEditing({ held: value.withheld ? await reveal(value.field) : value.value })
    } catch (error) {
      tell(sentenceOf(error))
    }
  }
  return (
    <div className="exhibit">
      <dt className={editing !== null ? 'hidden' : undefined}>{word('field', value.field)}</dt>
      {editing !== null && field !== undefined ? (
        <dd>
          <Suspense fallback={<Waiting />}>
            <ValueForm
              field={field}
              held={value.withheld ? editing.held : value.value}
              onDone={() => setEditing(null)}
            />
          </Suspense>
        </dd>
      ) : (
        <HeldNow value={value} />
      )}
      <Provenance value={value} />
      {value.former.map(one => (
        <dd key={one.until} className="caption-line exhibit-former">
          {t('portal.address.former', { what: textOf(one.value), when: moment(one.until) })}
        </dd>
      ))}
      {editing !== null || field === undefined ? null : (
        <>
          <InDoubt {...{ field, value }} />
          {value.disputed === null && isDue(field, value, level) ? (
            <StillRight {...{ field, value, level }} edit={() => void edit()} />
          ) : null}
          <Acts {...{ field, value, level }} edit={() => void edit()} />
        </>
      )}
    </div>
  )
}

/** Where others say otherwise it stands beside what they say. */
function HeldNow({ value }: { value: OwnValue }) {
  if ((value.disputed?.claims.length ?? 0) > 0) return null
  return (
    <dd className="exhibit-value">
      <ShownValue code={value.field} value={value.value} withheld={value.withheld} />
    </dd>
  )
}

interface Acting {
  field: CatalogueField
  value: OwnValue
  level: number
  edit: () => void
}

/** Change and remove where they are mine to do, and otherwise why not. */
function Acts({ field, value, level, edit }: Acting) {
  const { t, word } = useWording()
  const button = useReturningFocus(value.field)
  const [asking, setAsking] = useState(false)
  const what = word('field', value.field)
  const quiet = quietReason(field, level)
  return (
    <dd className="exhibit-acts">
      {quiet === null ? null : <p className="caption-line">{t(`portal.data.quiet.${quiet}`)}</p>}
      <div className="row">
        {/* Where it is asked whether it is still right, that has the button. */}
        {isMine(field, level) &&
        isTheirs(field) &&
        (value.disputed !== null || !isDue(field, value, level)) ? (
          <Button
            ref={button}
            variant="default"
            size="compact-md"
            aria-label={`${t('portal.data.edit')}: ${what}`}
            onClick={edit}
          >
            {t('portal.data.edit')}
          </Button>
        ) : null}
        {field.type === 'email' && value.verified === null && value.disputed === null ? (
          <LinkButton field={field} />
        ) : null}
        {field.type === 'email' &&
        field.code !== 'email' &&
        value.verified === null &&
        value.disputed === null ? (
          <CodeCheck field={field} />
        ) : null}
        {field.code === 'email' ? <Link to="/sign-in-address">{t('portal.address.change')}</Link> : null}
        {field.required || !isMine(field, level) ? null : (
          <Button
            variant="subtle"
            size="compact-md"
            aria-label={`${t('portal.data.remove')}: ${what}`}
            onClick={() => setAsking(true)}
          >
            {t('portal.data.remove')}
          </Button>
        )}
        {field.type !== null && value.disputed === null ? <DoubtButton field={field} /> : null}
      </div>
      {asking ? <Removing field={field} onClose={() => setAsking(false)} /> : null}
    </dd>
  )
}

/** Why something cannot be done with a value here; null where nothing is missing. */
function quietReason(field: CatalogueField, level: number) {
  if (field.code === 'email') return 'email' as const
  if (field.editor !== 'customer') return field.editor
  if (field.level > level) return 'level' as const
  if (field.asked === 'no') return 'unasked' as const
  return field.required ? ('required' as const) : null
}

function Removing({ field, onClose }: { field: CatalogueField; onClose: () => void }) {
  const { t, word } = useWording()
  const write = useWriting()
  const what = word('field', field.code)
  useEffect(() => () => void setTimeout(findPlace, 50), [])
  const remove = useOnce({
    mutationFn: () => write(field, null),
    onMutate: () => tell(null),
    onSuccess: () => {
      tell(t('portal.data.removed', { what }))
      onClose()
    },
  })
  return (
    <Dialog title={t('portal.data.removeTitle', { what })} onClose={onClose}>
      <p>{t('portal.data.removeText')}</p>
      {remove.isError ? <Failure error={remove.error} /> : null}
      <div className="row row-end">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button color="danger" loading={remove.isPending} onClick={() => remove.mutate()}>
          {t('portal.data.removeNow')}
        </Button>
      </div>
    </Dialog>
  )
}
