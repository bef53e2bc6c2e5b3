import { Button, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { CannotVerify, explain, verifyBundle } from '../../kit/custode-verify.mjs'
import { answer, api, type ItemOf, type Reply } from '../ui/api.ts'
import { download } from '../ui/download.ts'
import { tell } from '../ui/notice.tsx'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { findHeldLog, keepHeldLog, sizeOf } from './held-log.ts'

type Entry = ItemOf<'/api/v1/portal/entries'>
type Bundle = Reply<'/api/v1/portal/log-bundle'>
type Verdict = Awaited<ReturnType<typeof verifyBundle>>

interface Checked {
  bundle: Bundle
  /** Null where this browser knows no Ed25519. */
  verdict: Verdict | null
  /** Whether this browser keeps what it needs for the next time. */
  keeps: boolean
}

/** The customer's own log, fetched and checked in this browser against itself and against what was kept here before. */
async function check(alias: string): Promise<Checked> {
  // Before the answer, which another tab may meanwhile have gone beyond.
  const held = findHeldLog(alias)
  const query = held === null ? {} : { from: sizeOf(held.checkpoint) }
  const bundle = await answer(api.GET('/api/v1/portal/log-bundle', { params: { query } }))
  try {
    const verdict = await verifyBundle(bundle, held ?? {})
    // What does not fit is not kept, so that it is noticed the next time too.
    return { bundle, verdict, keeps: verdict.ok && keepHeldLog(alias, bundle) }
  } catch (error) {
    if (!(error instanceof CannotVerify)) throw error
    return { bundle, verdict: null, keeps: false }
  }
}

/** Says what the browser finds when it checks the log by itself. `shown` are the lines that stand on the page. */
export function LogCheck({ alias, shown }: { alias: string; shown: Entry[] }) {
  const { t } = useWording()
  const checked = useQuery({ queryKey: ['portal-log', alias], queryFn: () => check(alias) })
  if (checked.isError)
    return (
      <section className="log-check" aria-label={t('portal.check.name')}>
        <Failure error={checked.error} again={() => void checked.refetch()} />
      </section>
    )
  return (
    <section className="log-check" aria-label={t('portal.check.name')}>
      <div role="status">
        {checked.isPending ? (
          <p className="row dimmed">
            <Loader size="xs" aria-hidden="true" />
            {t('portal.check.checking')}
          </p>
        ) : (
          <Found {...checked.data} shown={shown} />
        )}
      </div>
      {checked.isPending ? null : checked.data.verdict?.ok === true ? (
        <details className="folded">
          <summary>{t('portal.check.yourself')}</summary>
          <TakeBundle alias={alias} bundle={checked.data.bundle} />
        </details>
      ) : (
        <TakeBundle alias={alias} bundle={checked.data.bundle} />
      )}
    </section>
  )
}

function Found({ bundle, verdict, keeps, shown }: Checked & { shown: Entry[] }) {
  const { t, language, day, number } = useWording()
  if (verdict === null) return <Alarm title={t('portal.check.cannot')}>{t('portal.check.cannotText')}</Alarm>
  const otherwise = verdict.ok ? shownOtherwise(shown, bundle) : null
  if (!verdict.ok || otherwise !== null) {
    const wrong = verdict.ok
      ? t('portal.check.otherwise', { index: otherwise })
      : explain(verdict, language).wrong
    return (
      <Alarm title={t('portal.check.bad')} urgent>
        {wrong}
        <br />
        {t('portal.check.badText')}
      </Alarm>
    )
  }
  const { entries, first, heldSeq } = verdict
  return (
    <>
      <p className="log-check-good">
        {t('portal.check.good', { count: entries, shown: number(entries), since: day(first) })}
      </p>
      <p className="caption">
        {heldSeq === null
          ? t(keeps ? 'portal.check.first' : 'portal.check.forgetful')
          : t('portal.check.held', { count: heldSeq, shown: number(heldSeq) })}
      </p>
      <details className="folded">
        <summary>{t('portal.check.not')}</summary>
        <ul className="plain-list">
          {[...explain(verdict, language).unproved, t('portal.check.page')].map(line => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
    </>
  )
}

function Alarm({
  title,
  urgent = false,
  children,
}: {
  title: string
  urgent?: boolean
  children: ReactNode
}) {
  return (
    <div className="failure" {...(urgent ? { role: 'alert' } : {})}>
      <p className="failure-title">{title}</p>
      <p>{children}</p>
    </div>
  )
}

/** The file for checking elsewhere, and with what. */
function TakeBundle({ alias, bundle }: { alias: string; bundle: Bundle }) {
  const { t } = useWording()
  const file = `custode-${alias}-log.json`
  return (
    <div>
      <Button
        variant="default"
        size="sm"
        onClick={() => {
          download(file, bundle)
          tell(t('portal.check.downloaded'))
        }}
      >
        {t('portal.check.download')}
      </Button>
      <p className="caption">
        <a href="/custode-verify.mjs" download>
          {t('portal.check.program')}
        </a>{' '}
        {t('portal.check.run')} <code>node custode-verify.mjs {file}</code>. {t('portal.check.elsewhere')}
      </p>
    </div>
  )
}

/**
 * The index of a line that the page shows otherwise than the log has it, or leaves out between two that it shows; null
 * when there is none. Lines from after the check are not judged.
 */
function shownOtherwise(shown: Entry[], { entries }: Bundle): number | null {
  const bodies = new Map(entries.map(({ index, body }) => [index, body]))
  const [newest, oldest] = [shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0]
  const last = entries.at(-1)?.index ?? 0
  const wrong = shown.find(entry => entry.index <= last && !isAsIn(entry, bodies.get(entry.index)))
  if (wrong !== undefined) return wrong.index
  const indices = new Set(shown.map(entry => entry.index))
  const hidden = entries.find(({ index }) => index > oldest && index < newest && !indices.has(index))
  return hidden?.index ?? null
}

/** Names of people are not in the log, so they are the one thing that is not compared. */
function isAsIn({ kind, time, result, fields, purpose, task }: Entry, body: string | undefined): boolean {
  if (body === undefined) return false
  const said = JSON.parse(body) as Record<string, unknown>
  return (
    said.kind === kind &&
    said.time === time &&
    said.result === result &&
    JSON.stringify(said.fields ?? []) === JSON.stringify(fields) &&
    (said.purpose ?? null) === purpose &&
    (said.task ?? null) === (task?.id ?? null)
  )
}
