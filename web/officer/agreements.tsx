import { useQuery } from '@tanstack/react-query'
import { answer, api, type ItemOf } from '../ui/api.ts'
import { Section } from '../ui/page.tsx'
import { Answered, Empty } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'

type Count = ItemOf<'/api/v1/office/consents'>

/** How many customers agree to what, by the notice they were shown: counts, never people. */
export function Agreements() {
  const { t } = useWording()
  const counts = useQuery({
    queryKey: ['office-consents'],
    queryFn: () => answer(api.GET('/api/v1/office/consents')),
  })
  return (
    <Section title={t('office.agreements.title')}>
      <p className="caption">{t('office.agreements.text')}</p>
      <Answered query={counts}>
        {({ items }) =>
          items.length === 0 ? <Empty title={t('office.agreements.none')} /> : <Counts counts={items} />
        }
      </Answered>
    </Section>
  )
}

function Counts({ counts }: { counts: Count[] }) {
  const { t, word, number } = useWording()
  return (
    <table className="rows agreed">
      <caption className="hidden">{t('office.agreements.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('office.agreements.purpose')}</th>
          <th scope="col">{t('office.agreements.notice')}</th>
          <th scope="col" className="figure">
            {t('office.agreements.live')}
          </th>
          <th scope="col" className="figure">
            {t('office.agreements.takenBack')}
          </th>
        </tr>
      </thead>
      <tbody>
        {counts.map(one => (
          <tr key={`${one.purpose} ${one.notice_version}`}>
            <th scope="row" data-label={t('office.agreements.purpose')}>
              {word('purpose', one.purpose)}
            </th>
            <td data-label={t('office.agreements.notice')}>
              {one.notice_version === null
                ? t('office.agreements.imported')
                : t('office.agreements.version', { version: one.notice_version })}
            </td>
            <td className="figure" data-label={t('office.agreements.live')}>
              {number(one.live)}
            </td>
            <td className="figure" data-label={t('office.agreements.takenBack')}>
              {number(one.taken_back)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
