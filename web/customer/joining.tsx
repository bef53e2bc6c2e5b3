import { Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Navigate, useNavigate, useRouterState } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { tell } from '../ui/notice.tsx'
import { Page } from '../ui/page.tsx'
import { useWording } from '../ui/wording.ts'
import { type About, AboutStep } from './about-step.tsx'
import { AddressProof, type Proof, useAddress } from './address-proof.tsx'
import type { Reached } from './age-question.tsx'
import { type Agreed, AgreeStep } from './agreeing.tsx'
import { useNewNotice } from './notice.ts'
import { usePortalSession } from './session.ts'

const steps = ['agree', 'prove', 'tell'] as const
type Step = (typeof steps)[number]

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** How far somebody is with joining, and what they agreed to: codes and a version, and nothing about them. */
    joining?: { step: 'prove' | 'tell'; agreed: Agreed }
  }
}

/**
 * Joining: first what it means and what is agreed to, then the proof of the address, then who it is. The steps are
 * entries of the browser's history, so that going back and a reload stay within them. What is typed lies in this page
 * alone: going back finds it again, and who leaves the page begins again.
 */
export function JoiningPage() {
  const { t } = useWording()
  const session = usePortalSession()
  const navigate = useNavigate()
  const [ticked, setTicked] = useState<Agreed['purposes']>([])
  const [reached, setReached] = useState<Reached>(null)
  const [email, setEmail] = useState<string | null>(null)
  const address = useAddress()
  const about = useForm<About>({ initialValues: { name: '', phone: '', values: {} } })
  const renewNotice = useNewNotice()
  const { joining, code } = useRouterState({ select: state => state.location.state })
  const proved = session.data?.kind === 'applicant'
  const step: Step = joining === undefined ? 'agree' : joining.step === 'tell' && proved ? 'tell' : 'prove'

  if (session.data?.kind === 'customer') return <Navigate to="/" replace />

  const go = (step: 'prove' | 'tell', agreed: Agreed, replace = false) => {
    tell(null)
    void navigate({ to: '/join', replace, state: { joining: { step, agreed } } })
  }
  const onProved = (proof: Proof, agreed: Agreed) => {
    if (proof.kind === 'customer') return tell(t('portal.prove.already'))
    setEmail(proof.email)
    // In place of the code, which is used up.
    go('tell', agreed, true)
  }
  /** What is new must be read and agreed to first; what was typed waits here. */
  const onOutdated = async () => {
    await renewNotice()
    setTicked([])
    setReached(null)
    await navigate({ to: '/join', replace: true, state: {} })
    tell(t('portal.tell.outdated'))
  }
  return (
    <Page title={t(`portal.${step}.title`)} narrow={step !== 'agree'}>
      <Steps now={step} />
      {joining === undefined ? (
        <AgreeStep
          ticked={ticked}
          setTicked={setTicked}
          reached={reached}
          setReached={setReached}
          onAgreed={agreed => go(proved ? 'tell' : 'prove', agreed)}
        />
      ) : step === 'tell' ? (
        <AboutStep form={about} agreed={joining.agreed} email={email} onOutdated={onOutdated} />
      ) : (
        <ProveStep proved={proved && code === undefined} onContinue={() => go('tell', joining.agreed)}>
          <AddressProof address={address} onProved={proof => onProved(proof, joining.agreed)} />
        </ProveStep>
      )}
    </Page>
  )
}

/** The proof of an address; who comes back to it with one that is proved may go on with that, or prove another. */
function ProveStep({
  proved,
  onContinue,
  children,
}: {
  proved: boolean
  onContinue: () => void
  children: ReactNode
}) {
  const { t } = useWording()
  const [other, setOther] = useState(false)
  if (!proved || other) return children
  return (
    <>
      <p>{t('portal.prove.proved')}</p>
      <div className="row">
        <Button onClick={onContinue}>{t('portal.agree.continue')}</Button>
        <Button variant="default" onClick={() => setOther(true)}>
          {t('portal.prove.other')}
        </Button>
      </div>
    </>
  )
}

function Steps({ now }: { now: Step }) {
  const { t } = useWording()
  return (
    <ol
      className="steps"
      aria-label={t('portal.steps.label', { now: steps.indexOf(now) + 1, all: steps.length })}
    >
      {steps.map((step, index) => (
        <li
          key={step}
          className={index < steps.indexOf(now) ? 'step-done' : undefined}
          {...(step === now ? { 'aria-current': 'step' as const } : {})}
        >
          {t(`portal.steps.${step}`)}
        </li>
      ))}
    </ol>
  )
}
