import { Button } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { DemoSignIn } from '../ui/demo.tsx'
import { Page } from '../ui/page.tsx'
import { useWording } from '../ui/wording.ts'
import { FoldedKeys } from './public-keys.tsx'

/** The first page of somebody who is not signed in: what joining means, and the two doors. */
export function WelcomePage() {
  const { t } = useWording()
  const navigate = useNavigate()
  const promises = t('portal.welcome.promises', { returnObjects: true }) as { title: string; text: string }[]
  return (
    <Page title={t('portal.welcome.title')} lead={t('portal.welcome.lead')}>
      <div className="first">
        <div className="row doors">
          <Button size="lg" onClick={() => void navigate({ to: '/join' })}>
            {t('portal.welcome.join')}
          </Button>
          <Link to="/sign-in">{t('portal.welcome.signIn')}</Link>
        </div>
        <Example />
      </div>
      <ul className="promises">
        {promises.map(({ title, text }) => (
          <li key={title}>
            <h2>{title}</h2>
            <p>{text}</p>
          </li>
        ))}
      </ul>
      <DemoSignIn />
      <p className="caption">
        <Link to="/destruction">{t('portal.destruction.title')}</Link>
      </p>
      <FoldedKeys />
    </Page>
  )
}

/** One line of a record, so that the promise can be seen before joining. */
function Example() {
  const { t } = useWording()
  return (
    <figure className="example">
      <figcaption className="caption">{t('portal.welcome.example.caption')}</figcaption>
      <p className="example-who">{t('portal.welcome.example.line')}</p>
      <p>
        {t('portal.welcome.example.did')} {t('portal.welcome.example.why')}
      </p>
      <p className="caption">{t('portal.welcome.example.when')}</p>
    </figure>
  )
}
