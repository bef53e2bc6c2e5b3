import { Link, useNavigate, useRouterState } from '@tanstack/react-router'
import { DemoSignIn } from '../ui/demo.tsx'
import { tell } from '../ui/notice.tsx'
import { Page } from '../ui/page.tsx'
import { PasskeySignIn } from '../ui/passkey-sign-in.tsx'
import { useWording } from '../ui/wording.ts'
import { AddressProof, type Proof, useAddress } from './address-proof.tsx'

/** Signing in with a code by e-mail; who turns out to be nobody's customer yet is led to joining. */
export function SignInPage() {
  const { t } = useWording()
  const navigate = useNavigate()
  const address = useAddress()
  const here = useRouterState({ select: state => state.location.pathname })
  const onProved = ({ kind }: Pick<Proof, 'kind'>) => {
    tell(kind === 'customer' ? null : t('portal.prove.unknown'))
    const there = kind === 'applicant' ? '/join' : here === '/sign-in' ? '/' : here
    // In place of the code, which is used up.
    void navigate({ to: there, replace: true })
  }
  return (
    <Page title={t('portal.prove.signInTitle')} narrow>
      <AddressProof address={address} onProved={onProved} />
      <PasskeySignIn room="portal" onEntered={() => onProved({ kind: 'customer' })} />
      <p className="caption">
        <Link to="/guardian">{t('portal.guardian.enter.title')}</Link>
      </p>
      <DemoSignIn />
    </Page>
  )
}
