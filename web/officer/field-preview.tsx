import { useQuery } from '@tanstack/react-query'
import { answer, api } from '../ui/api.ts'
import { type Aspect, decisionOf, differences } from './field-aspects.ts'
import { type Decided, type DecidedField, decidedOf, type FieldDraft, monthsOf } from './field-draft.ts'
import { type Effect, effectsOf } from './field-effects.ts'
import { Specimen } from './field-specimen.tsx'
import { useFieldWording } from './field-wording.ts'

/** What saving will do, before it is done: to customers, to what is decided now, and to the form they see. */
export function Preview({ now, draft }: { now: DecidedField | null; draft: FieldDraft }) {
  const { t } = useFieldWording()
  const next = decidedOf(draft)
  const before = now === null ? null : decisionOf(now)
  const changed = before === null ? [] : differences(before, next)
  return (
    // It may be taller than the window, and then scrolls by itself: with the keyboard too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who uses the keyboard could not scroll it otherwise
    <section className="card preview" aria-labelledby="preview" tabIndex={0}>
      <h2 id="preview" tabIndex={-1}>
        {t('office.fields.preview.title')}
      </h2>
      <Effects now={before} next={next} />
      {now === null || before?.retention === next.retention ? null : (
        <RetentionEffect code={now.code} retention={next.retention} />
      )}
      {before === null || changed.length === 0 ? null : (
        <>
          <h3>{t('office.fields.preview.compared')}</h3>
          <Changes type={draft.type} before={before} after={next} aspects={changed} />
        </>
      )}
      <h3>{t('office.fields.preview.look')}</h3>
      {(['it', 'en'] as const).map(language => (
        <Specimen key={language} language={language} draft={draft} />
      ))}
    </section>
  )
}

/** How many values it is about, before it is decided; nothing while it cannot be known. */
function RetentionEffect({ code, retention }: { code: string; retention: string }) {
  const { t } = useFieldWording()
  const counted = useQuery({
    queryKey: ['retention-preview', code, retention],
    queryFn: () =>
      answer(
        api.POST('/api/v1/office/fields/{code}/retention-previews', {
          params: { path: { code } },
          body: { retention },
        }),
      ),
    retry: false,
  })
  if (counted.data === undefined || monthsOf(retention) === null) return null
  return (
    <p role="status">
      {t('office.fields.retention.effect', {
        held: counted.data.held_at_most,
        over: counted.data.over_at_most,
      })}
    </p>
  )
}

function Effects({ now, next }: { now: Decided | null; next: Decided }) {
  const sentence = useEffectSentence(next)
  return (
    <ul className="effects">
      {effectsOf(now, next).map(effect => (
        <li key={effect.name} className={effect.name === 'nobody' ? 'effect-alarm' : undefined}>
          {sentence(effect, now ?? next)}
        </li>
      ))}
    </ul>
  )
}

function useEffectSentence(next: Decided) {
  const { t, words, language } = useFieldWording()
  const label = next.label[language] === '' ? t('office.fields.preview.thisField') : next.label[language]
  return ({ name, purposes = [], options = [] }: Effect, now: Decided): string =>
    t(`office.fields.effect.${name}`, {
      label,
      who:
        purposes.length === 0
          ? t('office.fields.joiner.any')
          : t('office.fields.joiner.agreeing', { purposes: words('purpose', purposes) }),
      purposes: words('purpose', purposes),
      options: options.map(code => now.option_labels[code]?.[language] ?? code).join(', '),
    })
}

/** Two decisions side by side, in words: only where they differ. */
export function Changes({
  type,
  before,
  after,
  aspects,
}: {
  type: string | null
  before: Decided
  after: Decided
  aspects: Aspect[]
}) {
  const { t, aspectText } = useFieldWording()
  return (
    <dl className="changes">
      {aspects.map(aspect => (
        <div key={aspect}>
          <dt>{t(`office.fields.aspect.${aspect}`)}</dt>
          <dd className="was">
            <span className="hidden">{t('office.fields.said.before')}: </span>
            {aspectText(aspect, type, before)}
          </dd>
          <dd className="is">
            <span className="hidden">{t('office.fields.said.now')}: </span>
            {aspectText(aspect, type, after)}
          </dd>
        </div>
      ))}
    </dl>
  )
}
