import { useNavigate, useRouterState } from '@tanstack/react-router'
import { DemoSignIn } from '../ui/demo.tsx'
import { tell } from '../ui/notice.tsx'
import { Page } from '../ui/page.tsx'
import { useWording } from '../ui/wording.ts'
import { AddressProof, type Proof } from './address-proof.tsx'

/** Signing in with a code by e-mail; who turns out to be nobody's customer yet is led to joining. */
export function SignInPage() {
  const { t } = useWording()
  const navigate = useNavigate()
  const here = useRouterState({ select: state => state.location.pathname })
  const onProved = ({ kind }: Proof) => {
    tell(kind === 'customer' ? null : t('portal.prove.unknown'))
    if (kind === 'applicant') void navigate({ to: '/join' })
    else if (here === '/sign-in') void navigate({ to: '/' })
  }
  return (
    <Page title={t('portal.prove.signInTitle')} narrow>
      <AddressProof onProved={onProved} />
      <DemoSignIn />
    </Page>
  )
}
