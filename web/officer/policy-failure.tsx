import { asProblem } from '../ui/api.ts'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'

/** Why a decision was refused, as precisely as the server tells it. */
export function PolicyFailure({ error }: { error: unknown }) {
  const { t } = useWording()
  const { code, detail } = asProblem(error)
  const reason = code === 'conflict' ? reasons.find(one => one === detail.reason) : undefined
  if (reason === undefined) return <Failure error={error} />
  return (
    <div role="alert" className="failure">
      <p>{t(`office.policies.conflict.${reason}`)}</p>
    </div>
  )
}

const reasons = ['changed', 'same', 'open', 'decided', 'oneself'] as const
