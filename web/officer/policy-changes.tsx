import type { Reply } from '../ui/api.ts'
import { useCatalogue } from '../ui/catalogue.ts'
import { useWording } from '../ui/wording.ts'

export type PolicyChange = Reply<'/api/v1/office/policies/previews', 'post'>['changes'][number]

/** Who would gain and who would lose what, in sentences; losing first, since that is what surprises. */
export function PolicyChanges({ changes }: { changes: readonly PolicyChange[] }) {
  // The company's own words for its fields.
  useCatalogue()
  const { t, word } = useWording()
  if (changes.length === 0) return <p>{t('office.policies.noChange')}</p>
  const sorted = [...changes].sort((a, b) => b.effect.localeCompare(a.effect))
  return (
    <>
      <h3>{t('office.policies.effects')}</h3>
      <ul className="effects">
        {sorted.map(({ role, task_type, field, effect }) => (
          <li key={`${role} ${task_type} ${field} ${effect}`}>
            {t(`office.policies.effect.${field === null ? (`${effect}Type` as const) : effect}`, {
              role: t(`office.policies.role.${role}`),
              type: word('taskType', task_type),
              field: field === null ? '' : word('field', field),
            })}
          </li>
        ))}
      </ul>
    </>
  )
}
