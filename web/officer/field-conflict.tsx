import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { type Aspect, decisionOf, differences, typedOf } from './field-aspects.ts'
import { type Decided, type DecidedField, decidedOf, draftOf, type FieldDraft } from './field-draft.ts'
import { useFieldWording, useWhoDecided } from './field-wording.ts'

type Whose = 'theirs' | 'mine'

/**
 * What another officer decided while this one was writing, beside what was typed: line by line one of the two is
 * chosen. Chosen at first is what was typed where something was changed at all, and theirs elsewhere.
 */
export function Conflict({
  base,
  theirs,
  draft,
  onChosen,
}: {
  /** What was decided when the writing began. */
  base: Decided
  theirs: DecidedField
  draft: FieldDraft
  onChosen: (merged: FieldDraft) => void
}) {
  const { t } = useFieldWording()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const who = useWhoDecided()(theirs.made_by)
  const [decided, mine] = [decisionOf(theirs), decidedOf(draft)]
  const different = differences(decided, mine)
  const changed = differences(base, mine)
  const [chosen, setChosen] = useState<Partial<Record<Aspect, Whose>>>({})
  const choiceOf = (aspect: Aspect): Whose => chosen[aspect] ?? (changed.includes(aspect) ? 'mine' : 'theirs')
  const merge = () => {
    const taken = different.filter(aspect => choiceOf(aspect) === 'theirs')
    const their = draftOf(theirs)
    onChosen(
      Object.assign({ ...draft, after: theirs.version }, ...taken.map(aspect => typedOf(their, aspect))),
    )
  }
  const told = { who, version: theirs.version }
  return (
    <section className="conflict" aria-labelledby="conflict">
      <h2 id="conflict" ref={heading} tabIndex={-1}>
        {t('office.fields.conflict.title')}
      </h2>
      {different.length === 0 ? (
        <>
          <p>{t('office.fields.conflict.same', told)}</p>
          <Link to="/fields">{t('office.fields.versions.back')}</Link>
        </>
      ) : (
        <>
          <p>{t('office.fields.conflict.text', told)}</p>
          <table className="rows">
            <thead>
              <tr>
                <th scope="col">{t('office.fields.conflict.what')}</th>
                <th scope="col">{t('office.fields.conflict.theirs', { who })}</th>
                <th scope="col">{t('office.fields.conflict.mine')}</th>
              </tr>
            </thead>
            <tbody>
              {different.map(aspect => (
                <Line
                  key={aspect}
                  {...{ aspect, who, type: theirs.type, theirs: decided, mine, chosen: choiceOf(aspect) }}
                  onChoose={whose => setChosen({ ...chosen, [aspect]: whose })}
                />
              ))}
            </tbody>
          </table>
          <Button onClick={merge}>{t('office.fields.conflict.go')}</Button>
        </>
      )}
    </section>
  )
}

function Line({
  aspect,
  who,
  type,
  theirs,
  mine,
  chosen,
  onChoose,
}: {
  aspect: Aspect
  who: string
  type: string | null
  theirs: Decided
  mine: Decided
  chosen: Whose
  onChoose: (whose: Whose) => void
}) {
  const { t, aspectText } = useFieldWording()
  const name = t(`office.fields.aspect.${aspect}`)
  const said = { theirs: t('office.fields.conflict.theirs', { who }), mine: t('office.fields.conflict.mine') }
  return (
    <tr>
      <th scope="row" data-label={t('office.fields.conflict.what')}>
        {name}
      </th>
      {(['theirs', 'mine'] as const).map(whose => (
        <td key={whose} data-label={said[whose]}>
          <label className="pick">
            <input
              type="radio"
              name={`whose-${aspect}`}
              checked={chosen === whose}
              onChange={() => onChoose(whose)}
            />
            <span>
              <span className="hidden">
                {name}, {said[whose]}:{' '}
              </span>
              {aspectText(aspect, type, whose === 'theirs' ? theirs : mine)}
            </span>
          </label>
        </td>
      ))}
    </tr>
  )
}
